"""The project as an app: it owns commands and makes Celery known to every process."""

from django.apps import AppConfig


class LeadqualConfig(AppConfig):
    """Loads the Celery app, so that `@shared_task` finds our broker in the web process too."""

    name = "leadqual"

    def ready(self) -> None:
        from leadqual import celery  # noqa: F401 - the app registers itself as the current one
