"""Taking an import back: what it replaced returns, what it made goes, what somebody built on stays and says why."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pghistory
import pytest
from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, models

from accounts.models import User
from intake.imports import jobs
from intake.imports.undo_removal import relations_to
from leads.actions import move_stage
from leads.enums import Stage
from leads.models import Activity, ActivityKey, Company, DirtyMark, Lead
from tests.factories import CompanyFactory, LeadFactory, activity
from tests.intake.importing import imported, report, undone

pytestmark = pytest.mark.django_db

MAPPING: dict[str, Any] = {
    "identity": "email",
    "columns": {"mail": "lead.email", "name": "lead.name", "plan": "lead.planned_on", "firm": "company.name",
                "staff": "company.employees"},
    "activity": {"type": "form_submit", "occurred_at": "on"},
}  # fmt: skip
HEADER = "mail,name,plan,firm,staff,on\n"


def test_everything_returns_as_it_was(marketer: User, now: datetime) -> None:
    acme = CompanyFactory(name="Acme", employees=10)
    lead = LeadFactory(email="old@example.jp", name="Old", planned_on=date(2027, 1, 1), company=None, custom={"a": 1})
    before = Lead.objects.values().exclude(pk=None).get(pk=lead.pk)
    text = HEADER + (
        "old@example.jp,New,2027-02-02,Acme,99,2026-10-01\nold@example.jp,Newer,,Beta,5,2026-10-02\n"
        "fresh@example.jp,Fresh,,Beta,6,2026-10-03\nbad,,,,,\nfresh@example.jp,Fresher,,,,2026-10-04\n"
    )
    found = imported(text, MAPPING, marketer, now)
    assert (found.created, found.updated, found.rejected, Activity.objects.count()) == (1, 3, 1, 4)
    DirtyMark.objects.all().delete()

    found = undone(found, marketer, now)
    assert (found.state, found.undone_at) == ("undone", now)
    assert found.summary["undone"] == {"deleted": 1, "restored": 3, "activities": 4, "companies": 1}
    assert [row[:2] for row in report(found)] == [
        (1, "undone"), (2, "undone"), (3, "undone"), (4, "rejected"), (5, "undone"),
    ]  # fmt: skip
    after = Lead.objects.values().get()
    assert {name: after[name] for name in after if name != "updated_at"} == {
        name: before[name] for name in before if name != "updated_at"
    }
    assert list(Company.objects.values_list("pk", "employees")) == [(acme.pk, 10)]
    assert (Activity.objects.count(), ActivityKey.objects.count()) == (0, 0)
    assert set(DirtyMark.objects.values_list("lead_id", flat=True)) >= {lead.pk}


def test_after_taking_it_back_the_same_file_can_be_imported_again(marketer: User, now: datetime) -> None:
    text = HEADER + "a@example.jp,A,,Acme,9,2026-10-01\n"
    undone(imported(text, MAPPING, marketer, now), marketer, now)
    again = imported(text, MAPPING, marketer, now)
    assert (again.created, again.summary["made"]) == (1, {"activities": 1, "companies": 1})


def test_it_goes_back_batch_by_batch_and_the_last_row_first(
    marketer: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "UNDO_BATCH", 2)
    LeadFactory(email="a@example.jp", name="0")
    text = HEADER + "".join(f"a@example.jp,{n},,,,\nb@example.jp,{n},,,,\n" for n in range(1, 6))
    found = undone(imported(text, MAPPING, marketer, now), marketer, now)
    assert list(Lead.objects.values_list("email", "name")) == [("a@example.jp", "0")]
    assert {row[1] for row in report(found)} == {"undone"}


def test_a_value_that_somebody_changed_since_stays_and_the_report_says_so(marketer: User, now: datetime) -> None:
    lead = LeadFactory(email="a@example.jp", name="Old", planned_on=date(2027, 1, 1))
    found = imported(HEADER + "a@example.jp,New,2027-02-02,,,\n", MAPPING, marketer, now)
    Lead.objects.filter(pk=lead.pk).update(name="Corrected")
    found = undone(found, marketer, now)
    lead.refresh_from_db()
    assert (lead.name, lead.planned_on) == ("Corrected", date(2027, 1, 1))
    assert report(found) == [
        (1, "kept", ["The lead was called “Old” before.", "Name was kept: it changed after the import."])
    ]


def test_an_old_address_that_somebody_else_has_now_does_not_come_back(marketer: User, now: datetime) -> None:
    mapping = {"identity": "external_id", "columns": {"id": "lead.external_id", "mail": "lead.email"}}
    lead = LeadFactory(external_id="1", email="old@example.jp")
    found = imported("id,mail\n1,new@example.jp\n", mapping, marketer, now)
    LeadFactory(email="old@example.jp")
    found = undone(found, marketer, now)
    lead.refresh_from_db()
    assert lead.email == "new@example.jp"
    assert report(found) == [(1, "kept", ["Email was kept: another lead now has the old value."])]


def edited(lead: Lead, by: User, now: datetime) -> None:
    with pghistory.context(user=by.pk, url="/leads/1/"):
        Lead.objects.filter(pk=lead.pk).update(name="Edited")


def called(lead: Lead, by: User, now: datetime) -> None:
    activity(lead, "phone_call", now)


def decided(lead: Lead, by: User, now: datetime) -> None:
    move_stage(lead=lead, to=Stage.SQL, by=by, reason="by_hand", now=now)


def noted(lead: Lead, by: User, now: datetime) -> None:
    lead.notes.create(text="Nice.", by=by)


@pytest.mark.parametrize(
    ("touch", "words"),
    [
        (edited, "Kept: changed after the import."),
        (called, "Kept: the lead has other activities."),
        (decided, "Kept: changed after the import."),
        (noted, "Kept: changed after the import."),
    ],
)
def test_a_lead_that_somebody_worked_with_stays_and_the_report_says_why(
    marketer: User, now: datetime, touch: Any, words: str
) -> None:
    found = imported(HEADER + "a@example.jp,A,,Acme,,2026-10-01\nb@example.jp,B,,,,\n", MAPPING, marketer, now)
    lead = Lead.objects.get(email="a@example.jp")
    touch(lead, marketer, now)
    found = undone(found, marketer, now)
    assert list(Lead.objects.values_list("email", flat=True)) == ["a@example.jp"]
    assert report(found) == [(1, "kept", [words]), (2, "undone", [])]
    assert found.summary["undone"]["kept_leads"] == 1
    assert Company.objects.filter(name="Acme").exists()
    assert not Activity.objects.filter(type__code="form_submit").exists()


def test_what_the_product_itself_derives_keeps_no_lead(marketer: User, now: datetime) -> None:
    found = imported(HEADER + "a@example.jp,A,,,,\n", MAPPING, marketer, now)
    move_stage(lead=Lead.objects.get(), to=Stage.MQL, by=None, reason="became_hot", now=now)
    undone(found, marketer, now)
    assert not Lead.objects.exists()


def test_a_lead_that_another_import_updated_since_stays(marketer: User, now: datetime) -> None:
    first = imported(HEADER + "a@example.jp,A,,,,\n", MAPPING, marketer, now)
    imported(HEADER + "a@example.jp,B,,,,\n", MAPPING, marketer, now)
    first = undone(first, marketer, now)
    assert report(first) == [(1, "kept", ["Kept: changed after the import."])]
    assert Lead.objects.get().name == "B"


def test_a_file_of_activities_goes_back_and_its_leads_stay(marketer: User, now: datetime) -> None:
    lead = LeadFactory(email="a@example.jp")
    mapping = {
        "identity": "email",
        "columns": {"mail": "lead.email", "what": "activity.type", "at": "activity.occurred_at"},
    }
    found = imported("mail,what,at\na@example.jp,page_view,2026-10-01\n", mapping, marketer, now, kind="activities")
    assert Activity.objects.count() == 1
    found = undone(found, marketer, now)
    assert (Activity.objects.count(), Lead.objects.get().pk) == (0, lead.pk)
    assert report(found) == [(1, "undone", [])]


def test_a_deleted_lead_is_no_obstacle(marketer: User, now: datetime) -> None:
    LeadFactory(email="a@example.jp", name="Old")
    found = imported(HEADER + "a@example.jp,New,,,,\nb@example.jp,B,,,,\n", MAPPING, marketer, now)
    Lead.objects.all().delete()
    assert undone(found, marketer, now).state == "undone"
    with pytest.raises(ObjectDoesNotExist):
        Lead.objects.get()


def test_every_table_that_points_to_a_lead_says_whether_a_person_or_the_product_fills_it() -> None:
    """A new one keeps leads until somebody registers it as the product's own; this list is then made longer."""
    labels = {f"{relation.related_model._meta.label}.{relation.field.name}" for relation in relations_to(Lead)}
    of_product = {"leads.StageChange.lead", "scoring.Episode.lead", "handoff.Handoff.lead"}
    of_people = {
        "leads.Activity.lead", "leads.Lead.merged_into", "leads.Visitor.lead", "leads.Merge.kept", "leads.Merge.merged",
        "leads.Note.lead", "scoring.Adjustment.lead", "scoring.Answer.lead", "handoff.Outcome.lead",
        "handoff.Todo.lead", "leads.Erasure.lead",
    }  # fmt: skip
    assert labels == of_product | of_people


