"""Questions about how leads turn out, each answered by one statement."""
