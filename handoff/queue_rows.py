"""Rows of the queue in ready words: what `_row.html` shows is worked out here, once, and not by fifty templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handoff.buttons import address_of, rating_buttons, step_buttons
from handoff.calling_hours import phone_link
from handoff.enums import HandoffState
from handoff.models import Handoff
from handoff.queries.promises import zone_in
from handoff.queries.reasons import Deed
from handoff.queries.rows import Row
from handoff.queries.wake_ups import snoozed_for, waits_for
from handoff.wording import amount_in_words, deal_in_words, presence_in_words
from leads.queries.contact_data import name_of
from leads.wording import employees
from scoring.queries.words import capitalized
from web import atoms, formats

NOTHING = atoms.NOTHING


@dataclass(frozen=True, kw_only=True)
class QueueRow:
    """One hand-off as the queue shows it. Words are escaped where they are put in; pieces are HTML already."""

    handoff: Handoff
    address: str
    name: str
    is_mine: bool
    heat: SafeString
    state: SafeString
    position: str
    company: str
    phone: SafeString
    score: SafeString
    why: str
    reasons: str
    origin: SafeString
    due: SafeString
    steps: SafeString
    tries: str = ""
    call_back: str = ""
    here: str = ""
    rating: SafeString = NOTHING


def queue_rows(rows: Sequence[Row], *, now: datetime, csrf_token: str, walk: str) -> list[QueueRow]:
    """The rows of a page; in the first one the claim is the main thing to do. `walk` is the query of the list."""
    return [
        queue_row(row, now=now, csrf_token=csrf_token, walk=walk, is_first=number == 0)
        for number, row in enumerate(rows)
    ]


def queue_row(row: Row, *, now: datetime, csrf_token: str, walk: str, is_first: bool = False) -> QueueRow:
    handoff, lead = row.handoff, row.handoff.lead
    heat = atoms.cached_heat(row.score.temperature) if row.score else NOTHING
    if handoff.cooled_at:
        heat = atoms.heat("cold", _("Cooled"))
    company = str(lead.company or "")
    if lead.company and lead.company.employees:
        company = f"{company} · {employees(lead.company.employees)}"
    return QueueRow(
        handoff=handoff,
        address=f"{address_of('detail', handoff.pk)}?{urlencode({'queue': walk})}",
        name=name_of(lead),
        is_mine=row.mine and handoff.is_open,
        heat=heat,
        state=SafeString(f"{_state(row)}{_bans(row)}{_missing(row)}"),
        position=" · ".join(words for words in (lead.title, lead.department) if words),
        company=company,
        phone=_phone(row, now),
        score=_score(row),
        why=capitalized(formats.listed(_deed(deed, now) for deed in row.deeds)),
        reasons=_reasons(row),
        origin=_origin(row, now),
        due=_due(row, now),
        steps=step_buttons(row, view="queue", csrf_token=csrf_token, is_small=True, is_first=is_first),
        tries=_tries(row, now),
        call_back=_call_back(row, now),
        here=presence_in_words(row.others),
        rating=rating_buttons(row, view="queue", csrf_token=csrf_token),
    )


def _deed(deed: Deed, now: datetime) -> str:
    """One thing that the lead did these days: "Pricing page view 2 times, last yesterday"."""
    on = formats.day(timezone.localtime(deed.last_at).date(), timezone.localtime(now).date())
    words = {"activity": deed.words, "n": formats.number(deed.number), "day": on}
    if deed.number == 1:
        return _("%(activity)s %(day)s") % words
    return _("%(activity)s %(n)s times (last %(day)s)") % words


def _reasons(row: Row) -> str:
    """The definition that made the lead hot, and the rules that bring the most points."""
    rules = capitalized(formats.listed(reason.words for reason in row.reasons))
    definition = row.handoff.episode.definition
    if not rules or not definition:
        return rules or definition
    return _("%(label)s: %(value)s") % {"label": definition, "value": rules}


def _tries(row: Row, now: datetime) -> str:
    """How often the lead was tried in vain, of how many times the team's plan has, and when it is called again."""
    tries = row.tries
    if tries is None:
        return ""
    words = {"n": formats.number(tries.number), "time": formats.ago(tries.last_at, now)}
    if not tries.planned or tries.is_over or (tries.again_at is None and not row.handoff.snoozed_until):
        said = ngettext("Not reached %(n)s time, last %(time)s", "Not reached %(n)s times, last %(time)s", tries.number)
        return said % words
    words["total"] = formats.number(tries.planned)
    if tries.again_at is None or tries.again_at <= now:
        return _("Not reached %(n)s of %(total)s, last %(time)s") % words
    words["again"] = formats.moment(tries.again_at, now)
    return _("Not reached %(n)s of %(total)s, again %(again)s") % words


