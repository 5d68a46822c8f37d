"""Lines of the lead list in ready words: each cell is written here, once, and not by a template for each of fifty."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from leads.queries.contact_data import contact, name_of
from leads.templatetags.leads import stage_badge
from leads.wording import employees, value_words
from scoring.columns import Chosen
from scoring.ownership import ownership
from scoring.queries.lead_list import LeadRow
from web import atoms, formats
from web.addresses import address_of

UNKNOWN = "–"
NOBODY = SafeString(f'<span class="lq-muted">{UNKNOWN}</span>')


@dataclass(frozen=True, kw_only=True)
class LeadLine:
    """One lead as the list shows it; `cells` is the HTML of the chosen columns."""

    pk: int
    address: str
    name: str
    position: str
    tick: str
    cells: SafeString


def lead_lines(rows: Sequence[LeadRow], columns: Chosen, *, now: datetime, walk: str) -> list[LeadLine]:
    """The lines of a page; `walk` is the query that leads back to this list."""
    labels = {column.name: str(column.label) for column in columns.shown}
    lines = []
    limits = ownership() if "owned_by" in labels else None
    for row in rows:
        if limits is not None:
            row.owned_by = limits.owned_by(row.score.total if row.score else 0)
        lead, name = row.lead, name_of(row.lead)
        anonymous = _("Anonymous visitor")
        position = "" if "title" in labels or not lead.title else lead.title
        line = LeadLine(
            pk=lead.pk,
            address=f"{address_of('leads:detail', lead.pk)}?{walk}",
            name=f"{anonymous} {name}" if lead.is_anonymous else name,
            position=f"{position} · {lead.department}" if position and lead.department else position,
            tick=_("Select %(name)s") % {"name": name},
            cells=SafeString("".join(_cell(column, label, row, now) for column, label in labels.items())),
        )
        lines.append(line)
    return lines


def _cell(column: str, label: str, row: LeadRow, now: datetime) -> str:
    """A table cell; on a small screen its label stands before it, where it needs one."""
    css = CLASSES.get(column, "")
    if column == "owner" and row.lead.owner is None:
        css = "lq-wide"
    extra = atoms.attributes({"class": css or None, "data-label": None if column in UNLABELLED else label})
    return f"<td{extra}>{atoms.as_html(CONTENTS[column](row, now))}</td>"


def _company(row: LeadRow, now: datetime) -> str:
    company = row.lead.company
    if company is None:
        return ""
    link = atoms.attributes({"class": "lq-plain-link", "href": address_of("leads:company", company.pk)})
    size = f"<small>{employees(company.employees)}</small>" if company.employees else ""
    return SafeString(f"<a{link}>{atoms.as_html(company.name)}</a>{size}")


def _owned_by(row: LeadRow, now: datetime) -> str:
    return str(row.owned_by.label) if row.owned_by else UNKNOWN


def _score(row: LeadRow, now: datetime) -> str:
    score = row.score
    if score is None:
        return atoms.score()
    return atoms.score(
        total=score.total,
        fit=score.fit,
        engagement=score.engagement,
        qualification=score.qualification,
        change=row.trend,
        grade=score.grade,
    )


def _active(row: LeadRow, now: datetime) -> str:
    at: datetime | None = row.lead.active_at  # type: ignore[attr-defined]  # annotated by leads_in_full
    return formats.ago_tag(at, now) if at else UNKNOWN


def _day(day: date, now: datetime) -> str:
    return formats.day(day, timezone.localtime(now).date())


CLASSES = {
    "stage": "lq-lead-stage",
    "score": "lq-lead-score",
    "band": "lq-lead-band",
    "source": "lq-wide",
    "active": "lq-nowrap",
    "created": "lq-nowrap lq-wide",
}
UNLABELLED = {"company", "stage", "score", "band"}
CONTENTS: dict[str, Callable[[LeadRow, datetime], str]] = {
    "company": _company,
    "title": lambda row, now: row.lead.title,
    "stage": lambda row, now: stage_badge(row.lead.stage),
    "score": _score,
    "band": lambda row, now: atoms.cached_heat(row.score.temperature if row.score else "cold"),
    "owned_by": _owned_by,
    "source": lambda row, now: str(row.lead.source or ""),
    "owner": lambda row, now: str(row.lead.owner) if row.lead.owner else NOBODY,
    "active": _active,
    "created": lambda row, now: _day(timezone.localtime(row.lead.created_at).date(), now),
    "email": lambda row, now: contact(row.lead, "email"),
    "phone": lambda row, now: contact(row.lead, "phone"),
    "external_id": lambda row, now: contact(row.lead, "external_id"),
    "department": lambda row, now: row.lead.department,
    "industry": lambda row, now: value_words("industry", row.lead.company.industry) if row.lead.company else "",
    "campaign": lambda row, now: row.lead.campaign,
    "origin": lambda row, now: row.lead.get_origin_display(),
    "team": lambda row, now: str(row.lead.team or ""),
    "planned_on": lambda row, now: _day(row.lead.planned_on, now) if row.lead.planned_on else UNKNOWN,
}
