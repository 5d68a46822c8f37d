"""One POST to a checked address: pinned to the IP address that was checked, no redirects, limited time and answer."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from notices.outgoing.addresses import Address, parse_address, resolve
from notices.outgoing.errors import OutgoingError

CONNECT_SECONDS = 3.0
TOTAL_SECONDS = 8.0
MOST_READ = 16_384  # bytes of an answer
MOST_KEPT = 500  # characters of it
LONGEST_WAIT = timedelta(days=1)
HTTP_PROBLEMS = (OSError, http.client.HTTPException)


@dataclass(frozen=True, kw_only=True)
class Post:
    """What is sent."""

    address: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came of it. `code` is "" for a message that was taken, else one of `errors.WORDS`.

    `status` is None where no answer came; `wait` is how long the receiver asked us to wait.
    """

    code: str = ""
    status: int | None = None
    text: str = ""
    took_ms: int = 0
    wait: timedelta | None = None


def send_post(post: Post, *, now: datetime) -> Answer:
    """Send and read the answer. Never raises for what the network or the receiver does."""
    started = time.monotonic()
    try:
        address = parse_address(post.address)
        status, headers, text = _exchange(address, resolve(address), post, started + TOTAL_SECONDS)
    except OutgoingError as error:
        return Answer(code=error.code, took_ms=_since(started))
    wait = asked_to_wait(headers, now) if status in (429, 503) else None
    return Answer(code=code_of(status), status=status, text=text, took_ms=_since(started), wait=wait)


def code_of(status: int) -> str:
    """What a status means for the message."""
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return "redirected"
    return {410: "gone", 429: "too_many"}.get(status, "refused" if status < 500 else "failed")


def asked_to_wait(headers: Mapping[str, str] | http.client.HTTPMessage, now: datetime) -> timedelta | None:
    """What `Retry-After` says in seconds or as a date, else `x-ratelimit-reset` as Chatwork writes it."""
    after, reset = headers.get("Retry-After", "").strip(), headers.get("x-ratelimit-reset", "").strip()
    wait = None
    if after.isascii() and after.isdigit():
        wait = timedelta(seconds=min(int(after[:9]), int(LONGEST_WAIT.total_seconds())))
    elif after:
        with suppress(ValueError, TypeError, OverflowError):
            at = parsedate_to_datetime(after)
            wait = (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    elif reset.isascii() and reset.isdigit():
        wait = timedelta(seconds=int(reset[:12]) - now.timestamp())
    return None if wait is None else min(max(wait, timedelta(seconds=1)), LONGEST_WAIT)


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)


def _exchange(address: Address, ips: list[str], post: Post, until: float) -> tuple[int, http.client.HTTPMessage, str]:
    """Status, headers and the beginning of the answer. Raises OutgoingError."""
    connection = http.client.HTTPConnection(address.host, address.port)
    link = _connected(address, ips, until)
    connection.sock = link
    # Limits of single reads do not end a receiver that sends a byte a second: this does.
    late = threading.Event()
    watch = threading.Timer(max(until - time.monotonic(), 0.1), _cut, [link, late])
    watch.daemon = True
    watch.start()
    try:
        if isinstance(link, ssl.SSLSocket):
            link.do_handshake()
        headers = {**post.headers, "Host": address.authority, "User-Agent": "leadqual", "Connection": "close"}
        connection.request("POST", address.target, body=post.body, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, _beginning(answer)
    except ssl.SSLCertVerificationError as error:
        raise OutgoingError("untrusted") from error
    except HTTP_PROBLEMS as error:
        is_late = late.is_set() or isinstance(error, TimeoutError)
        raise OutgoingError("too_slow" if is_late else "broken_off") from error
    finally:
        watch.cancel()
        connection.close()


def _beginning(answer: http.client.HTTPResponse) -> str:
    """The beginning of the body as far as it comes: whether the message was taken, the status has said already."""
    text = b""
    with suppress(*HTTP_PROBLEMS):
        while len(text) < MOST_READ and (more := answer.read1(MOST_READ - len(text))):
            text += more
    return readable(text.decode("utf-8", "replace"))


def _connected(address: Address, ips: list[str], until: float) -> socket.socket:
    """A connection to the first of the checked IP addresses that takes one; TLS, if any, has yet to begin."""
    problem = "unreachable"
    for ip in ips[:4]:
        seconds = min(CONNECT_SECONDS, until - time.monotonic())
        if seconds <= 0:
            break
        try:
            link = socket.create_connection((ip, address.port), timeout=seconds)
        except TimeoutError:
            problem = "too_slow"
            continue
        except OSError:
            continue
        link.settimeout(TOTAL_SECONDS)
        if address.scheme == "http":
            return link
        context = ssl.create_default_context()
        return context.wrap_socket(link, server_hostname=address.host, do_handshake_on_connect=False)
    raise OutgoingError(problem)


def _cut(link: socket.socket, late: threading.Event) -> None:
    """End a connection under whoever waits for it. Not by SSLSocket.shutdown, which would speak TLS in the clear."""
    late.set()
    with suppress(OSError):
        socket.socket.shutdown(link, socket.SHUT_RDWR)


def readable(text: str) -> str:
    """The beginning of an answer as a page may show it and the database hold it."""
    shown = "".join(c if c.isprintable() else " " for c in text[: 2 * MOST_KEPT])
    return " ".join(shown.split())[:MOST_KEPT]
