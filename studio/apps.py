from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "studio"

    def ready(self) -> None:
        """Register our job and the bells of our tasks."""
        from background.jobs import register_job_kinds
        from studio import receivers  # noqa: F401 - its receivers connect themselves
        from studio.actions.effect_job import EFFECTS

        register_job_kinds(EFFECTS)
