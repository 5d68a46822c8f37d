from __future__ import annotations


class StudioError(Exception):
    """The base of what the studio refuses to do."""
