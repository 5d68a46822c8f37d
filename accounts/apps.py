from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        """Register the words of our changes in the audit log; higher apps register theirs likewise."""
        from accounts.audit_kinds import register_audit_kinds
        from accounts.audit_words import AUDIT_KINDS

        register_audit_kinds(*AUDIT_KINDS)
