from importlib import import_module

from django.apps import AppConfig


class HandoffConfig(AppConfig):
    name = "handoff"

    def ready(self) -> None:
        """Make known: our notices, what the lead's page learns from us, what keeps a lead when an import goes back."""
        import_module("handoff.kinds")
        import_module("handoff.receivers")
        import_module("handoff.queries.lead_page").register_all()
        import_module("intake.imports.undo").register_keeper(import_module("handoff.imports").worked_on)
