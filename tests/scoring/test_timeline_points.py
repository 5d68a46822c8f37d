"""What the timeline says of points: what each activity gives now, and what turned when."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Team, User
from leads.models import Lead
from leads.queries.timeline import TimelineEntry, timeline
from scoring.models import ScoreChange, ScoringModel
from tests.clients import as_
from tests.factories import LeadFactory, activity
from tests.published import Publish, document, mail_rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(rep: User, team: Team, now: datetime) -> Lead:
    made: Lead = LeadFactory(owner=rep, team=team)
    for days in (0, 30):
        activity(made, "email_open", now - timedelta(days=days), object=f"mail-{days}")
    activity(made, "phone_call", now - timedelta(days=1))
    return made


def activities(reader: User, lead: Lead) -> dict[str, TimelineEntry]:
    page = timeline(leads=[lead.pk], reader=reader, opened=[lead.pk], kind="activity")
    return {entry.object: entry for entry in page.entries}


def test_each_activity_says_what_it_gives_now_of_what_it_gave_over_all_rules(
    rep: User, lead: Lead, publish: Publish, now: datetime
) -> None:
    fading = mail_rule(points=12, decay={"half_life": "30d"})
    lasting = mail_rule(name="Read a mail", points=3)
    with time_machine.travel(now, tick=False):
        publish(document(fading, lasting), at=now)
        given = {name: (entry.points, entry.full_points) for name, entry in activities(rep, lead).items()}
        page = " ".join(as_(rep).get(reverse("leads:timeline", args=[lead.pk])).content.decode().split())
    assert given == {"mail-0": (1500, 1500), "mail-30": (900, 1500), "": (None, None)}
    assert ("+9 of 15" in page, "> +15 <" in page or ">+15<" in page) == (True, True)


def test_the_points_of_a_page_cost_as_many_queries_for_two_activities_as_for_twenty(
    rep: User, lead: Lead, publish: Publish, now: datetime
) -> None:
    with time_machine.travel(now, tick=False):
        publish(document(mail_rule(points=2)), at=now)
        with CaptureQueriesContext(connection) as few:
            activities(rep, lead)
        for minutes in range(20):
            activity(lead, "email_open", now - timedelta(minutes=minutes), object=f"more-{minutes}")
        with CaptureQueriesContext(connection) as many:
            assert activities(rep, lead)["more-3"].points == 200
    assert len(many) == len(few)


def test_who_sees_no_scores_sees_no_points_of_activities(
    helper: User, lead: Lead, publish: Publish, now: datetime
) -> None:
    with time_machine.travel(now, tick=False):
        publish(document(mail_rule(points=2)), at=now)
        assert {entry.points for entry in activities(helper, lead).values()} == {None}


def test_a_high_total_alone_is_no_flame_in_the_timeline(
    marketer: User, lead: Lead, publish: Publish, now: datetime
) -> None:
    far = [{"name": "Far", "when": {"score": "total", "op": ">=", "value": 99}}]
    with time_machine.travel(now, tick=False):
        publish(document(mail_rule(points=45), hot=far), at=now)
        model = ScoringModel.objects.get()
        page = timeline(leads=[lead.pk], reader=marketer, opened=[], kind="score")
    assert ScoreChange.objects.filter(model=model, band="hot").exists()
    assert [(entry.title, entry.icon, entry.tone) for entry in page.entries] == [
        ("Score: high interest", "trending-up", "")
    ]
