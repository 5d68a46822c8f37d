"""What gates would do to the leads that are hot now: by name, with a list behind each number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from handoff.enums import PolicySection
from handoff.models import Policy
from handoff.policy.gates import Gates, read_gates
from handoff.queries.gates import bars_of, by_model, definitions_met, unmet_gates
from handoff.queries.policy import policy_of, working_document
from leads.access import visible_leads
from leads.models import Lead
from scoring.lead_sets import FoundSet, LeadSetError, set_address
from scoring.models import Episode
from scoring.queries.catalog import catalog

KIND = "gates"
NAMES = 5
ALL = "all"  # in the name of a set: whoever any gate would block


@dataclass(frozen=True, kw_only=True)
class GateLine:
    """One gate: how many of the leads that are hot now do not meet it; some of them by name, and all as a list."""

    name: str
    blocks: bool
    count: int
    leads: list[Lead]
    url: str


@dataclass(frozen=True, kw_only=True)
class GateEffectNow:
    """`hot` is how many leads are hot now, `blocked` how many of them the gates together would keep from sales."""

    hot: int
    blocked: int
    blocked_url: str
    lines: list[GateLine]


def gate_effect(policy: Policy, user: User, now: datetime) -> GateEffectNow:
    """What the draft, else the published section, says of the leads that are hot now."""
    section = read_gates(working_document(policy), catalog())
    hot, barred = barred_now(section, now)
    name = f"{KIND}.{policy.draft_revision}"
    lines = []
    for place, gate in enumerate(section.gates):
        ids = barred[str(place)]
        lines.append(
            GateLine(
                name=gate.name, blocks=gate.blocks, count=len(ids), url=set_address(f"{name}.{place}"),
                leads=list(visible_leads(user).filter(pk__in=ids).order_by("pk")[:NAMES]),
            )
        )  # fmt: skip
    return GateEffectNow(
        hot=hot, blocked=len(barred[ALL]), blocked_url=set_address(f"{name}.{ALL}"), lines=lines
    )  # fmt: skip


def barred_now(section: Gates, now: datetime) -> tuple[int, dict[str, list[int]]]:
    """How many leads are hot now, and who of them does not meet each gate, by its place; ALL: whom any would block."""
    open_ones = Episode.objects.filter(
        ended_at=None, model__hands_over=True, lead__is_anonymous=False, lead__merged_into=None
    )
    episodes = list(open_ones.select_related("version__model"))
    barred: dict[str, list[int]] = {name: [] for name in (ALL, *map(str, range(len(section.gates))))}
    definitions = definitions_met(episodes)
    for model, of_model in by_model(episodes).items():
        leads = [episode.lead_id for episode in of_model]
        unmet = unmet_gates(section.gates, leads=leads, model=model, now=now)
        for episode in of_model:
            bars = bars_of(definitions[episode.pk], unmet[episode.lead_id], model.name)
            for place, gate in enumerate(section.gates):
                if gate in (*bars.blocking, *bars.warning):
                    barred[str(place)].append(episode.lead_id)
            if bars.blocking:
                barred[ALL].append(episode.lead_id)
    return len({episode.lead_id for episode in episodes}), barred


def gate_set(parts: Sequence[str], now: datetime) -> FoundSet:
    """The leads behind a number of the effect, as long as the draft is what it was. Raises LeadSetError."""
    policy = policy_of(PolicySection.GATES)
    section = read_gates(working_document(policy), catalog())
    places = {ALL, *map(str, range(len(section.gates)))}
    if len(parts) != 2 or parts[0] != str(policy.draft_revision) or parts[1] not in places:
        raise LeadSetError(_("The gates have changed since. Open the list again from their page."))
    place = parts[1]
    if place == ALL:
        words = _("Hot now, blocked by a gate")
    else:
        words = _("Hot now, doesn’t meet “%(gate)s”") % {"gate": section.gates[int(place)].name}
    return words, lambda: tuple(sorted(set(barred_now(section, now)[1][place])))
