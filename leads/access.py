"""The one door to leads: list, page, API, export and bulk all begin here. Unseen is 404, seen but read-only is 403."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from accounts.enums import Role
from accounts.models import User
from accounts.policies import is_allowed
from leads import policies
from leads.errors import LeadErasedError
from leads.models import Company, Lead
from leads.models.lead import LeadQuerySet

SEES_ALL = (Role.MARKETER, Role.ADMIN)


def visible_leads(user: User) -> LeadQuerySet:
    """Marketers and admins see all; a manager the team's; a rep their own and the team's queue; a helper their own."""
    leads = Lead.objects.present()
    if user.role in SEES_ALL:
        return leads
    if user.role == Role.MANAGER and user.team_id:
        return leads.filter(Q(team_id=user.team_id) | Q(owner__team_id=user.team_id) | Q(owner=user))
    if user.role == Role.REP and user.team_id:
        return leads.filter(Q(owner=user) | Q(owner=None, team_id=user.team_id))
    return leads.filter(owner=user)


def lead_for(user: User, pk: int, *, write: bool = False) -> Lead:
    """The lead that `user` asked for.

    Raises Http404 when unseen, PermissionDenied when seen but not to be changed, as LeadErasedError where its data
    was erased.
    """
    lead = visible_leads(user).select_related("company", "source", "owner", "team").filter(pk=pk).first()
    if lead is None:
        raise Http404
    if write and lead.erased_at is not None:
        raise LeadErasedError
    if write and not may_edit(user, lead):
        raise PermissionDenied
    return lead


def lead_to_log(user: User, pk: int) -> Lead:
    """The lead into whose log `user` writes. Raises what `lead_for` raises."""
    lead = lead_for(user, pk)
    if lead.erased_at is not None:
        raise LeadErasedError
    if not may_log(user, lead):
        raise PermissionDenied
    return lead


def may_edit(user: User, lead: Lead) -> bool:
    """A rep edits only what is their own; the others edit what they see. Nobody edits what was erased."""
    if lead.erased_at is not None:
        return False
    if user.role == Role.REP:
        return lead.owner_id == user.pk
    return is_allowed(user, policies.EDIT)


def may_log(user: User, lead: Lead) -> bool:
    """Who may write into the log of a lead they see: all who may edit it, and a helper for what was given to them."""
    return (user.role == Role.OUTSOURCED and lead.erased_at is None) or may_edit(user, lead)


def company_for(user: User, pk: int) -> Company:
    """The company that `user` asked for. Raises Http404 when unseen."""
    company = visible_companies(user).filter(pk=pk).first()
    if company is None:
        raise Http404
    return company


def visible_companies(user: User) -> QuerySet[Company]:
    """A company is seen by whoever sees one of its leads."""
    if user.role in SEES_ALL:
        return Company.objects.present()
    return Company.objects.present().filter(pk__in=visible_leads(user).exclude(company=None).values("company"))
