"""Why nothing was sent, as a code that is kept and words for whoever reads it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDS = {
    "sealed": _("The stored address or secret can’t be read, because the secret key has changed. Enter it again."),
    "malformed": _("Enter the whole address. It begins with https://."),
    "not_https": _("Only https addresses are allowed. Enter one that begins with https://."),
    "with_login": _("Leave the user name and password out of the address."),
    "internal": _(
        "This address leads into an internal network. Enter a public one, or allow its server in"
        " LEADQUAL_OUTGOING_ALLOW."
    ),
    "unknown_host": _("No server has this name. Check the spelling."),
    "too_slow": _("The receiver didn’t answer in time."),
    "unreachable": _("The receiver can’t be reached."),
    "broken_off": _("The receiver closed the connection before it answered."),
    "untrusted": _("The receiver’s certificate isn’t valid."),
    "redirected": _("The receiver redirects to another address. Enter that address instead."),
    "gone": _("The receiver says that this address no longer exists."),
    "too_many": _("The receiver asked to wait."),
    "refused": _("The receiver didn’t accept the message."),
    "failed": _("The receiver reported an error of its own."),
    "unwritable": _("The message could not be written."),
}


class OutgoingError(Exception):
    """A message that was not sent; `code` is one of WORDS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def words_for(code: str) -> str:
    """The words of a code; what is no code, such as the error of a mail server, stays as it is."""
    return str(WORDS.get(code, code))
