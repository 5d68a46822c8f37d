from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "intake"

    def ready(self) -> None:
        """Register our jobs, the bells of our tasks, our kinds of files, and who reads enquiries."""
        from django.db.models import Q

        from accounts.audit_kinds import register_audit_kinds
        from background.jobs import register_job_kinds
        from intake import policies, receivers  # noqa: F401 - its receivers connect themselves
        from intake.actions.on_erasure import ERASERS
        from intake.actions.replay import REPLAYS
        from intake.audit_words import AUDIT_KINDS
        from intake.enquiries import read_enquiry
        from intake.imports.batches import opened, register_kind
        from intake.imports.jobs import IMPORTS
        from intake.imports.kinds import ACTIVITIES, LEADS
        from intake.imports.undo_removal import register_made_by_product
        from intake.notice_kinds import NOTICE_KINDS
        from intake.queries.timeline import KEPT
        from intake.webforms import condition_lint  # noqa: F401 - its check registers itself
        from leads.actions.erasers import register_erasers
        from leads.enquiry import register_reader
        from leads.queries.timeline import register_entry_kinds
        from notices.kinds import register_notice_kinds

        register_audit_kinds(*AUDIT_KINDS)
        register_notice_kinds(*NOTICE_KINDS)
        register_entry_kinds(KEPT)
        register_erasers(*ERASERS)
        register_job_kinds(*IMPORTS, *REPLAYS)
        register_reader(read_enquiry)
        # A stage that nobody chose, or that came with the file, is no work of a person.
        register_made_by_product("leads.StageChange", Q(by=None) | Q(reason="imported"))
        for kind in (LEADS, ACTIVITIES):
            register_kind(kind, opened)
