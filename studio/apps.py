from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "studio"

    def ready(self) -> None:
        """Register our job and the bells of our tasks."""
        from accounts.audit_kinds import register_audit_kinds
        from background.jobs import register_job_kinds
        from studio import receivers  # noqa: F401 - its receivers connect themselves
        from studio.actions.effect_job import EFFECTS
        from studio.audit_words import AUDIT_KINDS

        register_job_kinds(EFFECTS)
        register_audit_kinds(*AUDIT_KINDS)
