from __future__ import annotations


class ScoringError(Exception):
    """The base of what scoring refuses to do."""
