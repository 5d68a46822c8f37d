from importlib import import_module

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "scoring"

    def ready(self) -> None:
        """Import for its effect: our notices, the bells of our tasks, and the entries of lead timelines."""
        import_module("background.jobs").register_job_kind(import_module("scoring.actions.rescoring").RESCORES)
        import_module("scoring.kinds")
        import_module("scoring.receivers")
        import_module("scoring.queries.timeline").register_kinds()
