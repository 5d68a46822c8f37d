"""The client's address, as one's own proxies tell it: whoever comes past them is known by its own."""

from __future__ import annotations


def client_address(peer: str, forwarded_for: str, *, proxies: int) -> str:
    """The address behind `proxies` trusted proxies, each of which adds one to `X-Forwarded-For`.

    What stands further left in the header was written by the client and means nothing.
    """
    hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
    return hops[-proxies] if 0 < proxies <= len(hops) else peer
