"""The inbox as a table for other programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import User
from handoff.models import Feedback
from insights.queries.feedback import RELATED, FeedbackRow, rows_of
from leads.queries.contact_data import name_of
from web.formats import listed, sheet_time

AT_ONCE = 500
HEADINGS: dict[str, str | Promise] = {
    "at": gettext_lazy("When"),
    "verdict": gettext_lazy("Verdict"),
    "reason": gettext_lazy("Reason"),
    "late": gettext_lazy("Too late"),
    "lead_id": pgettext_lazy("lead", "Number"),
    "lead": gettext_lazy("Lead"),
    "company": gettext_lazy("Company"),
    "by": gettext_lazy("User"),
    "team": gettext_lazy("Team"),
    "comment": gettext_lazy("Comment"),
    "model": gettext_lazy("Model"),
    "version": gettext_lazy("Version"),
    "rules": gettext_lazy("Rules that spoke for the lead"),
    "doubted": gettext_lazy("Named as wrong"),
    "state": gettext_lazy("State"),
    "changed_in": gettext_lazy("Changed in version"),
    "declined_because": gettext_lazy("Declined because"),
}
COLUMNS = tuple(HEADINGS)


def export_rows(pks: Sequence[int], user: User) -> Iterator[list[object]]:
    """The verdicts of `pks` in that order, a few hundred at a time."""
    for start in range(0, len(pks), AT_ONCE):
        chunk = pks[start : start + AT_ONCE]
        found = Feedback.objects.select_related(*RELATED).prefetch_related("rules").in_bulk(chunk)
        for row in rows_of((found[pk] for pk in chunk if pk in found), user):
            yield _cells(row)


def _cells(row: FeedbackRow) -> list[object]:
    feedback, lead = row.feedback, row.lead
    rules = [spoken.rule for spoken in row.rules]
    return [
        sheet_time(feedback.at), feedback.get_verdict_display(), feedback.reason, "1" if feedback.is_late else "",
        lead.pk if lead else "", name_of(lead) if lead else "", str(lead.company or "") if lead else "",
        str(feedback.by or ""), str(feedback.handoff.team), feedback.comment, str(feedback.model),
        feedback.version.number, listed(rule.rule for rule in rules),
        listed(rule.rule for rule in rules if rule.is_doubted), feedback.get_state_display(),
        feedback.changed_in.number if feedback.changed_in else "", feedback.declined_because,
    ]  # fmt: skip
