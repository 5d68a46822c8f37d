"""Making, editing and publishing forms. A published version never changes; the draft is saved as it is typed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.models import User
from intake.errors import IntakeError
from intake.models import Site, WebForm, WebFormVersion
from intake.webforms.document import FormDocument
from intake.webforms.lint import problems_of
from intake.webforms.starters import starting_document
from intake.webforms.targets import targets


class DraftChangedError(IntakeError):
    """Somebody else has saved the draft meanwhile."""


class UnsoundFormError(IntakeError):
    """Something must be corrected before the form can be published."""


def create_webform(*, name: str, site: Site | None, by: User, now: datetime) -> WebForm:
    """A form with what is nearly always asked, as a draft."""
    draft = starting_document(name).raw()
    return WebForm.objects.create(name=name, site=site, draft=draft, draft_saved_at=now, draft_saved_by=by)


def save_draft(*, form: WebForm, document: FormDocument, seen: int, by: User, now: datetime) -> None:
    """Keep the draft that was made of revision `seen`. Raises DraftChangedError where that is not the newest."""
    if document.raw() == form.draft and form.revision == seen:
        return
    saved = WebForm.objects.filter(pk=form.pk, revision=seen).update(
        draft=document.raw(), revision=F("revision") + 1, draft_saved_at=now, draft_saved_by=by
    )
    if not saved:
        raise DraftChangedError
    form.refresh_from_db()


@transaction.atomic
def publish_webform(*, form: WebForm, seen: int, by: User, now: datetime) -> WebFormVersion:
    """Show the draft to visitors from now on. Raises DraftChangedError, UnsoundFormError."""
    locked = WebForm.objects.select_for_update(of=("self",)).get(pk=form.pk)
    if locked.revision != seen:
        raise DraftChangedError
    document = FormDocument.of(locked.draft)
    if any(problem.blocks for problem in problems_of(document, targets())):
        raise UnsoundFormError
    newest = locked.versions.first()
    version = WebFormVersion.objects.create(
        form=locked,
        number=newest.number + 1 if newest else 1,
        document=document.raw(),
        published_at=now,
        published_by=by,
    )
    locked.published = version
    locked.save(update_fields=["published"])
    return version


def rename_webform(*, form: WebForm, name: str, site: Site | None, is_active: bool) -> None:
    form.name, form.site, form.is_active = name, site, is_active
    form.save(update_fields=["name", "site", "is_active"])
