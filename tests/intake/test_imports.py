"""What becomes of rows: who is who, what changes, what is refused, what counts once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Team, User
from intake.imports.sources import MAX_NEW
from intake.models import LeadImport
from leads.actions.merge import merge_leads
from leads.enums import AttributeOwner, AttributeType, Stage, TitleLevel
from leads.models import Activity, ActivityKey, AttributeDefinition, Company, DirtyMark, Lead, Source, StageChange
from tests.factories import CompanyFactory, LeadFactory
from tests.intake.importing import counts, imported, received, rehearsed, report

pytestmark = pytest.mark.django_db

BY_EMAIL: dict[str, Any] = {"identity": "email", "columns": {"mail": "lead.email", "name": "lead.name"}}


def test_rows_become_leads_with_everything_that_the_mapping_says(marketer: User, now: datetime) -> None:
    AttributeDefinition.objects.create(code="seats", type=AttributeType.INTEGER, label_en="Seats", label_ja="席数")
    AttributeDefinition.objects.create(
        owner=AttributeOwner.COMPANY, code="isic", type=AttributeType.TEXT, label_en="ISIC", label_ja="ISIC"
    )
    text = (
        "mail,name,position,level,tel,firm,staff,via,plan,ok,seats,isic,since\n"
        'Ｓａｔｏ@Example.JP,佐藤 花子,製造課長,課長,０３-1234-5678,アクメ株式会社,"1,200",展示会,'
        "2027年1月15日,はい,30,C28,2026-06-01\n"
    )
    mapping = {
        "identity": "email",
        "columns": {
            "mail": "lead.email", "name": "lead.name", "position": "lead.title", "level": "lead.title_level",
            "tel": "lead.phone", "firm": "company.name", "staff": "company.employees", "via": "lead.source",
            "plan": "lead.planned_on", "ok": "lead.consent", "seats": "custom.seats", "isic": "company.custom.isic",
            "since": "lead.created_at",
        },
        "constants": {"lead.origin": "sales", "lead.country": "Japan"},
    }  # fmt: skip
    found = imported(text, mapping, marketer, now)
    assert (counts(found), found.state, bytes(found.content)) == ((1, 0, 0, 0), "done", b"")
    lead = Lead.objects.select_related("company", "source").get()
    assert (lead.email, lead.name, lead.title) == ("sato@example.jp", "佐藤 花子", "製造課長")
    assert (lead.title_level, lead.phone, lead.origin) == (TitleLevel.MANAGER, "03-1234-5678", "sales")
    assert (lead.planned_on, lead.consent, lead.custom) == (date(2027, 1, 15), True, {"seats": 30})
    assert (lead.country, lead.stage, lead.team_id) == ("JP", Stage.INQUIRY, None)
    assert lead.created_at == datetime(2026, 5, 31, 15, 0, tzinfo=UTC)
    assert lead.source is not None
    assert lead.source.code == "exhibition"
    assert lead.company is not None
    assert (lead.company.name, lead.company.employees) == ("アクメ株式会社", 1200)
    assert lead.company.custom == {"isic": "C28"}
    assert set(DirtyMark.objects.values_list("lead_id", flat=True)) == {lead.pk}


def test_the_same_person_is_found_by_address_whatever_its_case_and_width(marketer: User, now: datetime) -> None:
    lead = LeadFactory(email="hanako@example.jp", name="")
    found = imported("mail,name\nＨＡＮＡＫＯ@example.jp,Hanako\nhanako@example.jp,Hanako\n", BY_EMAIL, marketer, now)
    assert report(found) == [(1, "updated", []), (2, "unchanged", [])]
    assert list(Lead.objects.values_list("pk", "name")) == [(lead.pk, "Hanako")]


def test_rows_of_the_same_person_are_one_lead_and_empty_cells_change_nothing(marketer: User, now: datetime) -> None:
    text = "mail,name\na@example.jp,First\na@example.jp,\nb@example.jp,Other\na@example.jp,Last\n"
    found = imported(text, BY_EMAIL, marketer, now)
    assert [row[1] for row in report(found)] == ["created", "unchanged", "created", "updated"]
    assert dict(Lead.objects.values_list("email", "name")) == {"a@example.jp": "Last", "b@example.jp": "Other"}


def test_a_row_without_an_identity_is_rejected_with_the_reason_and_its_cells(marketer: User, now: datetime) -> None:
    found = imported("mail,name\n,Nobody\nx@example.jp,Somebody\n", BY_EMAIL, marketer, now)
    assert report(found) == [
        (
            1,
            "rejected",
            ["mail: Nothing says who this is. Enter an email, an ID, a phone number, or a name with a company."],
        ),
        (2, "created", []),
    ]
    assert found.report.get(number=1).cells == ["", "Nobody"]


def test_a_cell_that_cannot_be_read_stays_out_and_the_row_comes_in(marketer: User, now: datetime) -> None:
    columns = {"mail": "lead.email", "plan": "lead.planned_on", "staff": "company.employees", "firm": "company.name"}
    mapping = {"identity": "email", "columns": columns}
    found = imported("mail,plan,staff,firm\nx@example.jp,2026-02-30,many,Acme\n", mapping, marketer, now)
    assert report(found) == [
        (
            1,
            "created",
            [
                "plan: The date “2026-02-30” doesn’t exist. Check the day and the month.",
                "staff: “many” isn’t a whole number. Write digits only, such as 300.",
            ],
        )
    ]
    assert (Lead.objects.get().planned_on, Company.objects.get().employees) == (None, None)
    assert found.summary["found"]["remarked"] == 1


def test_bad_cells_are_a_problem_of_their_row_only(marketer: User, now: datetime) -> None:
    long = "x" * 200_000
    text = f"mail,name\na@example.jp,{long}\nb@example.jp,n\0ul\nc@example.jp,=cmd|calc,extra\nd@example.jp,=1+1\n"
    found = imported(text, BY_EMAIL, marketer, now)
    assert report(found) == [
        (1, "created", ["name: Longer than 160 characters. Shorten it."]),
        (2, "created", ["name: Contains a NUL character. Remove it."]),
        (3, "rejected", ["The row has 3 cells, the header has 2. Quote texts with the delimiter, or remove cells."]),
        (4, "created", []),
    ]
    assert dict(Lead.objects.values_list("email", "name")) == {
        "a@example.jp": "",
        "b@example.jp": "",
        "d@example.jp": "=1+1",
    }
    assert found.report.get(number=3).cells == ["c@example.jp", "=cmd|calc", "extra"]


def test_an_external_id_names_the_lead_and_an_address_of_somebody_else_is_refused(
    marketer: User, now: datetime
) -> None:
    LeadFactory(external_id="A", email="a@example.jp", name="")
    LeadFactory(external_id="B", email="b@example.jp", name="")
    mapping = {
        "identity": "external_id",
        "columns": {"id": "lead.external_id", "mail": "lead.email", "name": "lead.name"},
    }
    text = (
        "id,mail,name\nA,new@example.jp,Ann\nB,new@example.jp,Bob\nC,b@example.jp,Cid\n"
        "D,d@example.jp,Dan\nE,d@example.jp,Eva\n"
    )
    found = imported(text, mapping, marketer, now)
    taken = "Another lead already has this email address. Merge the two leads, or enter another address."
    assert report(found) == [
        (1, "updated", []),
        (2, "rejected", [taken]),
        (3, "rejected", [taken]),
        (4, "created", []),
        (5, "rejected", [taken]),
    ]
    assert dict(Lead.objects.values_list("external_id", "email")) == {
        "A": "new@example.jp",
        "B": "b@example.jp",
        "D": "d@example.jp",
    }


def test_a_lead_known_by_its_address_gets_the_external_id_of_the_file(marketer: User, now: datetime) -> None:
    lead = LeadFactory(external_id="", email="a@example.jp")
    mapping = {"identity": "external_id", "columns": {"id": "lead.external_id", "mail": "lead.email"}}
    found = imported("id,mail\nCRM-1,a@example.jp\n", mapping, marketer, now)
    assert counts(found) == (0, 1, 0, 0)
    lead.refresh_from_db()
    assert lead.external_id == "CRM-1"


def test_a_company_is_found_by_its_name_or_made_once(marketer: User, now: datetime) -> None:
    acme = CompanyFactory(name="ＡＣＭＥ  株式会社", employees=None)
    mapping = {
        "identity": "email",
        "columns": {"mail": "lead.email", "firm": "company.name", "staff": "company.employees"},
    }
    text = "mail,firm,staff\na@example.jp,acme 株式会社,100\nb@example.jp,ベータ,20\nc@example.jp,ﾍﾞｰﾀ,\n"
    found = imported(text, mapping, marketer, now)
    assert found.summary["made"]["companies"] == 1
    assert list(Company.objects.order_by("pk").values_list("name", "employees")) == [(acme.name, 100), ("ベータ", 20)]
    assert Lead.objects.get(email="a@example.jp").company_id == acme.pk
    assert Lead.objects.get(email="c@example.jp").company == Lead.objects.get(email="b@example.jp").company


def test_sources_are_found_by_code_or_word_and_new_ones_are_made_and_named(marketer: User, now: datetime) -> None:
    mapping = {"identity": "email", "columns": {"mail": "lead.email", "via": "lead.source"},
               "values": {"lead.source": {"TEL": "phone", "": "other"}}}  # fmt: skip
    text = (
        "mail,via\na@example.jp,展示会\nb@example.jp,Organic Search\nc@example.jp,TEL\n"
        "d@example.jp,\ne@example.jp,Radio Ad\n"
    )
    found = imported(text, mapping, marketer, now)
    assert list(Lead.objects.order_by("email").values_list("source__code", flat=True)) == [
        "exhibition", "organic_search", "phone", "other", "radio_ad",
    ]  # fmt: skip
    assert found.summary["sources"] == ["radio_ad"]
    assert Source.objects.get(code="radio_ad").label_en == "Radio Ad"


def test_a_column_of_free_text_does_not_become_a_hundred_sources(marketer: User, now: datetime) -> None:
    mapping = {"identity": "email", "columns": {"mail": "lead.email", "via": "lead.source"}}
    text = "mail,via\n" + "".join(f"p{n}@example.jp,heard of it from {n}\n" for n in range(MAX_NEW + 3))
    found = imported(text, mapping, marketer, now)
    assert counts(found) == (MAX_NEW + 3, 0, 0, 0)
    assert len(found.summary["sources"]) == MAX_NEW
    assert Lead.objects.filter(source=None).count() == 3


@pytest.mark.parametrize("dry", [True, False])
def test_a_row_with_a_name_that_a_merged_lead_had_means_the_lead_that_lives_on(
    marketer: User, now: datetime, tmp_path: Path, dry: bool
) -> None:
    """Twice merged, and asked for by its first name; what it is called today stays. A name that somebody else has today
    means that person."""
    first = LeadFactory(email="old@example.jp", name="")
    second = LeadFactory(email="older@example.jp", external_id="X1", name="")
    kept, heir = LeadFactory(email="today@example.jp", external_id="X3", name=""), LeadFactory(name="Heir")
    merge_leads(kept=second, merged=first, by=marketer, now=now)
    merge_leads(kept=kept, merged=second, by=marketer, now=now)
    Lead.objects.filter(pk=heir.pk).update(email="older@example.jp")
    text = "mail,name\nold@example.jp,Saito\nolder@example.jp,Sato\n"
    if dry:
        assert rehearsed(tmp_path, text, BY_EMAIL, now).outcomes == {"updated": 2}
        return
    found = imported(text, BY_EMAIL, marketer, now)
    assert report(found) == [
        (1, "updated", ["“old@example.jp” belongs to a lead merged into this one. The current value was kept."]),
        (2, "updated", ["The lead was called “Heir” before."]),
    ]
    names = Lead.objects.filter(merged_into=None).values_list("email", "name")
    assert set(names) == {("today@example.jp", "Saito"), ("older@example.jp", "Sato")}
    assert Lead.objects.count() == 4
    again = {"identity": "external_id", "columns": {"id": "lead.external_id", "mail": "lead.email"}}
    assert report(imported("id,mail\nX3,old@example.jp\n", again, marketer, now)) == [(1, "updated", [])]
    assert Lead.objects.get(pk=kept.pk).email == "old@example.jp"


def test_a_source_that_only_a_rejected_row_names_is_not_made(marketer: User, now: datetime) -> None:
    mapping = {"identity": "email", "columns": {"mail": "lead.email", "via": "lead.source"}}
    found = imported("mail,via\nnobody,Radio\n", mapping, marketer, now)
    assert counts(found) == (0, 0, 0, 1)
    assert not Source.objects.filter(code="radio").exists()


def test_a_new_lead_may_begin_in_a_later_stage_and_a_known_one_keeps_its_own(marketer: User, now: datetime) -> None:
    known = LeadFactory(email="a@example.jp", stage=Stage.SQL)
    mapping = {"identity": "email", "columns": {"mail": "lead.email", "stage": "lead.stage"}}
    found = imported("mail,stage\na@example.jp,customer\nb@example.jp,顧客\n", mapping, marketer, now)
    assert report(found) == [
        (1, "unchanged", ["The lead already existed; its stage is unchanged."]),
        (2, "created", []),
    ]
    known.refresh_from_db()
    assert known.stage == Stage.SQL
    change = StageChange.objects.get()
    assert (change.lead.email, change.after, change.by, change.reason) == (
        "b@example.jp",
        "customer",
        marketer,
        "imported",
    )


def test_each_row_may_tell_of_one_activity_that_counts_once_however_often_it_comes(
    marketer: User, now: datetime
) -> None:
    mapping = {
        "identity": "email",
        "columns": {"mail": "lead.email"},
        "activity": {"type": "form_submit", "occurred_at": "on", "object": "page", "properties": {"device": "with"}},
        "timezone": "America/Sao_Paulo",
    }
    text = (
        "mail,on,page,with\na@example.jp,2026-02-01,/price,phone\na@example.jp,2026-02-01,/price,phone\n"
        "a@example.jp,2026-02-01,/demo,phone\nb@example.jp,,/price,\n"
    )
    found = imported(text, mapping, marketer, now)
    assert (counts(found), found.summary["made"]) == ((2, 0, 2, 0), {"activities": 2})
    again = imported(text, mapping, marketer, now)
    assert (counts(again), again.summary["made"]) == ((0, 0, 4, 0), {})
    first = Activity.objects.order_by("pk").first()
    assert first is not None
    assert (first.type.code, first.object, first.properties) == ("form_submit", "/price", {"device": "phone"})
    assert (first.occurred_at, first.received_at) == (datetime(2026, 2, 1, 3, 0, tzinfo=UTC), now)
    assert (Activity.objects.count(), ActivityKey.objects.count()) == (2, 2)


def test_a_manager_imports_into_the_team_and_cannot_touch_leads_of_another(
    manager: User, other_team: Team, now: datetime
) -> None:
    LeadFactory(email="theirs@example.jp", team=other_team, name="Theirs")
    found = imported("mail,name\ntheirs@example.jp,Mine\nnew@example.jp,New\n", BY_EMAIL, manager, now)
    assert report(found) == [
        (1, "rejected", ["The lead belongs to another team. Ask that team’s manager, or remove the row."]),
        (2, "created", []),
    ]
    assert Lead.objects.get(email="theirs@example.jp").name == "Theirs"
    assert Lead.objects.get(email="new@example.jp").team == manager.team


def test_a_file_of_activities_needs_leads_that_are_known(marketer: User, now: datetime) -> None:
    lead = LeadFactory(email="a@example.jp")
    columns = {
        "mail": "lead.email", "what": "activity.type", "at": "activity.occurred_at", "page": "activity.object",
        "id": "activity.key", "device": "activity.properties.device",
    }  # fmt: skip
    mapping = {"identity": "email", "columns": columns}
    text = (
        "mail,what,at,page,id,device\na@example.jp,資料請求,2026-11-20 10:00,catalogue,1,pc\n"
        "a@example.jp,Document request,2026-11-20 10:00,catalogue,1,pc\nnobody@example.jp,page_view,2026-11-20,/,2,\n"
        "a@example.jp,teleport,2026-11-20,/,3,\na@example.jp,page_view,2026-12-20,/,4,\n"
    )
    found = imported(text, mapping, marketer, now, kind="activities")
    assert [row[:2] for row in report(found)] == [
        (1, "created"), (2, "unchanged"), (3, "rejected"), (4, "rejected"), (5, "rejected"),
    ]  # fmt: skip
    assert report(found)[2][2] == ["No lead has this value. Check it, or import the lead first."]
    assert report(found)[4][2] == ["at: “2026-12-20” is in the future. Enter when it happened."]
    activity = Activity.objects.get()
    assert (activity.lead, activity.type.code, activity.properties) == (lead, "document_request", {"device": "pc"})


def test_a_dry_run_says_what_the_run_does_and_writes_nothing(marketer: User, now: datetime, tmp_path: Path) -> None:
    LeadFactory(email="known@example.jp", name="Old")
    mapping = BY_EMAIL | {
        "columns": BY_EMAIL["columns"] | {"firm": "company.name", "via": "lead.source"},
        "activity": {"type": "form_submit", "occurred_at": "on"},
    }
    rows = [f"p{n % 700}@example.jp,N{n % 3},Firm {n % 90},Via {n % 4},2026-10-{n % 28 + 1:02}" for n in range(2_500)]
    text = "mail,name,firm,via,on\nknown@example.jp,New,Firm 1,,\n,,,,\nbad,,,,2026-10-01\n" + "\n".join(rows) + "\n"
    tally = rehearsed(tmp_path, text, mapping, now, marketer)
    assert (Lead.objects.count(), Company.objects.count(), Activity.objects.count(), DirtyMark.objects.count()) == (
        1, 0, 0, 1,
    )  # fmt: skip
    assert not Source.objects.filter(code__startswith="via").exists()
    found = imported(text, mapping, marketer, now)
    assert tuple(tally.counts.values()) == counts(found)
    assert dict(tally.made) == found.summary["made"]
    assert found.summary["found"]["counts"] == tally.counts
    assert found.summary["found"]["sources"] == found.summary["sources"] == ["via_0", "via_1", "via_2", "via_3"]


def test_the_history_says_which_import_and_who(marketer: User, now: datetime) -> None:
    found = imported("mail,name\na@example.jp,A\n", BY_EMAIL, marketer, now)
    event = Lead.objects.get().history.get()
    assert event.pgh_context == {"import": found.pk, "user": marketer.pk}


def test_the_last_mapping_of_a_file_with_this_header_is_remembered(marketer: User, now: datetime) -> None:
    mapping = BY_EMAIL | {"columns": {"mail": "lead.email", "name": "lead.title"}, "timezone": "UTC"}
    imported("mail,name\na@example.jp,Boss\n", mapping, marketer, now)
    text = "mail,name\nb@example.jp,Boss\n"
    assert received(text, marketer, now + timedelta(days=1)).mapping == mapping
    assert received("mail,name,x\nb@example.jp,Boss,1\n", marketer, now).mapping["columns"]["name"] == "lead.name"
    assert LeadImport.objects.count() == 3


@pytest.mark.parametrize("text", ["0001-01-01", "1999-12-31", "9999-12-31", "0001-01-01T00:00:00+23:59"])
def test_a_date_outside_the_century_stays_out(marketer: User, now: datetime, text: str) -> None:
    columns = {"mail": "lead.email", "since": "lead.created_at", "plan": "lead.planned_on"}
    mapping = {"identity": "email", "columns": columns}
    refused = imported(f"mail,since,plan\na@example.jp,{text},\nb@example.jp,,{text[:10]}\n", mapping, marketer, now)
    words = "Enter a date between 2000-01-01 and 2100-01-01."
    assert report(refused) == [(1, "created", [f"since: {words}"]), (2, "created", [f"plan: {words}"])]
    assert set(Lead.objects.values_list("created_at", "planned_on")) == {(now, None)}