def _call_back(row: Row, now: datetime) -> str:
    """When somebody wanted to call again, once that time has come; before that what else ends a snooze."""
    if not row.handoff.is_open:
        return ""
    until, waits = row.handoff.snoozed_until, formats.listed(snoozed_for(row.handoff))
    if until is not None and until > now:
        words = {"time": formats.moment(until, now), "waits": waits}
        return _("Snoozed until %(time)s, or until: %(waits)s") % words if waits else ""
    times = [at for at in (until, row.handoff.retry_at) if at is not None and at <= now]
    if not times:
        return ""
    called = _("Call back: %(time)s") % {"time": formats.moment(times[0], now)}
    return f"{called} · {waits}" if waits else called


def _follow_up(row: Row, now: datetime) -> str:
    """What brings a lead back that was returned to nurture."""
    handoff = row.handoff
    if not handoff.closed_at:
        return ""
    waits = waits_for(handoff.episode)
    if handoff.wake_on:
        today = timezone.localtime(now).date()
        waits.insert(0, _("follow-up date %(day)s") % {"day": formats.day(handoff.wake_on, today)})
    return formats.listed(waits)


def _phone(row: Row, now: datetime) -> SafeString:
    """The number to dial, in the rows that are this person's to call."""
    phone = row.handoff.lead.phone
    if not (row.mine and row.handoff.is_open and row.sees_contact_data and phone):
        return NOTHING
    return phone_link(row.handoff.lead, zone_in(row.promises), now)


def _state(row: Row) -> SafeString:
    """Nothing while the hand-off waits for anybody."""
    handoff = row.handoff
    if handoff.state == HandoffState.QUEUED and handoff.owner is None:
        return NOTHING
    words = _("Assigned") if handoff.state == HandoffState.QUEUED else handoff.get_state_display()
    owner = "" if row.mine or handoff.owner is None else f" · {handoff.owner}"
    return atoms.badge(f"{words}{owner}", kind="accent" if row.mine else "plain")


def _bans(row: Row) -> SafeString:
    """What forbids to call the lead."""
    return SafeString("".join(atoms.badge(str(fact.label), kind="bad") for fact in row.handoff.lead.forbidding))


def _missing(row: Row) -> SafeString:
    """What the lead lacked for the gates of the policy when it was handed over, and lacks still."""
    return SafeString(
        "".join(atoms.badge(gate.name, kind="warning", icon_name="triangle-alert") for gate in row.missing)
    )


def _score(row: Row) -> SafeString:
    score = row.score
    if score is None:
        return NOTHING
    return atoms.score(
        total=score.total,
        fit=score.fit,
        engagement=score.engagement,
        qualification=score.qualification,
        change=row.trend,
        grade=score.grade,
    )


def _origin(row: Row, now: datetime) -> SafeString:
    """Where the lead came from, and what it did last."""
    lead = row.handoff.lead
    parts: list[str] = []
    if lead.source:
        parts.append(atoms.as_html(_("via %(source)s") % {"source": lead.source}))
        if lead.campaign:
            parts.append(atoms.as_html(lead.campaign))
    if row.latest and not row.deeds:
        parts.append(f"{atoms.as_html(str(row.latest.type))} {formats.ago_tag(row.latest.occurred_at, now)}")
    return SafeString(" · ".join(parts))


def _due(row: Row, now: datetime) -> SafeString:
    """The promise that has to be kept next; of what is closed, how it ended and when."""
    handoff, promise = row.handoff, row.due
    if promise:
        left = f"{promise.deadline.get_promise_display()} · {promise.left}"
        shown = atoms.due(formats.moment_tag(promise.due_at, now), left, state=promise.mark)
        return SafeString(f"{shown}<small>{atoms.as_html(promise.rule)}</small>")
    if handoff.closed_at:
        ending = handoff.get_result_display() if handoff.result else str(handoff.reject_reason or "")
        deal, amount = (deal_in_words(row.outcome), amount_in_words(row.outcome)) if row.outcome else ("", "")
        moment = formats.moment_tag(handoff.closed_at, now)
        follow_up = _follow_up(row, now)
        more = f"<small>{atoms.as_html(follow_up)}</small>" if follow_up else ""
        told = f"<small>{atoms.as_html(deal)}</small>" if deal else ""
        # One line has room for the amount alone; the rest is told where rows are roomy.
        worth = f' <span class="hq-worth">{atoms.as_html(amount)}</span>' if amount else ""
        return SafeString(f"<b>{atoms.as_html(ending)}</b>{worth}{told}<small>{moment}</small>{more}")
    return NOTHING
