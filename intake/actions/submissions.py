"""What becomes of what somebody sends by a form: kept, then taken in through the one intake, once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from background.transactions import retrying
from intake.actions.doors import take_in_activities
from intake.actions.intake import find_leads
from intake.actions.upsert import IdentityTakenError, LeadValues, upsert_lead
from intake.enums import DoorKind, SubmissionState
from intake.incoming import DoorName
from intake.models import Submission
from intake.tracking.taking import fill_first_touches
from intake.webforms.answer_writers import write_answers
from intake.webforms.document import FormDocument
from intake.webforms.lead_values import activity_row, answers_in, by_target, identity_of, lead_values
from leads.actions.identification import Identity, join_browsers, unsettled_browsers
from leads.errors import PersonErasedError
from leads.models import Lead

ERASED = "erased"


@retrying
@transaction.atomic
def receive_submission(submission: Submission, document: FormDocument, *, now: datetime) -> Submission:
    """Keep a new submission, and take it in at once unless it is a test, caught, or waits for its confirmation.

    The same page sent again is the submission that came first.
    """
    Submission.objects.bulk_create([submission], ignore_conflicts=True)
    stored = Submission.objects.select_for_update(of=("self",)).select_related("form", "version").get(
        key=submission.key
    )  # fmt: skip
    is_new = stored.received_at == submission.received_at
    if stored.state == SubmissionState.CAUGHT and is_new:
        take_in_activities([], door=door_of(stored), now=now, filtered=1)
    elif stored.state == SubmissionState.TAKEN and is_new:
        take_in(stored, document, now=now)
    elif stored.state == SubmissionState.TAKEN:
        said = by_target(stored, document)
        row = activity_row(stored, document, said, identity_of(said, stored.visitor))
        take_in_activities([row], door=door_of(stored), now=now)  # counts as sent twice
    return stored


@retrying
@transaction.atomic
def release_submission(*, pk: int, now: datetime) -> bool:
    """Take in after all what was caught; returns whether it was. At the time it was sent."""
    submission = Submission.objects.select_for_update(of=("self",)).select_related("form", "version").get(pk=pk)
    if submission.state != SubmissionState.CAUGHT or submission.version is None:
        return False
    submission.state = SubmissionState.TAKEN
    take_in(submission, FormDocument.of(submission.version.document), now=now)
    return True


@retrying
@transaction.atomic
def confirm_submission(*, token: str, now: datetime) -> Submission | None:
    """The press in the mail: take in what waited. None for a token that nobody has; twice is once."""
    found = Submission.objects.select_for_update(of=("self",)).select_related("form", "version")
    submission = found.filter(token=token).first()
    if submission is None or submission.version is None:
        return None
    if submission.state == SubmissionState.WAITING:
        submission.state, submission.confirmed_at, submission.mail_next_at = SubmissionState.TAKEN, now, None
        if submission.consent:
            submission.consent = submission.consent | {"confirmed_at": now.isoformat()}
        take_in(submission, FormDocument.of(submission.version.document), now=now)
    return submission


def door_of(submission: Submission) -> DoorName:
    return DoorName(kind=DoorKind.FORM, source=submission.form.source, name=submission.form.name)


def take_in(submission: Submission, document: FormDocument, *, now: datetime) -> None:
    """The activity, the lead and what is said of it, the answers and the consent; inside a transaction."""
    said = by_target(submission, document)
    identity = identity_of(said, submission.visitor)
    row = activity_row(submission, document, said, identity)
    receipt = take_in_activities([row], door=door_of(submission), now=now)
    if receipt.erased:
        submission.values, submission.consent = {}, {}
    if receipt.erased or receipt.refused:
        submission.state = SubmissionState.KEPT
        submission.problem = ERASED if receipt.erased else receipt.refused[0][0].text[:300]
        submission.save()
        return
    submission.activity_id = receipt.stored.get(0)
    submission.lead_id = find_leads([identity])[identity]
    if submission.touch:
        fill_first_touches({identity: submission.touch})
    if identity.is_anonymous:
        join_visits(submission.visitor, identity, lead=submission.lead_id, now=now)
    write_lead(submission, identity, said, now=now)
    write_answers(submission.lead_id, answers_in(said), submission.form.name, submission.received_at)
    submission.save()


def join_visits(visitor: str, identity: Identity, *, lead: int, now: datetime) -> None:
    """The earlier visits of a browser that is nobody's belong to who is known by telephone from now on."""
    if visitor:
        named = Identity(email=identity.anonymous_id, anonymous_id=visitor)
        browsers = unsettled_browsers([named], {})
        join_browsers(browsers, dict.fromkeys(browsers.values(), lead), now=now)


def write_lead(submission: Submission, identity: Identity, said: Mapping[str, Any], *, now: datetime) -> None:
    """Fill what is empty; a confirmed address may also replace. Anybody can type somebody else's address."""
    locked = Lead.objects.select_for_update(of=("self",), no_key=True).select_related("company")
    lead = locked.get(pk=submission.lead_id or 0)
    values = lead_values(said)
    is_confirmed = submission.confirmed_at is not None
    own = {name: value for name, value in values.lead.items() if is_confirmed or getattr(lead, name) in ("", None, [])}
    if submission.consent.get("given") and lead.consent is None:
        own["consent"] = True
    if lead.is_anonymous:
        name_lead(lead, own)
    custom = {name: value for name, value in values.custom.items() if is_confirmed or name not in lead.custom}
    company = values.company if is_confirmed or lead.company is None else {}
    filled = LeadValues(lead=own, custom=custom, company=company, company_custom=values.company_custom)
    named = Identity(email=lead.email, external_id=lead.external_id) if lead.email or lead.external_id else identity
    try:
        upsert_lead(identity=named, values=filled, now=now)
    except (IdentityTakenError, PersonErasedError):
        return


def name_lead(lead: Lead, values: Mapping[str, Any]) -> None:
    """Somebody without an address is somebody all the same."""
    lead.is_anonymous = False
    lead.name, lead.phone = values.get("name", ""), values.get("phone", "")
    lead.save(update_fields=["is_anonymous", "name", "phone", "updated_at"])
