"""The definition of a good lead on one page: read, printed, and agreed to by both departments."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policies import POST, guarded, is_allowed
from accounts.requests import UserRequest
from scoring.enums import Side
from scoring.models import Version
from studio.access import model_for, version_for
from studio.actions.sign_off import SIGNERS, AlreadySignedError, BothSidesError, sign
from studio.forms.publication import SignForm
from studio.queries.definition import agreements, definition_of, published_models
from web.pages import redirect_to, render_page


@guarded("scoring.rules.view")
def definition(request: UserRequest) -> HttpResponse:
    """What is in force, of all published models."""
    return _page(request, [model.current_version for model in published_models() if model.current_version])


@guarded("scoring.rules.view")
def definition_version(request: UserRequest, pk: int, number: int) -> HttpResponse:
    """One version, under an address that always says the same."""
    return _page(request, [version_for(model_for(pk), number)], only=True)


def _page(request: UserRequest, versions: list[Version], *, only: bool = False) -> HttpResponse:
    """In the reader's language, or in the one asked for: a page to print for somebody else."""
    asked = request.GET.get("language", "")
    language = asked if asked in dict(settings.LANGUAGES) else translation.get_language() or "en"
    with translation.override(language):
        context: dict[str, Any] = {
            "definitions": [agreed_definition(request.user, version) for version in versions],
            "only": versions[0] if only else None,
            "languages": [
                (code, get_language_info(code)["name_local"], code == language) for code, _name in settings.LANGUAGES
            ],
            "language": language,
        }
        return render_page(request, "studio/definition.html", context)


def agreed_definition(user: User, version: Version) -> dict[str, Any]:
    """A version in words, what each department says of it, and for which ones `user` may sign."""
    departments = agreements(version)
    signers = {agreement.signed.by_id for agreement in departments if agreement.signed}
    sides = [
        (agreement, SignForm(initial={"side": agreement.side}, auto_id=f"sign-{version.pk}-{agreement.side}-%s"))
        for agreement in departments
    ]
    return {
        "definition": definition_of(version),
        "version": version,
        "sides": sides,
        "open_to": {
            str(side) for side, policy in SIGNERS.items() if user.pk not in signers and is_allowed(user, policy)
        },
        "is_current": version.pk == version.model.current_version_id,
    }


@guarded("scoring.sign", POST)
def sign_off(request: UserRequest, pk: int, number: int) -> HttpResponse:
    """Agree to a version for one's department."""
    version = version_for(model_for(pk), number)
    here = redirect_to(request, reverse("studio:definition_version", args=[pk, number]))
    form = SignForm(request.POST)
    if not form.is_valid():
        problem = str(next(iter(form.errors.values()))[0])
        messages.warning(request, _("Not signed off: %(problem)s") % {"problem": problem})
        return here
    side, comment = Side(form.cleaned_data["side"]), form.cleaned_data["comment"]
    try:
        sign(version=version, side=side, by=request.user, comment=comment, now=timezone.now())
    except AlreadySignedError:
        messages.info(request, _("%(side)s has already signed off this version.") % {"side": side.label})
    except BothSidesError:
        messages.warning(
            request, _("You’ve already signed off for the other department. Someone else must sign off for this one.")
        )
    else:
        signed = {"side": side.label, "number": version.number}
        messages.success(request, _("%(side)s signed off version %(number)s.") % signed)
    return here
