from importlib import import_module

from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "insights"

    def ready(self) -> None:
        """Make known: the job that loads the demo."""
        import_module("background.jobs").register_job_kind(import_module("insights.actions.loading").DEMOS)
