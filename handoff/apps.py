from importlib import import_module

from django.apps import AppConfig


class HandoffConfig(AppConfig):
    name = "handoff"

    def ready(self) -> None:
        """Import for its effect: the kinds of notices that this app sends become known."""
        import_module("handoff.kinds")
