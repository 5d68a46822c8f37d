from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "leads"

    def ready(self) -> None:
        """Register what this app announces and shows; higher apps register theirs likewise."""
        from accounts.audit_kinds import register_audit_kinds
        from frame.navigation import register_menu_count
        from leads.actions.emptying import ERASERS
        from leads.actions.erasers import register_erasers
        from leads.audit_words import AUDIT_KINDS
        from leads.notice_kinds import NOTICE_KINDS
        from leads.queries.duplicates import count_groups
        from leads.queries.entries import ENTRY_KINDS
        from leads.queries.timeline import register_entry_kinds
        from notices.kinds import register_notice_kinds

        register_menu_count("leads:duplicates", count_groups)
        register_notice_kinds(*NOTICE_KINDS)
        register_audit_kinds(*AUDIT_KINDS)
        register_entry_kinds(*ENTRY_KINDS)
        register_erasers(*ERASERS)
