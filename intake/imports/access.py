"""The one door to imports."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from accounts.models import User
from intake.models import LeadImport
from leads.access import SEES_ALL
from leads.enums import ImportState


def visible_imports(user: User) -> QuerySet[LeadImport]:
    """Who sees all leads sees all imports; a manager sees their own. Without the files themselves."""
    imports = LeadImport.objects.select_related("by", "job").defer("content")
    return imports if user.role in SEES_ALL else imports.filter(by=user)


def import_for(user: User, pk: int) -> LeadImport:
    """Raises Http404 for an import that `user` may not see."""
    lead_import = visible_imports(user).filter(pk=pk).first()
    if lead_import is None:
        raise Http404
    return lead_import


def unrun_import_for(user: User, pk: int) -> LeadImport:
    """The same of an import whose mapping may still change."""
    lead_import = import_for(user, pk)
    if lead_import.state not in (ImportState.MAPPING, ImportState.CHECKED):
        raise Http404
    return lead_import
