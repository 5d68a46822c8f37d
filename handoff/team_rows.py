"""Lines of the team page in ready words, each number with the list behind it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import User
from handoff.enums import TeamFigure
from handoff.queries.team import TeamLine
from web import atoms, formats


@dataclass(frozen=True, kw_only=True)
class TeamCell:
    """A number that opens its rows, with what is said below it."""

    label: str | Promise
    number: SafeString
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class TeamRow:
    line: TeamLine
    person: User | None
    load: SafeString
    cells: list[TeamCell]


COUNTED = (TeamFigure.TODAY, TeamFigure.CALLS, TeamFigure.TRIED, TeamFigure.SPOKEN)
ENDING = (TeamFigure.ACCEPTED, TeamFigure.WON)


def team_row(line: TeamLine, *, days: int, team: int | None) -> TeamRow:
    """One person's line, or the sum's where it has no person."""

    def link(figure: TeamFigure) -> SafeString:
        return _link(line, figure, days, team)

    plain = {figure: TeamCell(label=figure.label, number=link(figure)) for figure in (*COUNTED, *ENDING)}
    kept = TeamCell(
        label=TeamFigure.KEPT.label,
        number=SafeString(
            _("%(kept)s of %(ended)s") % {"kept": link(TeamFigure.KEPT), "ended": link(TeamFigure.ENDED)}
        ),
        note=_share(line),
    )
    answered = TeamCell(label=_("Time to first contact"), number=link(TeamFigure.ANSWERED), note=_speed(line))
    score = _("average score %(points)s") % {"points": formats.points(line.score)} if line.score is not None else ""
    skipped = TeamCell(label=TeamFigure.SKIPPED.label, number=link(TeamFigure.SKIPPED), note=score)
    cells = [*(plain[figure] for figure in COUNTED), answered, kept, *(plain[figure] for figure in ENDING), skipped]
    return TeamRow(line=line, person=line.person, load=link(TeamFigure.OPEN), cells=cells)


def _link(line: TeamLine, figure: TeamFigure, days: int, team: int | None) -> SafeString:
    """The number as a link to its rows; nothing to open where it is none."""
    number, person = line.counts[figure], line.person
    query: dict[str, object] = {"figure": figure.value, "days": days}
    query |= {"person": person.pk} if person else {"team": team} if team else {}
    name = f"{figure.value}-{person.pk if person else 'all'}"
    words = atoms.as_html(formats.number(number))
    if not number:
        return SafeString(f'<span data-live="{name}">{words}</span>')
    address = atoms.as_html(f"{reverse('handoff:team_figure')}?{urlencode(query)}")
    return SafeString(f'<a class="lq-counted" href="{address}" data-live="{name}">{words}</a>')


def _share(line: TeamLine) -> str:
    """ "86% (60–96%)"; that there are too few to say."""
    if line.kept is None:
        return _("too few to rate") if line.counts[TeamFigure.ENDED] else ""
    span = formats.percent_span(100 * line.kept.low, 100 * line.kept.high)
    return _("%(share)s (%(span)s)") % {"share": formats.percent(line.kept_percent), "span": span}


def _speed(line: TeamLine) -> str:
    if line.speed is None:
        return ""
    middle, most = formats.hours_minutes(line.speed.median), formats.hours_minutes(line.speed.p90)
    return _("median %(median)s, 90%% within %(p90)s") % {"median": middle, "p90": most}
