from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "leads"

    def ready(self) -> None:
        """Register what this app announces and shows; higher apps register theirs likewise."""
        from leads.notice_kinds import NOTICE_KINDS
        from leads.queries.entries import ENTRY_KINDS
        from leads.queries.timeline import register_entry_kinds
        from notices.kinds import register_notice_kinds

        register_notice_kinds(*NOTICE_KINDS)
        register_entry_kinds(*ENTRY_KINDS)
