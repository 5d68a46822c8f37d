"""Entering the absences of a file, after somebody has looked at them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.drafts import discard_draft, draft_of, save_draft
from accounts.models import User
from handoff.absence_files import AbsenceRow
from handoff.actions.absences import save_absence
from handoff.models import Absence
from handoff.models.absence import LONGEST

SALT = "handoff.absences"
LOOKED_AT_WITHIN = 3600  # seconds
DRAFT_PLACE = "absences from a file"
LONGEST_DRAFT = 2_000_000  # characters


@dataclass(frozen=True, kw_only=True)
class FoundAbsence:
    """A row of a file with whose absence it is; one with a problem is left out."""

    row: AbsenceRow
    person: User | None = None
    problem: str = ""


def found_absences(
    rows: Sequence[AbsenceRow], *, people: Sequence[User], whose: User | None, now: datetime
) -> list[FoundAbsence]:
    """The rows with their people and everything that is wrong, each checked as if it were typed.

    `whose` are the rows that name nobody; `people` are those whose absences the reader may enter.
    """
    known = {person.email.lower(): person for person in people}
    names: dict[str, list[User]] = {}
    for person in people:
        names.setdefault("".join(person.name.lower().split()), []).append(person)
    entered = set(
        Absence.objects.filter(person__in=people, ends_at__gt=now).values_list("person", "starts_at", "ends_at")
    )
    found = []
    for row in rows:
        named, problem = _person_of(row, known, names, whose)
        problem = row.problem or problem or _problem_of(row, now)
        key = (named.pk if named else None, row.starts_at, row.ends_at)
        if not problem and key in entered:
            problem = _("This absence is already entered.")
        entered.add(key)  # type: ignore[arg-type]  # a key of nobody is never asked for
        found.append(FoundAbsence(row=row, person=named, problem=problem))
    return found


def _person_of(
    row: AbsenceRow, by_email: dict[str, User], by_name: dict[str, list[User]], whose: User | None
) -> tuple[User | None, str]:
    if not row.person:
        return whose, "" if whose else _("The file doesn’t say who is away. Choose the user above.")
    named = by_name.get("".join(row.person.lower().split()), [])
    person = by_email.get(row.person.lower()) or (named[0] if len(named) == 1 else None)
    if person is not None:
        return person, ""
    words = {"name": row.person}
    if named:
        return None, _("Several users are called “%(name)s”. Write the email address.") % words
    return None, _("“%(name)s” is no user whose absences you can enter.") % words


def _problem_of(row: AbsenceRow, now: datetime) -> str:
    if row.starts_at is None or row.ends_at is None:
        return _("The event has no start and end.")
    if row.ends_at <= row.starts_at:
        return _("The end lies before the start. Choose a later time.")
    if row.ends_at - row.starts_at > LONGEST:
        return _("An absence can last up to 400 days. Deactivate users who leave for longer.")
    return _("This absence is already over.") if row.ends_at <= now else ""


def token_of(found: Sequence[FoundAbsence]) -> str:
    """What can be entered, signed for the press that enters it."""
    rows = [
        [each.person.pk, each.row.starts_at.isoformat(), each.row.ends_at.isoformat(), each.row.note]
        for each in found
        if not each.problem and each.person and each.row.starts_at and each.row.ends_at
    ]
    return signing.dumps(rows, salt=SALT, compress=True)


def keep_rows(rows: Sequence[AbsenceRow], *, whose: User | None, by: User, now: datetime) -> bool:
    """Keep the rows of a file as a draft of whoever chose it, until they are entered; False where they are too long."""
    values = {"rows": json.dumps([asdict(row) for row in rows], default=str), "whose": str(whose.pk if whose else "")}
    return save_draft(by=by, place=DRAFT_PLACE, about=0, values=values, now=now, longest=LONGEST_DRAFT) is not None


def kept_rows(by: User, now: datetime) -> tuple[list[AbsenceRow], int | None] | None:
    """The rows that this person has looked at and not entered, and the key of whose they are where they name nobody."""
    draft = draft_of(by, DRAFT_PLACE, now)
    if draft is None:
        return None
    rows = [
        AbsenceRow(**row | {side: datetime.fromisoformat(row[side]) for side in ("starts_at", "ends_at") if row[side]})
        for row in json.loads(draft.values["rows"])
    ]
    return rows, int(draft.values["whose"] or 0) or None


def forget_rows(by: User) -> None:
    discard_draft(by=by, place=DRAFT_PLACE)


@transaction.atomic
def enter_absences(*, token: str, people: Sequence[User], now: datetime) -> int:
    """Enter what was looked at, all or nothing; returns how many. Leads stay with their owners.

    Raises signing.BadSignature for a token that is not ours or older than an hour. Whoever may not enter absences of a
    person any more enters none of them.
    """
    allowed = {person.pk: person for person in people}
    number = 0
    for pk, start, end, note in signing.loads(token, salt=SALT, max_age=LOOKED_AT_WITHIN):
        times = {"starts_at": datetime.fromisoformat(start), "ends_at": datetime.fromisoformat(end)}
        if pk in allowed and not Absence.objects.filter(person=pk, **times).exists():
            save_absence(absence=Absence(person=allowed[pk]), changes=times | {"note": note}, now=now)
            number += 1
    return number
