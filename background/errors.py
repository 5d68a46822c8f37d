class BackgroundError(Exception):
    """The base of this app's errors."""
