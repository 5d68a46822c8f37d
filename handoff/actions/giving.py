"""A person gives a lead to sales, whatever its score says."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import has_active_team
from accounts.models import User
from accounts.policies import require
from handoff import policies
from handoff.actions.holding_back import release_by_hand
from handoff.actions.on_episode import open_handoffs
from handoff.enums import OPEN_STATES
from handoff.errors import GatesError, RefusedError
from handoff.models import Handoff
from handoff.queries.gates import gates_in_the_way, model_to_give
from leads.enums import Stage
from leads.models import Lead
from scoring.actions import open_episode_by_hand
from scoring.models import ScoringModel


@transaction.atomic
def give_to_sales(*, lead: Lead, by: User, reason: str, now: datetime, past_gates: bool = False) -> Handoff:
    """Open a hand-off of the lead with its own promises, and keep who gave it and why. Raises RefusedError.

    Where gates block it, raises GatesError; with `past_gates` whoever has the right hands it over all the same, which
    the history keeps. Raises PermissionDenied.
    """
    if past_gates:
        require(by, policies.PASS_GATES)
    locked = Lead.objects.select_for_update(no_key=True, of=("self",)).select_related("owner").get(pk=lead.pk)
    model = model_to_give()
    if words := why_not_given(locked, model):
        raise RefusedError(words)
    assert model is not None
    blocking = [gate.name for gate in gates_in_the_way(locked, model, now)]
    if blocking and not past_gates:
        raise GatesError(blocking)
    release_by_hand(locked, now=now)
    episode = open_episode_by_hand(lead=locked, model=model, by=by, reason=reason, now=now)
    # The gates have been asked; what a score of this very moment says is for the rep to see, not in the way.
    open_handoffs(now=max(now, episode.started_at), leads=[locked.pk], past_gates=blocking)
    return Handoff.objects.get(episode=episode)


def why_not_given(lead: Lead, model: ScoringModel | None) -> str:
    """Why the lead cannot be given to sales now; empty where it can."""
    if lead.forbidding:
        facts = "・".join(str(fact.label) for fact in lead.forbidding)
        return _("This lead must not be contacted: %(facts)s.") % {"facts": facts}
    if lead.is_anonymous:
        return _("An anonymous visitor can’t be contacted. Enter a name or an email address first.")
    if lead.stage == Stage.DISQUALIFIED:
        return _("This lead is disqualified. Reopen it first.")
    if Handoff.objects.filter(lead=lead, state__in=OPEN_STATES).exists():
        return _("Sales already has this lead.")
    if lead.stage == Stage.OPPORTUNITY and lead.owner is not None and lead.owner.is_active:
        return _("%(name)s is working on this lead as an opportunity.") % {"name": lead.owner}
    if model is None:
        return _("No scoring model hands off leads to sales. Publish one first.")
    return "" if has_active_team() else _("No team can take this lead. Create one first.")
