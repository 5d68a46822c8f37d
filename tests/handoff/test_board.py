"""The board of a team."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from tests.handoff.pages import names
from tests.handoff.world import claimed_by, contacted_by, handoff_of, jst


def test_the_board_shows_columns_load_and_what_is_at_risk(client, manager, rep):
    handoff_of()
    claimed_by(rep)
    client.force_login(manager)
    context = client.get("/handoff/board/").context
    assert [(column.state, column.count) for column in context["columns"]] == [
        ("queued", 1), ("claimed", 1), ("contacted", 0), ("accepted", 0),
    ]  # fmt: skip
    assert [(load.person, load.open) for load in context["loads"]] == [(rep, 1)]
    assert len(context["at_risk"]) == 2


def test_the_counts_of_the_board_lead_to_exactly_their_rows(client, manager, rep):
    handoff_of(name="waits")
    handoff_of(name="fresh", at=timezone.now())
    claimed_by(rep, name="his", at=jst(7, 15, 10))
    contacted_by(rep, name="spoken with")
    client.force_login(manager)
    page = client.get(reverse("handoff:board"))
    html = page.content.decode()
    wanted = {f"/queue/?tab=all&amp;state={column.state}": column.count for column in page.context["columns"]}
    wanted |= {f"/queue/?tab=all&amp;owner={load.person.pk}": load.open for load in page.context["loads"]}
    wanted["/queue/?tab=all&amp;due=soon"] = page.context["at_risk_count"]
    assert sorted(wanted.values()) == [0, 1, 1, 2, 2, 3]
    for address, count in wanted.items():
        assert address in html
        assert len(names(client.get(address.replace("&amp;", "&")))) == count, address


def test_the_board_shows_all_that_is_at_risk(client, manager):
    for _number in range(10):
        handoff_of()
    client.force_login(manager)
    assert len(client.get("/handoff/board/").context["at_risk"]) == 10
