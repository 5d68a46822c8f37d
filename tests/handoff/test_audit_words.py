"""What the audit log says of hand-offs, outcomes, leads and calendars, word for word."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import translation

from accounts.audit import AuditEntry, AuditFilter, entries
from accounts.models import Team, User
from handoff.actions import claim_handoff, log_contact, record_result
from handoff.enums import HandoffState
from handoff.models import Calendar, Closing
from leads.actions.decisions import add_note
from leads.actions.exclusions import exclude_activities, restore_activity
from scoring.actions.judgement import CriterionAnswer, answer_criteria
from scoring.models import Criterion
from tests.clients import as_
from tests.conftest import NOW
from tests.factories import CompanyFactory, LeadFactory, activity
from tests.handoff.world import FRIDAY, handoff_of, jst

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def this_year() -> Iterator[None]:
    """Dates of the present year are written without it."""
    with time_machine.travel(NOW, tick=False):
        yield


def newest(kind: str, language: str, number: int = 0) -> AuditEntry:
    """The newest event of this kind, or an older one, as `language` says it."""
    with translation.override(language):
        return entries(AuditFilter(kind=kind))[0][number]


def state_words(language: str) -> tuple[str, str]:
    """Waiting and claimed."""
    with translation.override(language):
        return str(HandoffState.QUEUED.label), str(HandoffState.CLAIMED.label)


def told(entry: AuditEntry) -> list[tuple[str, str, str]]:
    return [(change.field, change.before, change.after) for change in entry.changes]


def test_a_claim_is_told_with_the_name_of_the_lead(rep: User, team: Team) -> None:
    handoff = handoff_of(LeadFactory(name="山田 太郎", team=team))
    claim_handoff(handoff=handoff, by=rep, now=FRIDAY + timedelta(hours=1))
    japanese, english = newest("handoff", "ja"), newest("handoff", "en")
    assert (japanese.kind, japanese.what, japanese.href) == ("引き渡し", "山田 太郎", f"/leads/{handoff.lead_id}/")
    assert told(japanese) == [
        ("担当者", "–", "Ren Rep"),
        ("対応状況", *state_words("ja")),
        ("担当した日時", "–", "7月17日(金) 18:00"),
    ]
    assert (english.kind, english.what) == ("Hand-off", "山田 太郎")
    assert told(english) == [
        ("Owner", "–", "Ren Rep"),
        ("Status", "Waiting", "Claimed"),
        ("Claimed at", "–", "Fri 17 Jul, 18:00"),
    ]


def test_the_page_puts_the_kind_before_each_field_and_links_the_lead(admin: User, team: Team) -> None:
    User.objects.filter(pk=admin.pk).update(language="ja")
    handoff = handoff_of(LeadFactory(name="山田 太郎", team=team))
    handoff.due_at = jst(7, 24, 18)
    handoff.save()
    page = as_(admin).get(reverse("accounts:audit"), {"kind": "handoff"}).content.decode()
    text = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
    assert f'<a href="/leads/{handoff.lead_id}/"><b>山田 太郎</b></a>' in page
    assert "引き渡し：期限 7月23日(木) 18:00 → 7月24日(金) 18:00" in text


def test_a_won_deal_is_told_in_money_and_words(rep: User, team: Team) -> None:
    handoff = handoff_of(LeadFactory(name="山田 太郎", team=team))
    now = FRIDAY + timedelta(hours=1)
    claim_handoff(handoff=handoff, by=rep, now=now)
    log_contact(handoff=handoff, by=rep, at=now, channel="phone", reached=True, now=now)
    record_result(handoff=handoff, by=rep, result="won", revenue=1_200_000, currency="JPY", now=now)
    fields = {field: after for field, _before, after in told(newest("outcome", "ja"))}
    assert fields["通貨"] == "日本円"
    assert fields["記録元"] == "手入力"
    assert fields["受注金額"].startswith("1,200,000")
    assert newest("outcome", "ja").what == "山田 太郎"


def test_a_lead_and_its_company_are_told_without_codes(marketer: User) -> None:
    company = CompanyFactory(name="Acme", industry="manufacturing", country="JP", currency="EUR")
    lead = LeadFactory(name="Taro", company=company, language="ja", country="Germany")
    fields = {field: after for field, _before, after in told(newest("lead", "ja"))}
    assert (fields["言語"], fields["国"], fields["企業"]) == ("日本語", "ドイツ", "Acme")
    fields = {field: after for field, _before, after in told(newest("company", "ja"))}
    assert (fields["業種"], fields["国"], fields["通貨"]) == ("製造", "日本", "ユーロ")
    assert newest("company", "en").href == f"/companies/{company.pk}/"
    assert newest("lead", "en").href == lead.get_absolute_url()


def test_a_calendar_tells_its_hours_and_its_country(team: Team) -> None:
    calendar = Calendar.objects.get(is_default=True)
    calendar.holidays_country = "DE"
    calendar.week = [[["09:00", "12:00"], ["13:00", "17:30"]], *[[]] * 6]
    calendar.save()
    assert [(before, after) for field, before, after in told(newest("calendar", "en")) if after == "Germany"] == [
        ("Japan", "Germany")
    ]
    hours = {field: after for field, _before, after in told(newest("calendar", "ja"))}["営業日・営業時間"]
    assert hours == "月 09:00-12:00, 13:00-17:30"
    Closing.objects.create(calendar=calendar, day=jst(12, 28).date(), name="年末休業")
    assert [(field, after) for field, _before, after in told(newest("closing", "ja"))][:2] == [
        ("カレンダー", calendar.name),
        ("日付", "12月28日(月)"),
    ]


def test_what_people_write_and_record_is_in_the_log_with_the_name_of_the_lead(rep: User, team: Team) -> None:
    lead = LeadFactory(name="山田 太郎", owner=rep, team=team)
    handoff = handoff_of(lead)
    later = FRIDAY + timedelta(hours=1)
    claim_handoff(handoff=handoff, by=rep, now=later)
    log_contact(handoff=handoff, by=rep, at=later, channel="phone", reached=False, note="Away", now=later)
    add_note(lead=lead, by=rep, text="Likes blue", topic="product", now=later)
    question = Criterion.objects.get(framework__code="bant", code="authority")
    answer = CriterionAnswer(criterion=question, option=question.options.get(code="decides"), evidence="Said so")
    answer_criteria(lead=lead, answers=[answer], by=rep, now=later)
    click = activity(lead, "email_click", FRIDAY)
    exclude_activities(lead=lead, activities=[click], by=rep, note="A robot", now=later)
    restore_activity(lead=lead, activity=click, by=rep, now=later)
    said = {}
    for kind in ("contact", "note", "answer", "exclusion"):
        entry = newest(kind, "en")
        assert (entry.what, entry.href) == ("山田 太郎", f"/leads/{lead.pk}/")
        said[entry.kind] = {field: after for field, _before, after in told(entry)}
    assert said["Contact"].items() >= {"Contact channel": "Phone", "Spoke with the lead": "no", "Note": "Away"}.items()
    assert said["Note"] == {"Note": "Likes blue", "Topic": "Product feedback"}
    assert said["Answer"].items() >= {"Criterion": question.label_en, "Evidence": "Said so"}.items()
    assert list(said["Exclusion from scoring"]) == ["Counted again at"]
    assert told(newest("exclusion", "ja", 1))[1:] == [("理由", "", "手動"), ("メモ", "", "A robot")]


def test_nobody_changes_or_deletes_what_is_in_the_log(rep: User) -> None:
    note = add_note(lead=LeadFactory(), by=rep, text="Likes blue", topic="general", now=FRIDAY)
    for statement in ("UPDATE leads_noteevent SET text = 'Likes red'", "DELETE FROM leads_noteevent"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    note.delete()
    with translation.override("en"):
        assert [entry.verb for entry in entries(AuditFilter(kind="note"))[0][:2]] == ["deleted", "added"]
