from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "notices"

    def ready(self) -> None:
        """Register what we announce; the kinds of higher apps follow ours."""
        from accounts.audit_kinds import register_audit_kinds
        from notices.audit_words import AUDIT_KINDS
        from notices.kinds import register_notice_kinds
        from notices.notice_kinds import NOTICE_KINDS

        register_notice_kinds(*NOTICE_KINDS)
        register_audit_kinds(*AUDIT_KINDS)
