from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "studio"

    def ready(self) -> None:
        """Register our job, the words of our history, and where somebody begins who has no rules yet."""
        from accounts.audit_kinds import register_audit_kinds
        from background.jobs import register_job_kinds
        from frame.home import register_first_page
        from scoring.lead_sets import register_lead_sets
        from studio import receivers  # noqa: F401 - its receivers connect themselves
        from studio.actions.effect_job import EFFECTS
        from studio.audit_words import AUDIT_KINDS
        from studio.queries.first_run import where_to_begin
        from studio.queries.lead_sets import DRAFT, EFFECT, WITHOUT, draft_set, effect_set, without_set

        register_job_kinds(EFFECTS)
        register_audit_kinds(*AUDIT_KINDS)
        register_first_page(where_to_begin)
        register_lead_sets(DRAFT, draft_set)
        register_lead_sets(EFFECT, effect_set)
        register_lead_sets(WITHOUT, without_set)
