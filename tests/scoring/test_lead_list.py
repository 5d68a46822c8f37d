"""The list of leads: what it finds, in which order, at what cost, and what it makes of strange addresses."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from intake.imports.headers import fields_of_headers
from intake.imports.kinds import LEADS
from leads.enums import Stage
from leads.models import AttributeDefinition, Lead, LeadExport, SavedFilter
from scoring.models import LeadScore, ScoringModel, Version
from tests.factories import CompanyFactory, LeadFactory, UserFactory, activity, source

URL = "/leads/"


@pytest.fixture
def model(db, now) -> ScoringModel:
    model = ScoringModel.objects.create(name="Default", is_primary=True)
    model.current_version = Version.objects.create(model=model, number=1, document={}, note="first")
    model.save()
    return model


def scored(lead: Lead, model: ScoringModel, total: int, now) -> Lead:
    band = "hot" if total >= 7000 else "warm" if total >= 4000 else "cold"
    LeadScore.objects.create(
        lead=lead, model=model, version=model.current_version, fit=total, engagement=0, qualification=0, total=total,
        band=band, grade="B2", contributions=[], hot=[], is_hot=band == "hot", scored_at=now,
    )  # fmt: skip
    return lead


@pytest.fixture
def leads(model, now, rep, other_rep) -> dict[str, Lead]:
    acme = CompanyFactory(name="Acme 株式会社", industry="Manufacturing")
    made = {
        "hot": LeadFactory(name="Hot Hana", company=acme, owner=rep, team=rep.team, stage=Stage.MQL, title_level=3),
        "warm": LeadFactory(
            name="Warm Wataru", email="ww@warm.example", source=source("exhibition"), phone="03-9999-1111"
        ),
        "cold": LeadFactory(
            name="Cold Kei", external_id="K-77", origin="sales", custom={"plan": "gold"}, team=rep.team
        ),
        "new": LeadFactory(name="New Nao", source=source("paid_search"), owner=other_rep, team=rep.team),
    }  # fmt: skip
    for age, (key, total) in enumerate({"hot": 8200, "warm": 5500, "cold": 1000}.items()):
        scored(made[key], model, total, now)
        Lead.objects.filter(pk=made[key].pk).update(created_at=now - timedelta(days=40 * age + 1))
    LeadFactory(name="", email="", is_anonymous=True)
    LeadFactory(name="Merged", merged_into=made["hot"])
    return made


def names(client: Client, query: str = "") -> list[str]:
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 200
    page = response.context.get("page")
    return [row.lead.name.split(" ")[0] for row in page.rows] if page else []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["New", "Hot", "Warm", "Cold"]),
        ("sort=created", ["Cold", "Warm", "Hot", "New"]),
        ("sort=-score", ["Hot", "Warm", "Cold", "New"]),
        ("sort=score", ["New", "Cold", "Warm", "Hot"]),
        ("sort=name", ["Cold", "Hot", "New", "Warm"]),
        ("band=hot", ["Hot"]),
        ("band=warm&band=hot&sort=-score", ["Hot", "Warm"]),
        ("band=cold", ["New", "Cold"]),
        ("band=cold&band=warm&band=hot", ["New", "Hot", "Warm", "Cold"]),
        ("stage=mql", ["Hot"]),
        ("stage=inquiry&sort=name", ["Cold", "New", "Warm"]),
        ("source=exhibition", ["Warm"]),
        ("channel=event", ["Warm"]),
        ("origin=sales", ["Cold"]),
        ("industry=Manufacturing", ["Hot"]),
        ("title_level=3", ["Hot"]),
        ("owner=none&sort=name", ["Cold", "Warm"]),
        ("created_to=2026-10-30", ["Warm", "Cold"]),
        ("created_from=2026-10-30", ["New", "Hot"]),
        ("custom.plan=gold", ["Cold"]),
        ("custom.plan=silver", []),
        ("anonymous=with&sort=created&stage=inquiry", ["Cold", "Warm", "New", ""]),
        ("anonymous=only", [""]),
        ("q=hana", ["Hot"]),
        ("q=ACME", ["Hot"]),
        ("q=ＡＣＭＥ", ["Hot"]),
        ("q=ww@warm", ["Warm"]),
        ("q=k-77", ["Cold"]),
        ("q=9999-1111", ["Warm"]),
        ("q=%25", []),
        ("q=_", []),
        ("stage=mql&band=cold", []),
    ],
)
def test_the_list_shows_what_is_asked_for(client: Client, marketer, leads, query: str, found: list[str]) -> None:
    AttributeDefinition.objects.create(code="plan", type="text", label_en="Plan", label_ja="プラン")
    client.force_login(marketer)
    assert names(client, query) == found


def test_mine_is_whoever_asks(client: Client, rep, leads) -> None:
    client.force_login(rep)
    assert names(client, "owner=me") == ["Hot"]


def test_a_rep_sees_own_leads_and_the_teams_queue_only(client: Client, rep, leads) -> None:
    client.force_login(rep)
    assert names(client, "sort=name") == ["Cold", "Hot"]


def test_a_lead_without_a_score_is_cold_and_stays_in_the_list_by_score(client: Client, marketer, leads) -> None:
    client.force_login(marketer)
    assert names(client, "sort=-score")[-1] == "New"


def test_somebody_who_may_not_see_scores_cannot_sort_or_filter_by_them(client: Client, helper, leads) -> None:
    Lead.objects.filter(pk__in=[leads["hot"].pk, leads["cold"].pk]).update(owner=helper)
    client.force_login(helper)
    assert names(client, "band=hot&sort=score") == ["Hot", "Cold"]
    assert "lq-score" not in client.get(URL).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "owner__password__startswith=a",
        "stage__in=x&order_by=owner__password",
        "page_size=1000000000",
        "size=1000000000&per_page=1000000000",
        "after=forged&before=forged",
        "sort=owner__password",
        "sort=%00",
        "stage=%00",
        "q=%00",
        "source=%00&industry=%00&custom.plan=%00&team=%00",
        "owner=999999999",
        "team=99999999999999999999999",
        "owner=1e9",
        "created_from=2026-02-30",
        "created_to=9999-12-31",
        "created_from=0001-01-01",
        "title_level=99",
        "q=" + "a" * 5000,
        "stage=mql&" * 300,
        "q=%ff%fe",
    ],
)
def test_strange_addresses_show_a_list_and_never_fail(client: Client, marketer, leads, query: str) -> None:
    client.force_login(marketer)
    assert client.get(f"{URL}?{query}").status_code == 200


def test_a_filter_that_cannot_be_read_is_said(client: Client, marketer, leads) -> None:
    client.force_login(marketer)
    shown = client.get(f"{URL}?created_from=2026-02-30").content.decode()
    assert "couldn’t be read and was ignored: created_from" in shown


@pytest.mark.parametrize("query", ["", "sort=-score", "stage=inquiry&band=cold&q=lead", "sort=name"])
def test_the_list_asks_as_much_for_three_rows_as_for_thirty(
    client: Client, marketer, model, now, django_assert_num_queries, query: str
) -> None:
    client.force_login(marketer)

    def add(count: int) -> None:
        for _number in range(count):
            lead = LeadFactory(company=CompanyFactory(), owner=UserFactory(), source=source("other"))
            scored(lead, model, 1000, now)
            activity(lead, "page_view", now)

    add(3)
    client.get(f"{URL}?{query}")
    with CaptureQueriesContext(connection) as few:
        client.get(f"{URL}?{query}")
    add(27)
    with django_assert_num_queries(len(few)):
        client.get(f"{URL}?{query}")


def test_paging_through_the_ranking_meets_every_lead_once(client: Client, marketer, model, now) -> None:
    made = [scored(LeadFactory(), model, 100 * (number % 7), now).pk for number in range(120)]
    unscored = [LeadFactory().pk for _number in range(3)]
    client.force_login(marketer)
    met, after = [], ""
    for _page in range(3):
        page = client.get(URL, {"sort": "-score", "after": after}).context["page"]
        met += [row.lead.pk for row in page.rows]
        after = page.after
    assert sorted(met) == sorted(made + unscored)
    assert after == ""


def test_neighbours_follow_the_list_one_came_from(client: Client, marketer, leads) -> None:
    client.force_login(marketer)
    url = reverse("scoring:lead_neighbours", args=[leads["warm"].pk])
    answer = client.get(url, {"from": "sort=-score"}).context
    assert (answer["before"], answer["after"]) == (leads["hot"].pk, leads["cold"].pk)
    answer = client.get(url, {"from": "stage=mql"}).context
    assert (answer["before"], answer["after"]) == (None, None)


def test_an_export_is_recorded_and_guarded(client: Client, manager, leads, now) -> None:
    Lead.objects.filter(pk=leads["hot"].pk).update(name="=cmd|' /C calc'!A0", team=manager.team)
    client.force_login(manager)
    answer = client.post("/leads/export/", {"query": "stage=mql"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["Name"] for row in rows] == ["'=cmd|' /C calc'!A0"]
    assert rows[0]["Total score"] == "82"
    export = LeadExport.objects.get()
    assert (export.by, export.rows, export.query, export.is_cut) == (manager, 1, "stage=mql", False)


def test_an_export_holds_the_chosen_rows_that_one_may_see(client: Client, manager, leads, outsider) -> None:
    foreign = LeadFactory(name="Foreign", owner=outsider, team=outsider.team)
    client.force_login(manager)
    chosen = [leads["hot"].pk, foreign.pk, "x", "9" * 30]
    answer = client.post("/leads/export/", {"lead": chosen})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["Name"] for row in rows] == ["Hot Hana"]


def test_chosen_columns_are_remembered(client: Client, marketer, leads) -> None:
    client.force_login(marketer)
    answer = client.post("/leads/columns/", {"column": ["email", "score", "owner__password"], "query": "stage=mql"})
    assert answer.headers["Location"] == "/leads/?stage=mql"
    assert client.cookies["lead_columns"].value == "score-email"
    assert [column.name for column in client.get(URL).context["columns"].shown] == ["score", "email"]


def test_a_saved_view_is_a_tab_for_its_owner_and_shared_ones_for_all(client: Client, marketer, rep, leads) -> None:
    client.force_login(marketer)
    client.post("/leads/views/", {"name": "Hot MQL", "query": "stage=mql&band=hot&after=zzz", "is_shared": "on"})
    client.post("/leads/views/", {"name": "Private", "query": "q=hana"})
    assert list(SavedFilter.objects.values_list("name", "query")) == [
        ("Hot MQL", "band=hot&stage=mql"),
        ("Private", "q=hana"),
    ]
    client.force_login(rep)
    assert [tab.name for tab in client.get(URL).context["tabs"]] == ["Hot MQL"]


def test_no_leads_and_no_match_say_different_things(client: Client, marketer, model) -> None:
    client.force_login(marketer)
    assert "No leads yet" in client.get(URL).content.decode()
    LeadFactory()
    assert "No lead matches these filters" in client.get(f"{URL}?stage=sql").content.decode()


def test_an_export_has_the_words_of_its_reader_and_can_be_imported_again(client: Client, manager, leads) -> None:
    User.objects.filter(pk=manager.pk).update(language="ja")
    Lead.objects.filter(pk=leads["hot"].pk).update(team=manager.team)
    client.force_login(manager)
    header = client.post("/leads/export/", {"query": "stage=mql"}).content.decode("utf-8-sig").splitlines()[0]
    names = header.split(",")
    assert names == [
        "リード番号", "外部ID", "氏名", "メールアドレス", "電話番号", "企業", "役職", "役職レベル", "部署", "ステージ",
        "発生元", "流入元", "キャンペーン", "担当者", "チーム", "導入予定日", "連絡の同意", "総合スコア", "適合度",
        "関心度", "案件化度", "温度感", "登録日時", "最終行動",
    ]  # fmt: skip
    mapped = fields_of_headers(names, list(LEADS.fields()))
    assert (mapped["氏名"], mapped["メールアドレス"], mapped["企業"]) == ("lead.name", "lead.email", "company.name")


def test_a_lead_has_one_temperature_hot_only_while_an_episode_is_open(client: Client, marketer, leads) -> None:
    score = LeadScore.objects.get(lead=leads["hot"])
    client.force_login(marketer)
    for is_hot, temperature in ((True, "hot"), (False, "warm")):
        LeadScore.objects.filter(pk=score.pk).update(is_hot=is_hot, band="hot")
        score.refresh_from_db()
        assert score.temperature == temperature
        for asked in ("hot", "warm", "cold"):
            found = {row.pk for row in client.get(f"/leads/?band={asked}").context["lines"]}
            assert (leads["hot"].pk in found) == (asked == temperature)
