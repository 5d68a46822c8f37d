from importlib import import_module

from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "leads"

    def ready(self) -> None:
        """Bring this app's kinds of notices and of timeline entries; higher apps bring theirs in their own `ready`."""
        import_module("leads.kinds")
        import_module("leads.queries.entries").register_kinds()
