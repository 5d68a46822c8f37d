from importlib import import_module

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "scoring"

    def ready(self) -> None:
        """Import for its effect: our tasks are rung from now on, and the timeline of leads knows scores and answers."""
        import_module("scoring.receivers")
        import_module("scoring.queries.timeline").register_kinds()
