"""TLS as it is in the world: a certificate counts for its name only, and whoever says nothing is not waited for."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import LazySettings

from notices.outgoing import addresses, posting
from notices.outgoing.posting import Answer, Post, send_post
from tests.conftest import NOW
from tests.notices.receivers import Receiver, receiver


@pytest.fixture(autouse=True)
def names_lead_here(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.OUTGOING_ALLOW = ["hook.example", "other.example"]
    monkeypatch.setattr(addresses, "look_up", lambda host, port: ["127.0.0.1"])


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of hook.example, with its key, that nobody has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hook.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hook.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    form = serialization.PrivateFormat.PKCS8
    text = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    path = tmp_path / "certificate.pem"
    path.write_bytes(text + made.public_bytes(serialization.Encoding.PEM))
    return path


@contextmanager
def receiver_with(certificate: Path) -> Iterator[Receiver]:
    """A receiver that speaks TLS; its address names hook.example."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with receiver(tls=context) as there:
        there.url = there.url.replace("http://127.0.0.1", "https://hook.example")
        yield there


def trust(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(posting.ssl, "create_default_context", lambda: made)


def sent_to(url: str) -> Answer:
    return send_post(Post(address=url, body=b"{}"), now=NOW)


def test_a_trusted_certificate_of_the_name_in_the_address_is_enough(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust(certificate, monkeypatch)
    with receiver_with(certificate) as there:
        assert (sent_to(there.url).code, sent_to(there.url).text) == ("", "ok")
    assert there.received[0][1]["Host"].startswith("hook.example:")


def test_a_certificate_that_nobody_signed_is_not_trusted(certificate: Path) -> None:
    with receiver_with(certificate) as there:
        assert (sent_to(there.url).code, there.received) == ("untrusted", [])


def test_a_certificate_of_another_name_is_not_trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So a name that has come to lead to somebody else's server gets no message there."""
    trust(certificate, monkeypatch)
    with receiver_with(certificate) as there:
        assert (sent_to(there.url.replace("hook.", "other.")).code, there.received) == ("untrusted", [])


def test_whoever_takes_the_connection_and_says_nothing_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "TOTAL_SECONDS", 0.4)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        started = time.monotonic()
        assert sent_to(f"https://hook.example:{silent.getsockname()[1]}/").code == "too_slow"
    assert time.monotonic() - started < 2


def test_a_handshake_of_a_byte_now_and_then_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "TOTAL_SECONDS", 0.4)

    def drip(server: socket.socket) -> None:
        link, _address = server.accept()
        with link:
            try:
                link.sendall(b"\x16\x03\x03\x3f\xff")  # a long record is announced
                for _ in range(100):
                    link.sendall(b"\x00")
                    time.sleep(0.05)
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip, args=[server], daemon=True)
        thread.start()
        started = time.monotonic()
        assert sent_to(f"https://hook.example:{server.getsockname()[1]}/").code in ("too_slow", "broken_off")
        assert time.monotonic() - started < 2
        thread.join(timeout=6)
