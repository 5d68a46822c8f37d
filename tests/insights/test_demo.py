"""The demo loaded beside a running product: what it makes, who may, what a failure leaves, and taking it away again."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.models import Team, User
from background.enums import JobState
from background.models import JobRun
from handoff.enums import PolicySection
from handoff.models import Handoff
from handoff.policy.routing import read_routing
from handoff.queries.desk import version_in_force
from handoff.queries.rehearsal import rehearse_routing
from insights.actions import DemoError, demo_load, remove_demo, run_demo_step, start_demo
from insights.demo.names import names_in
from insights.demo.story import found_model, hire, tell_story
from leads.models import Activity, ActivityKey, Company, Lead
from notices.models import Notice
from scoring.models import Answer, ScoringModel
from scoring.queries.catalog import catalog
from studio.draft.store import start_model
from tests.clients import as_
from tests.factories import LeadFactory

pytestmark = pytest.mark.django_db
PAGE, LOAD, REMOVE = (reverse(f"insights:{name}") for name in ("demo", "load_demo", "remove_demo"))


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_load, "BATCHES", 2)


def pressed(user: User, address: str) -> str:
    """The page that comes after the press of a button."""
    client = as_(user)
    return client.get(client.post(address).headers["Location"]).content.decode()


def load(by: User, now: datetime, language: str = "en") -> JobRun:
    job = start_demo(by=by, language=language, now=now)
    while run_demo_step(now=now):
        pass
    job.refresh_from_db()
    return job


def everything() -> list[int]:
    return [model.objects.count() for model in (Lead, Company, Activity, Answer, Handoff)]


def test_it_ends_with_hot_leads_in_the_queue_of_whoever_loaded_it(admin: User, now: datetime) -> None:
    job = load(admin, now)
    assert (job.state, job.error, job.done, job.total) == (JobState.DONE, "", 100, 100)
    assert Lead.objects.count() == 100
    assert job.cursor["activities"] == Activity.objects.count() > 500
    assert job.cursor["answers"] == Answer.objects.count() > 20
    waiting = Handoff.objects.filter(state="queued")
    assert waiting.count() > 1
    assert as_(admin).get(reverse("handoff:queue")).context["counts"].team == waiting.count()


def test_it_makes_a_team_with_the_loader_in_it_and_nobody_else(admin: User, now: datetime) -> None:
    load(admin, now)
    admin.refresh_from_db()
    assert [(team.name, team.is_default, list(team.members.all())) for team in Team.objects.all()] == [
        ("Sales", True, [admin])
    ]
    assert list(User.objects.all()) == [admin]


def test_a_team_and_a_model_that_are_there_already_are_left_alone(admin: User, team: Team, now: datetime) -> None:
    model = start_model(name="Mine", by=admin, now=now)
    job = load(admin, now)
    admin.refresh_from_db()
    assert (list(Team.objects.all()), admin.team) == ([team], None)
    assert list(ScoringModel.objects.all()) == [model]
    assert (job.state, Handoff.objects.count()) == (JobState.DONE, 0)
    assert "“Mine” isn’t published" in as_(admin).get(PAGE).content.decode()


def test_a_team_that_no_longer_works_does_not_stand_in_the_way(admin: User, now: datetime) -> None:
    Team.objects.create(name="Sales", is_active=False)
    load(admin, now)
    assert set(Team.objects.filter(is_active=True).values_list("name", flat=True)) == {"Sales 2"}


@pytest.mark.parametrize(("language", "team", "model"), [("en", "Sales", "Default"), ("ja", "営業部", "標準")])
def test_it_speaks_the_language_of_whoever_loads_it(
    admin: User, now: datetime, language: str, team: str, model: str
) -> None:
    load(admin, now, language)
    assert (Team.objects.get().name, ScoringModel.objects.get().name) == (team, model)
    groups = ScoringModel.objects.get().current_version.document["groups"]
    assert all(any(letter > "⺀" for letter in group["name"]) == (language == "ja") for group in groups)


def test_all_names_of_the_two_languages_differ() -> None:
    english, japanese = vars(names_in("en")), vars(names_in("ja"))
    assert [name for name in english if english[name] == japanese[name]] == []


def test_a_failure_is_kept_and_going_on_makes_no_duplicates(
    admin: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def burst(number: int, **_rest: object) -> None:
        raise RuntimeError("no disk")

    whole = demo_load.make_batch
    monkeypatch.setattr(demo_load, "make_batch", lambda number, **rest: (burst if number else whole)(number, **rest))
    job = load(admin, now)
    assert (job.state, job.error, Lead.objects.count()) == (JobState.FAILED, "RuntimeError: no disk", 50)
    page = as_(admin).get(PAGE).content.decode()
    assert ("no disk" in page, "Resume" in page) == (True, True)
    monkeypatch.setattr(demo_load, "make_batch", whole)
    again = load(admin, now)
    assert (again.pk, again.state, again.error) == (job.pk, JobState.DONE, "")
    assert (Lead.objects.count(), Lead.objects.values("external_id").distinct().count()) == (100, 100)
    assert Team.objects.count() == 1


def test_it_is_refused_where_there_are_leads(admin: User, now: datetime) -> None:
    LeadFactory()
    with pytest.raises(DemoError, match="You already have leads"):
        start_demo(by=admin, language="en", now=now)
    answer = pressed(admin, LOAD)
    assert ("You already have leads" in answer, JobRun.objects.count()) == (True, 0)


def test_a_second_press_begins_no_second_job(admin: User, now: datetime) -> None:
    start_demo(by=admin, language="en", now=now)
    with pytest.raises(DemoError, match="already loading"):
        start_demo(by=admin, language="en", now=now)
    answer = pressed(admin, LOAD)
    assert ("already loading" in answer, JobRun.objects.count()) == (True, 1)


@pytest.mark.parametrize("role", ["rep", "manager", "marketer"])
def test_only_an_administrator_may(request: pytest.FixtureRequest, admin: User, now: datetime, role: str) -> None:
    user = request.getfixturevalue(role)
    for refused in (lambda: start_demo(by=user, language="en", now=now), lambda: remove_demo(by=user)):
        with pytest.raises(PermissionDenied):
            refused()
    assert [as_(user).post(address).status_code for address in (LOAD, REMOVE)] == [403, 403]
    assert not JobRun.objects.exists()


def test_pages_tell_how_far_it_is_and_what_it_made(admin: User, now: datetime) -> None:
    page = as_(admin)
    assert "150 companies" in page.get(PAGE).content.decode()
    assert page.post(LOAD).status_code == 303
    assert "Waiting to start" in page.get(PAGE).content.decode()
    for _step in range(2):
        run_demo_step(now=now)
    progress = page.get(reverse("insights:demo_progress"), headers={"HX-Request": "true"})
    assert 'value="50"' in progress.content.decode()
    while run_demo_step(now=now):
        pass
    ended = page.get(reverse("insights:demo_progress"), headers={"HX-Request": "true"})
    assert ended.headers["HX-Redirect"] == PAGE
    found = page.get(PAGE).context["loaded"]
    assert (found.leads, found.companies, found.waiting > 0, found.team) == (100, 30, True, "Sales")


def test_removing_it_leaves_what_is_real(admin: User, now: datetime) -> None:
    load(admin, now)
    real = LeadFactory(company=Company.objects.first())
    assert as_(admin).post(REMOVE).status_code == 303
    assert list(Lead.objects.all()) == [real]
    assert everything() == [1, 1, 0, 0, 0]
    assert not ActivityKey.objects.exists()
    assert not Notice.objects.filter(url__contains="/handoffs/").exists()
    assert ScoringModel.objects.count() == Team.objects.count() == 1
    with pytest.raises(DemoError, match="no demo data"):
        remove_demo(by=admin)


def test_a_demo_lead_that_a_real_one_was_merged_into_stays(admin: User, now: datetime) -> None:
    load(admin, now)
    kept = Lead.objects.first()
    LeadFactory(merged_into=kept)
    assert remove_demo(by=admin) == 99
    assert Lead.objects.count() == 2


def test_after_removing_it_the_demo_can_be_loaded_again(admin: User, now: datetime) -> None:
    load(admin, now)
    before = everything()
    remove_demo(by=admin)
    assert load(admin, now).state == JobState.DONE
    assert everything() == before


@pytest.mark.parametrize(
    ("language", "teams"), [("en", ["International", "Tokyo sales"]), ("ja", ["東京営業部", "海外営業部"])]
)
def test_the_year_of_seed_demo_is_of_either_language(now: datetime, language: str, teams: list[str]) -> None:
    names = names_in(language)
    model = found_model(hire(names, now), names, now)
    assert (model.name, model.versions.get().note) == (names.model, names.publish_note)
    assert sorted(Team.objects.values_list("name", flat=True)) == teams


def test_a_rehearsal_of_the_rules_in_force_repeats_every_decision_of_the_story() -> None:
    now = timezone.now()
    tell_story(seed=1, leads=60, language="en", now=now, report=lambda line: None)
    routing = read_routing(version_in_force(PolicySection.ROUTING).document, catalog())
    rehearsed = rehearse_routing(routing, Handoff.objects.all(), days=365, now=now)
    assert len(rehearsed.leads) > 15
    assert [(str(row.handoff.lead), row.before, row.after) for row in rehearsed.differing] == []
    assert [row.handoff.pk for row in rehearsed.leads if not row.is_repeated] == []
