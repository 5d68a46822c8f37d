"""Whom a batch of new hand-offs is told to: owners and teams of their leads, managers of what nobody can take, and
whom the policy names of what is held back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from urllib.parse import urlencode

from django.urls import reverse

from accounts.audience import administrators
from handoff.actions import transition
from handoff.audience import managers_of, managers_or_admins, reps_of, told_of_held_back
from handoff.models import Handoff, HeldBack
from handoff.queries.gates import gates_in_force
from handoff.routing import OVERFLOW
from leads.actions.telling import tell_of_lead
from leads.models import Lead
from notices.actions import tell
from notices.enums import Channel

SINGLE_NOTICES = 5  # more new leads of a team at once are told in one sentence


def announce(handoffs: Iterable[Handoff], leads: dict[int, Lead], now: datetime) -> None:
    """Tell each owner or team of its new leads: one notice a lead, or a single one for more than SINGLE_NOTICES."""
    by_receiver: dict[tuple[int, int | None], list[Handoff]] = defaultdict(list)
    for handoff in handoffs:
        by_receiver[handoff.team_id, handoff.owner_id].append(handoff)
    for together in by_receiver.values():
        if len(together) > SINGLE_NOTICES:
            first, last = together[0], together[-1]
            params: dict[str, object] = {"count": len(together), "team": str(first.team)}
            say = partial(
                tell, kind="handoff.hot_many", key=f"hot:{first.pk}-{last.pk}", params=params,
                url=reverse("handoff:queue"), now=now,
            )  # fmt: skip
            _tell(first, say)
            continue
        for handoff in together:
            lead = leads[handoff.lead_id]
            params = {"score": (handoff.score + 50) // 100, "team": str(handoff.team)}
            if handoff.due_at is not None:
                params["due_at"] = handoff.due_at.isoformat()
            kind = "handoff.hot" if handoff.owner is None else "handoff.hot_yours"
            say = partial(
                tell_of_lead, lead=lead, kind=kind, key=f"hot:{handoff.pk}", params=params,
                url=transition.address_of(handoff), now=now,
            )  # fmt: skip
            _tell(handoff, say)


def alert_overflow(handoffs: Iterable[Handoff], now: datetime) -> None:
    """Tell the managers of a team, once for all new leads, that nobody of it can take them."""
    by_team: dict[int, list[Handoff]] = defaultdict(list)
    for handoff in handoffs:
        if handoff.routed_by == OVERFLOW:
            by_team[handoff.team_id].append(handoff)
    for team_id, together in by_team.items():
        tell(
            people=managers_or_admins(team_id), kind="handoff.overflow", key=f"overflow:{together[0].pk}", now=now,
            params={"count": len(together), "team": str(together[0].team)},
            url=f"{reverse('handoff:queue')}?tab=all&state=overflow",
        )  # fmt: skip


def announce_held_back(held: Iterable[HeldBack], leads: dict[int, Lead], now: datetime) -> None:
    """Tell whom the section names of leads that gates hold back from now on: one notice a lead, or a single one for
    more than SINGLE_NOTICES. Each is told of once, however often it is looked at again."""
    by_team: dict[int, list[HeldBack]] = defaultdict(list)
    for row in held:
        by_team[leads[row.lead_id].team_id or 0].append(row)
    if not by_team:
        return
    section, _version = gates_in_force()
    gates = {gate.name: gate for gate in section.gates}
    for team_id, together in by_team.items():
        people, first = told_of_held_back(section.tell, team_id), together[0]
        names = list(dict.fromkeys(name for row in together for name in row.gates))
        if len(together) > SINGLE_NOTICES:
            tell(
                people=people, kind="handoff.held_back_many", now=now, url=_list_of_held_back(names),
                key=f"held:{first.episode_id}-{together[-1].episode_id}",
                params={"count": len(together), "gates": ", ".join(names)},
            )  # fmt: skip
            continue
        for row in together:
            missing = " ".join(gates[name].missing for name in row.gates if name in gates)
            tell_of_lead(
                lead=leads[row.lead_id], people=people, kind="handoff.held_back", key=f"held:{row.episode_id}",
                params={"gates": ", ".join(row.gates), "missing": missing}, url=_list_of_held_back(row.gates), now=now,
            )  # fmt: skip


def _list_of_held_back(gates: Sequence[str]) -> str:
    """The list with what is missing, of one gate where it is only one."""
    query = f"?{urlencode({'gate': gates[0]})}" if len(gates) == 1 else ""
    return reverse("handoff:held_back") + query


def _tell(handoff: Handoff, say: Callable[..., None]) -> None:
    """Tell the owner, else the team: its managers under the bell, without a mail; else the administrators."""
    if handoff.owner is not None:
        say(people=[handoff.owner])
        return
    reps, managers = list(reps_of(handoff.team_id)), list(managers_of(handoff.team_id))
    say(people=reps)
    say(people=managers, channels=[Channel.IN_APP])
    if not reps and not managers:
        say(people=administrators())
