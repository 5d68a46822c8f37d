"""What can go wrong on the way in."""


class IntakeError(Exception):
    """The base of this app's errors."""
