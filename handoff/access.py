"""The one door to hand-offs: queue, panel, board and every action begin here. Unseen: 404; read-only: 403."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from accounts.enums import Role
from accounts.models import Team, User
from handoff.enums import HandoffState
from handoff.models import Calendar, Feedback, Handoff

SEES_ALL = (Role.MARKETER, Role.ADMIN)
ACTS_FOR_OTHERS = (Role.MANAGER, Role.ADMIN)
# They answer first, and sales goes on from there.
FIRST_RESPONDERS = (Role.MARKETER, Role.OUTSOURCED)
FIRST_RESPONSE_STATES = (HandoffState.QUEUED, HandoffState.CLAIMED, HandoffState.CONTACTED)


def visible_handoffs(user: User) -> QuerySet[Handoff]:
    """Marketers and admins see all, managers the team's, reps own and waiting ones, helpers own."""
    handoffs = Handoff.objects.all()
    if user.role in SEES_ALL:
        return handoffs
    own = Q(owner=user)
    if user.role == Role.MANAGER and user.team_id:
        return handoffs.filter(own | Q(team_id=user.team_id))
    if user.role == Role.REP and user.team_id:
        # First responders as a sub-query, not a join: the queue keeps the order of its index.
        responders = User.objects.filter(role__in=FIRST_RESPONDERS)
        answered = Q(state=HandoffState.CONTACTED, owner__in=responders)
        return handoffs.filter(own | Q(team_id=user.team_id) & (Q(owner=None) | answered))
    return handoffs.filter(own)


def visible_feedback(user: User) -> QuerySet[Feedback]:
    """Marketers and admins see what all of sales says; managers and reps their own and their team's; nobody outside."""
    feedback = Feedback.objects.all()
    if user.role in SEES_ALL:
        return feedback
    if user.role not in (Role.MANAGER, Role.REP):
        return feedback.none()
    own = Q(by=user) | Q(handoff__owner=user)
    return feedback.filter(own | Q(handoff__team_id=user.team_id)) if user.team_id else feedback.filter(own)


def handoff_for(user: User, pk: int, *, write: bool = False) -> Handoff:
    """The hand-off that `user` asked for. Raises Http404 when unseen, PermissionDenied when not to be worked on."""
    related = ("lead__company", "lead__source", "team", "owner", "model", "episode", "reject_reason")
    handoff = visible_handoffs(user).select_related(*related).filter(pk=pk).first()
    if handoff is None:
        raise Http404
    if write and not may_work_on(user, handoff):
        raise PermissionDenied
    return handoff


def may_work_on(user: User, handoff: Handoff) -> bool:
    """Own ones, free ones of the team; managers and admins act for others; marketers only up to the first response."""
    if user.role in ACTS_FOR_OTHERS:
        return True
    if user.role == Role.MARKETER and handoff.state not in FIRST_RESPONSE_STATES:
        return False
    return handoff.owner_id in (None, user.pk) or may_take_over(user, handoff)


def may_take_over(user: User, handoff: Handoff) -> bool:
    """Sales goes on where a marketer or external staff has given the first response."""
    if handoff.state != HandoffState.CONTACTED or handoff.owner is None:
        return False
    return handoff.owner.role in FIRST_RESPONDERS and user.role not in FIRST_RESPONDERS


def is_given(handoff: Handoff) -> bool:
    """Whether it waits for one person, who works on it without claiming it again.

    A helper from outside claims it first: that is what shows how to reach the lead.
    """
    waits_for = handoff.owner if handoff.state == HandoffState.QUEUED else None
    return waits_for is not None and waits_for.role != Role.OUTSOURCED


def teams_to_set(user: User) -> QuerySet[Team]:
    """The teams whose calendar this person may choose."""
    teams = Team.objects.filter(is_active=True)
    if user.role == Role.ADMIN:
        return teams
    return teams.filter(pk=user.team_id) if user.role == Role.MANAGER and user.team_id else teams.none()


def may_change_calendar(user: User, calendar: Calendar) -> bool:
    """Admins change every calendar; a manager the one that only their own team works by."""
    if user.role == Role.ADMIN:
        return True
    if user.role != Role.MANAGER or not user.team_id or calendar.is_default:
        return False
    return {use.team_id for use in calendar.teams.all()} == {user.team_id}
