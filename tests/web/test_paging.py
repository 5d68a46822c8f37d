from __future__ import annotations

import pytest

from accounts.keyset import slice_of
from accounts.models import Team, User

pytestmark = pytest.mark.django_db


def test_a_mark_leads_on_in_its_own_list_and_to_the_first_page_of_any_other(rep: User, manager: User) -> None:
    """In the order of another field or of another model it would compare a name with an instant."""
    Team.objects.bulk_create(Team(name=name) for name in ("Kobe", "Nara"))
    first = slice_of(Team.objects.all(), order="name", size=1)
    on = slice_of(Team.objects.all(), order="name", after=first.after, size=1)
    assert [row.name for row in first.rows + on.rows] == ["Kobe", "Nara"]
    for rows, order in ((Team.objects.all(), "pk"), (User.objects.all(), "created_at")):
        foreign = slice_of(rows, order=order, after=first.after, size=1)
        assert foreign.rows == slice_of(rows, order=order, size=1).rows
        assert foreign.before == ""
