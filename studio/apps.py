from importlib import import_module

from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "studio"

    def ready(self) -> None:
        """Import for its effect: the bells of our tasks."""
        import_module("background.jobs").register_job_kind(import_module("studio.actions.effect_job").EFFECTS)
        import_module("studio.receivers")
