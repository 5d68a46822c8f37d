"""What we ask of django-allauth: nobody signs up by themselves, and a mail server that is down breaks no page."""

from __future__ import annotations

from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.ratelimit import truncate_ip
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

from accounts.languages import as_read_by

log = structlog.get_logger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are invited by an administrator (Settings, People)."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The client's address as the trusted proxies tell it; who comes past them is known by their own."""
        try:
            return str(super().get_client_ip(request))
        except ImproperlyConfigured:
            return str(request.META["REMOTE_ADDR"])

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Whose wrong passwords are counted together: one account's from one network (an IPv6 /64)."""
        account = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{account}:{truncate_ip(self.get_client_ip(request))}"

    def format_email_subject(self, subject: str) -> str:
        """As it is: the sender's name says already where a mail comes from."""
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write in the language of the receiver, not of the browser that asked.

        The answer is the same whether or not the mail could be sent: it must not tell who has an account.
        """
        try:
            with as_read_by(context["user"]):
                super().send_mail(template_prefix, email, context)
        except OSError as error:  # refused, unreachable, and every SMTPException
            log.error("sign_in_mail_not_sent", template=template_prefix, error=str(error))
