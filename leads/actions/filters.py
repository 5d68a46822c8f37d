from __future__ import annotations

from django.db import transaction

from accounts.models import User
from leads.models import SavedFilter


@transaction.atomic
def save_filter(*, by: User, page: str, name: str, query: str, is_shared: bool) -> SavedFilter:
    """Keep a list's query string under a name; one's own filter of that name is replaced."""
    saved, _created = SavedFilter.objects.update_or_create(
        user=by, page=page, name=name, defaults={"query": query, "is_shared": is_shared}
    )
    return saved


@transaction.atomic
def delete_filter(*, by: User, saved: SavedFilter) -> bool:
    """Take one's own filter away; somebody else's stays. Whether anything was deleted."""
    deleted, _kinds = SavedFilter.objects.filter(pk=saved.pk, user=by).delete()
    return bool(deleted)
