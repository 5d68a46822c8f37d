from importlib import import_module

from django.apps import AppConfig


class HandoffConfig(AppConfig):
    name = "handoff"

    def ready(self) -> None:
        """Make this app's kinds of notices known, and what keeps a lead when an import is taken back."""
        import_module("handoff.kinds")
        import_module("leads.imports.undo").register_keeper(import_module("handoff.imports").worked_on)