SAMPLES: dict[type[models.Field[Any, Any]], Any] = {
    models.CharField: "x", models.TextField: "x", models.SlugField: "x", models.IntegerField: 1,
    models.SmallIntegerField: 1, models.PositiveSmallIntegerField: 1, models.BigIntegerField: 1,
    models.PositiveIntegerField: 1, models.BooleanField: True, models.JSONField: {}, models.ForeignKey: 0,
    models.OneToOneField: 0, models.DateField: date(2026, 11, 1),
    models.DateTimeField: datetime(2026, 11, 1, tzinfo=UTC),
}  # fmt: skip


@pytest.mark.parametrize(
    "label",
    [
        f"{relation.related_model._meta.label}.{relation.field.name}"
        for relation in relations_to(Lead)
        if relation.related_model._meta.label not in ("leads.Activity", "scoring.Episode", "handoff.Handoff")
    ],
)
def test_what_a_person_added_to_a_lead_keeps_it_whatever_table_it_is_in(
    marketer: User, now: datetime, label: str
) -> None:
    found = imported(HEADER + "a@example.jp,A,,,,\nb@example.jp,B,,,,\n", MAPPING, marketer, now)
    lead = Lead.objects.get(email="a@example.jp")
    model, name = label.rsplit(".", 1)
    add_row(apps.get_model(model), name, lead, marketer)
    found = undone(found, marketer, now)
    assert Lead.objects.filter(pk=lead.pk).exists()
    assert not Lead.objects.filter(email="b@example.jp").exists()
    assert [outcome for _number, outcome, _problems in report(found)] == ["kept", "undone"]


def add_row(model: type[models.Model], name: str, lead: Lead, by: User) -> None:
    """A row that points to the lead, with something in every column that needs it; what else it points to is made up
    and never looked at, so its foreign keys are checked by nobody."""
    values: dict[str, Any] = {name: lead}
    for column in model._meta.concrete_fields:
        if column.name == name or column.primary_key or column.has_default() or column.null or column.generated:
            continue
        values[column.attname] = by.pk if column.is_relation and column.related_model is User else SAMPLES[type(column)]
    if any(column.name == "by" for column in model._meta.concrete_fields):
        values["by_id"] = by.pk
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        model._base_manager.create(**values)
        cursor.execute("SET LOCAL session_replication_role = origin")
