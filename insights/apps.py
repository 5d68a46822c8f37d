from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "insights"

    def ready(self) -> None:
        """Register the job that loads the demo."""
        from background.jobs import register_job_kinds
        from insights.actions.demo_load import DEMOS

        register_job_kinds(DEMOS)
