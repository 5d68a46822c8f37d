"""Where messages may go: checked when an address is saved, and again, with what its name leads to, when one is sent.

Allowed are https addresses of hosts in the public internet. Hosts named in LEADQUAL_OUTGOING_ALLOW ("intra.example" or
"intra.example:8080") may be anywhere and may do without TLS.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as LateError
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from notices.outgoing.errors import OutgoingError

LONGEST = 2_000
PORTS = {"https": 443, "http": 80}
LOOK_UP_SECONDS = 3.0
PRINTABLE = re.compile(r"[!-\[\]-~]+")  # ASCII without space and backslash, which programs read in different ways
NAME = re.compile(r"(?=.{1,253}$)(?:(?!-)[a-z0-9_-]{1,63}(?<!-)\.)*(?!-)[a-z0-9_-]{1,63}(?<!-)")
NUMERIC_LABEL = re.compile(r"[0-9]+|0x[0-9a-f]*")
NAT64 = ipaddress.ip_network("64:ff9b::/96")

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_look_ups = ThreadPoolExecutor(max_workers=8, thread_name_prefix="look-up")


@dataclass(frozen=True, kw_only=True)
class Address:
    """An address in its parts. `target` is what is asked of the host: path and query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def is_allowed_anywhere(self) -> bool:
        """Whether this installation trusts the host whatever network it is in."""
        named = f"[{self.host}]" if ":" in self.host else self.host
        return bool({named, f"{named}:{self.port}"} & set(settings.OUTGOING_ALLOW))

    @property
    def authority(self) -> str:
        """The Host header: the port is left out where it is the scheme's own."""
        named = f"[{self.host}]" if ":" in self.host else self.host
        return named if self.port == PORTS[self.scheme] else f"{named}:{self.port}"


def parse_address(text: str) -> Address:
    """The parts of an address that may be called, as far as its text tells. Raises OutgoingError."""
    text = text.strip()
    if not text.isprintable() or " " in text:  # urlsplit passes over line breaks in silence
        raise OutgoingError("malformed")
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as error:
        raise OutgoingError("malformed") from error
    scheme = parts.scheme.lower()
    if len(text) > LONGEST or scheme not in PORTS or port == 0:
        raise OutgoingError("malformed")
    if "@" in parts.netloc:
        raise OutgoingError("with_login")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not PRINTABLE.fullmatch(target):
        raise OutgoingError("malformed")
    address = Address(scheme=scheme, host=_ascii(host).rstrip("."), port=port or PORTS[scheme], target=target)
    if address.is_allowed_anywhere:
        return address
    _check_host(address.host)
    if scheme != "https":
        raise OutgoingError("not_https")
    return address


def _ascii(host: str) -> str:
    """The name as it is asked for; full-width digits and letters become plain before anything is checked."""
    if ":" in host:
        return host
    try:
        return host.encode("idna").decode() if host else ""
    except UnicodeError as error:
        raise OutgoingError("malformed") from error


def _check_host(host: str) -> None:
    """Raise for what names no host of the public internet, also as a number in any spelling: 2130706433, 0x7f.1."""
    literal = _literal(host)
    if literal is not None:
        if not is_public(literal):
            raise OutgoingError("internal")
        return
    if not NAME.fullmatch(host):
        raise OutgoingError("malformed")
    labels = host.split(".")
    if NUMERIC_LABEL.fullmatch(labels[-1]) or len(labels) == 1 or labels[-1] in ("localhost", "local", "internal"):
        raise OutgoingError("internal")


def _literal(host: str) -> IpAddress | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def is_public(ip: IpAddress) -> bool:
    """Whether an address belongs to the public internet, and so does the IPv4 address that may be hidden in it."""
    if ip.is_multicast or ip.is_reserved or not ip.is_global:
        return ip in NAT64 and is_public(_last_32_bits(ip))
    if isinstance(ip, ipaddress.IPv4Address):
        return True
    if ip in NAT64:
        return is_public(_last_32_bits(ip))
    hidden = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    return all(is_public(inner) for inner in hidden if inner is not None)


def _last_32_bits(ip: IpAddress) -> ipaddress.IPv4Address:
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)


def resolve(address: Address) -> list[str]:
    """The IP addresses behind an address, all of which may be called. Raises OutgoingError.

    Who sends connects to one of these and does not ask again: the name may lead elsewhere a moment later.
    """
    try:
        found = _look_ups.submit(look_up, address.host, address.port).result(timeout=LOOK_UP_SECONDS)
    except LateError as error:
        raise OutgoingError("too_slow") from error
    except (OSError, UnicodeError) as error:
        raise OutgoingError("unknown_host") from error
    if not found:
        raise OutgoingError("unknown_host")
    if not address.is_allowed_anywhere and not all(is_public(ipaddress.ip_address(ip)) for ip in found):
        raise OutgoingError("internal")
    return found


def look_up(host: str, port: int) -> list[str]:
    """What the system's resolver says; without the zone that link-local addresses carry."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]).partition("%")[0] for *_rest, address in answers))


def check_address(text: str) -> Address:
    """What saving and sending ask alike. Raises OutgoingError."""
    address = parse_address(text)
    resolve(address)
    return address
