"""The team page: what each person does, what is about to be missed, and the lists behind the figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.enums import Role
from accounts.models import Team, User
from accounts.policies import guarded, is_allowed
from accounts.requests import UserRequest
from handoff import policies
from handoff.enums import TeamFigure
from handoff.forms.board import TeamForm
from handoff.models import Handoff
from handoff.queries.board import cards_of
from handoff.queries.near_misses import near_misses
from handoff.queries.team import FIGURES, PERIODS, Asked, people_of, rows_behind, team_lines
from handoff.queue_head import address
from handoff.team_rows import team_row
from leads.queries.contact_data import reveal
from web.pages import render_page
from web.paging import Cursor, Order, page_of

PAGE = 50


@guarded(policies.TEAM)
def team(request: UserRequest) -> HttpResponse:
    """A line for each person this reader may see, and what is about to be missed."""
    now, asked = timezone.now(), TeamForm(request.GET).asked()
    chosen = asked["team"] if request.user.role == Role.ADMIN else None
    people = people_of(request.user, chosen)
    lines = team_lines(request.user, people, days=asked["days"], now=now)
    can_assign = is_allowed(request.user, policies.ASSIGN)
    context = {
        "rows": [team_row(line, days=asked["days"], team=chosen) for line in lines],
        "near": cards_of(near_misses(request.user, now, team=chosen), request.user, now),
        "periods": [(days, address(request.GET, days=str(days)), days == asked["days"]) for days in PERIODS],
        "teams": _teams(request, chosen),
        "can_assign": can_assign,
        "days": asked["days"],
    }
    return render_page(request, "handoff/team.html", context)


@dataclass(frozen=True, kw_only=True)
class FigureItem:
    """One thing that a figure counted."""

    handoff: Handoff
    at: datetime
    person: User | None


@guarded(policies.TEAM)
def figure(request: UserRequest) -> HttpResponse:
    """The rows behind a number of the team page, the latest first."""
    now, asked = timezone.now(), TeamForm(request.GET).asked()
    chosen = asked["team"] if request.user.role == Role.ADMIN else None
    people = {person.pk: person for person in people_of(request.user, chosen)}
    if asked["person"] and asked["person"] not in people:
        raise Http404
    whose = [asked["person"]] if asked["person"] else list(people)
    found, order = FIGURES[asked["figure"]], Order.by(f"-{FIGURES[asked['figure']].at}")
    rows = rows_behind(asked["figure"], Asked(user=request.user, people=whose, days=asked["days"], now=now))
    path = f"{found.handoff}__" if found.handoff else ""
    related = [path + name for name in ("lead__company", "owner")]
    page = page_of(rows.select_related(*related).order_by(*order.expressions()), order, Cursor.of(request.GET), PAGE)
    items = [_item(row, asked["figure"], people) for row in page.rows]
    reveal(request.user, [item.handoff.lead for item in items])
    context = {
        "items": items,
        "figure": TeamFigure(asked["figure"]),
        "person": people.get(asked["person"]),
        "days": asked["days"],
        "is_of_now": asked["figure"] in (TeamFigure.OPEN, TeamFigure.TODAY),
        "back": urlencode({"days": asked["days"]} | ({"team": chosen} if chosen else {})),
        "more": address(request.GET, after=page.after) if page.after else "",
    }
    part = "" if page.is_start else "handoff/_figure_rows.html"
    return render_page(request, "handoff/team_figure.html", context, part=part)


def _item(row: Any, figure: str, people: dict[int, User]) -> FigureItem:
    found = FIGURES[figure]
    handoff = getattr(row, found.handoff) if found.handoff else row
    owner = handoff.owner_id if found.person.endswith("owner") else row.by_id
    return FigureItem(handoff=handoff, at=getattr(row, found.at), person=people.get(owner))


def _teams(request: UserRequest, chosen: int | None) -> list[tuple[str, str, bool]]:
    """The teams an admin can look at one by one, each with its address; nobody else chooses."""
    if request.user.role != Role.ADMIN:
        return []
    teams = Team.objects.filter(is_active=True)
    return [(team.name, address(request.GET, team=str(team.pk)), team.pk == chosen) for team in teams]
