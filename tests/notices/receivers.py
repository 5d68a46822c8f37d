"""Receivers on this machine, each in a thread: they keep what they were sent and answer as a test asks."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, dict[str, str], bytes]
OK: Answer = (200, {}, b"ok")


@dataclass
class Receiver:
    """What came in, and what is answered next: the answers in turn, the last one for ever."""

    url: str
    answers: list[Answer] = field(default_factory=lambda: [OK])
    received: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    before: Callable[[Any], None] | None = None

    def next_answer(self) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class QuietServer(ThreadingHTTPServer):
    """Says nothing of senders that break off."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        return


@contextmanager
def receiver(
    *answers: Answer, before: Callable[[Any], None] | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[Receiver]:
    """A receiver that gives these answers; `before` may do something else with the connection first."""
    server = QuietServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    server.daemon_threads = True
    mine = Receiver(f"http://127.0.0.1:{server.server_address[1]}/hook", before=before)
    if answers:
        mine.answers = list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            mine.received.append((self.path, dict(self.headers), body))
            if mine.before is not None:
                mine.before(self)
                return
            status, headers, text = mine.next_answer()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def do_GET(self) -> None:
            mine.received.append(("GET " + self.path, dict(self.headers), b""))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server.RequestHandlerClass = Handler
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield mine
    finally:
        server.shutdown()
        server.server_close()


def hang_up(handler: Any) -> None:
    """Close the connection in the middle of the status line."""
    handler.wfile.write(b"HTTP/1.")
    handler.wfile.flush()
    handler.connection.shutdown(socket.SHUT_RDWR)


def hang_up_late(handler: Any) -> None:
    """Close the connection in the middle of the answer's body."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhal")
    handler.wfile.flush()
    handler.connection.shutdown(socket.SHUT_RDWR)


def drip(handler: Any) -> None:
    """Send a byte now and then, for ever: no single read takes long."""
    try:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(200):
            handler.wfile.write(b".")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        return


def drip_head(handler: Any) -> None:
    """The same before the status is said."""
    try:
        handler.wfile.write(b"HTTP/1.")
        for _ in range(200):
            handler.wfile.write(b".")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        return


def flood(handler: Any) -> None:
    """Send far more than anybody wants to read."""
    try:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(2_000):
            handler.wfile.write(b"a" * 65_536)
    except OSError:
        return
