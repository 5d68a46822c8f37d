"""The link by which a person chooses a password: shown to whoever invites, works once."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import may_change_person, visible_people
from accounts.languages import as_read_by
from accounts.models import User
from accounts.policies import POST, guarded
from accounts.requests import UserRequest
from web.pages import render_page


def password_link(request: UserRequest, person: User) -> str:
    """Works until a password is chosen by it, for three days at most."""
    key = default_token_generator.make_token(person)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key})
    return str(request.build_absolute_uri(path))


def show_link(request: UserRequest, person: User) -> HttpResponse:
    link = password_link(request, person)
    with as_read_by(person):  # the mail is theirs to read, whoever writes it
        subject = _("Your leadqual account")
        body = render_to_string("account/email/invitation_message.txt", {"user": person, "link": link})
    mail = {"subject": subject, "body": body}
    context = {"person": person, "link": link, "mail": f"mailto:{person.email}?{urlencode(mail, quote_via=quote)}"}
    return render_page(request, "frame/settings/link.html", context, part="frame/settings/_link.html")


@guarded("accounts.people.edit", POST)
def link(request: UserRequest, pk: int) -> HttpResponse:
    """A fresh link for somebody who lost the first one."""
    person = get_object_or_404(visible_people(request.user).filter(is_active=True), pk=pk)
    if not may_change_person(request.user, person):
        raise PermissionDenied
    return show_link(request, person)
