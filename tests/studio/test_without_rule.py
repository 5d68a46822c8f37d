"""A rule tried off: who would no longer be hot, by name, and the draft as it was."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from scoring.lead_sets import lead_set
from scoring.models import ScoringModel
from studio.draft.document import RulePlace
from studio.draft.store import draft_token
from studio.queries.effect import EffectTimeoutError
from studio.queries.lead_sets import without_sets
from studio.views import without_rule
from tests.clients import as_
from tests.factories import LeadFactory, activity
from tests.published import Publish, document, mail_rule

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ASKED = {"group": "Interest", "rule": "Opened a mail"}


@pytest.fixture
def now() -> datetime:
    """The pages read the clock themselves."""
    return timezone.now() - timedelta(minutes=5)


@pytest.fixture
def model(publish: Publish, rep: User, outsider: User, now: datetime) -> ScoringModel:
    """Two leads that are hot by their mails, one of the rep and one of another team's; one that is hot anyway."""
    for owner, kinds in ((rep, ["email_open"] * 2), (outsider, ["email_open"] * 2), (rep, ["page_view"] * 4)):
        lead = LeadFactory(owner=owner, team=owner.team, name=f"{kinds[0]} of {owner.name}")
        for number, kind in enumerate(kinds):
            activity(lead, kind, now - DAY, object=str(number))
    views = {"name": "Looked around", "each": {"activity": "page_view"}, "points": 20}
    return publish(document(mail_rule(points=40), views))


def shown(user: User, model: ScoringModel, **asked: str) -> str:
    return as_(user).get(reverse("studio:without_effect", args=[model.pk]), asked or ASKED).content.decode()


def test_without_the_rule_those_are_named_who_would_no_longer_be_hot(marketer: User, model: ScoringModel) -> None:
    page = shown(marketer, model)
    assert all(name in page for name in ("email_open of Ren Rep", "email_open of Osamu Outsider"))
    assert "page_view of Ren Rep" not in page
    assert ScoringModel.objects.get(pk=model.pk).draft == model.draft


def test_a_rep_reads_the_whole_number_and_the_names_of_own_leads(rep: User, model: ScoringModel) -> None:
    page = shown(rep, model)
    assert "email_open of Ren Rep" in page
    assert "Osamu Outsider" not in page
    assert ">2<" in page


def test_the_number_opens_the_leads_that_it_counts(model: ScoringModel, now: datetime) -> None:
    name = f"{without_sets(model, RulePlace(group=0, rule=0))}.leaving"
    found = lead_set(name, timezone.now())
    assert len(found.ids) == 2
    assert found.words == "Opened a mail: would stop being hot"


def test_the_page_offers_to_turn_the_rule_off_in_the_draft(marketer: User, rep: User, model: ScoringModel) -> None:
    address, press = (
        reverse("studio:without", args=[model.pk]),
        reverse("studio:press", args=[model.pk, 0, 0, "switch"]),
    )
    assert press in as_(marketer).get(address, ASKED).content.decode()
    assert press not in as_(rep).get(address, ASKED).content.decode()
    fresh = ScoringModel.objects.get(pk=model.pk)
    as_(marketer).post(press, {"seen": draft_token(fresh)})
    fresh.refresh_from_db()
    assert fresh.draft is not None
    assert fresh.draft["groups"][0]["rules"][0]["disabled"] is True
    assert press not in as_(marketer).get(address, ASKED).content.decode()


def test_a_rule_that_is_not_published_changes_nothing_and_the_page_says_so(marketer: User, model: ScoringModel) -> None:
    address = reverse("studio:without", args=[model.pk])
    assert "no longer has this rule" in as_(marketer).get(address, {"group": "x", "rule": "y"}).content.decode()
    answer = as_(marketer).get(reverse("studio:without_effect", args=[model.pk]), {"group": "x", "rule": "y"})
    assert answer.status_code == 404


def test_too_many_leads_are_left_to_the_draft(
    marketer: User, model: ScoringModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(*args: object, **options: object) -> None:
        raise EffectTimeoutError

    monkeypatch.setattr(without_rule, "without_rule_of", cut_off)
    assert "Too many leads to count right now" in shown(marketer, model)
