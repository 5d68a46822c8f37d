"""The first steps: from nothing to somebody hot, each with its state."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from accounts.models import Team, User
from studio.draft.store import start_model
from studio.queries.first_run import first_run
from tests.clients import as_
from tests.factories import LeadFactory, activity
from tests.published import Publish, document, mail_rule

pytestmark = pytest.mark.django_db


def states(user: User) -> dict[str, bool]:
    return {step.code: step.is_done for step in first_run(user)}


def test_each_step_is_done_when_it_is_and_the_list_ends_with_somebody_hot(
    marketer: User, admin: User, publish: Publish, now: datetime
) -> None:
    nothing = {"template": False, "leads": False, "publish": False, "hot": False}
    assert states(marketer) == nothing
    start_model(name="Default", document=document(mail_rule(points=40)), by=admin, now=now)
    assert states(marketer) == nothing | {"template": True}
    lead = LeadFactory()
    assert states(marketer) == nothing | {"template": True, "leads": True}
    publish(document(mail_rule(points=40)))
    assert states(marketer) == nothing | {"template": True, "leads": True, "publish": True}
    for number in range(2):
        activity(lead, "email_open", now - timedelta(days=1), object=str(number))
    publish(document(mail_rule(points=45)))
    assert states(marketer) == {}


def test_a_step_that_has_to_wait_has_no_link(marketer: User, admin: User, now: datetime) -> None:
    assert [step.code for step in first_run(marketer) if not step.href] == ["publish", "hot"]
    start_model(name="Default", document=document(mail_rule()), by=admin, now=now)
    assert [step.code for step in first_run(marketer) if not step.href] == ["hot"]


def test_the_list_is_put_away_for_one_person(marketer: User, admin: User) -> None:
    assert as_(marketer).post(reverse("studio:dismiss_first_run")).status_code == 303
    assert (first_run(marketer), len(first_run(admin))) == ([], 4)


@pytest.mark.parametrize(("language", "words"), [("en", "Getting started"), ("ja", "はじめに")])
def test_the_list_stands_on_the_models_page_of_those_who_may_begin(
    marketer: User, rep: User, language: str, words: str
) -> None:
    User.objects.update(language=language)
    url = reverse("studio:models")
    assert [words in as_(user).get(url).content.decode() for user in (marketer, rep)] == [True, False]


NO_TEAM = "No active team receives hand-offs yet"


def test_without_an_active_team_the_first_steps_and_the_publish_page_say_so(
    marketer: User, admin: User, now: datetime
) -> None:
    model = start_model(name="Default", document=document(mail_rule()), by=admin, now=now)
    pages = (reverse("studio:models"), reverse("studio:publish", args=[model.pk]))
    for user, way in ((admin, 'href="/settings/teams/"'), (marketer, "Ask an administrator")):
        shown = [as_(user).get(page).content.decode() for page in pages]
        assert [(NO_TEAM in page, way in page) for page in shown] == [(True, True), (True, True)]
    Team.objects.create(name="Tokyo")
    assert [NO_TEAM in as_(admin).get(page).content.decode() for page in pages] == [False, False]


def test_the_way_to_the_demo_stands_beside_the_import_for_administrators(marketer: User, admin: User) -> None:
    pages = [as_(user).get(reverse("studio:models")).content.decode() for user in (admin, marketer)]
    assert [reverse("insights:demo") in page for page in pages] == [True, False]
    LeadFactory()
    assert reverse("insights:demo") not in as_(admin).get(reverse("studio:models")).content.decode()


def test_who_signs_in_to_an_empty_installation_lands_on_the_first_steps(
    marketer: User, admin: User, rep: User, publish: Publish
) -> None:
    homes = [as_(user).get(reverse("frame:home"))["Location"] for user in (marketer, admin, rep)]
    assert homes == [reverse("studio:models"), reverse("studio:models"), reverse("handoff:day")]
    publish(document(mail_rule()))
    assert as_(marketer).get(reverse("frame:home"))["Location"] != reverse("studio:models")


def test_the_last_step_says_why_nobody_is_hot_and_what_helps(marketer: User, publish: Publish, now: datetime) -> None:
    lead = LeadFactory()
    publish(document(mail_rule(points=40)))
    page = as_(marketer).get(reverse("studio:models")).content.decode()
    assert "0 hot, because no activities are recorded yet." in page
    activity(lead, "email_open", now - timedelta(days=1))
    publish(document(mail_rule(points=45)))
    page = as_(marketer).get(reverse("studio:models")).content.decode()
    assert "0 hot, because the best lead has 45 of 70 points." in page


def test_a_new_model_has_a_name_to_begin_with(marketer: User, admin: User, now: datetime) -> None:
    url = reverse("studio:new_model")
    assert 'value="Lead scoring"' in as_(marketer).get(url).content.decode()
    start_model(name="Lead scoring", document=document(), by=admin, now=now)
    assert 'value="Lead scoring 2"' in as_(marketer).get(url).content.decode()
