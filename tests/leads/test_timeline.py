"""What is written into the log of a lead, and how its story is told."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from leads.enquiry import reading_in
from leads.enums import Stage
from leads.models import Activity, Lead, Note, StageChange
from leads.queries.history import history_of
from leads.queries.timeline import timeline
from leads.templatetags.leads import marked
from tests.factories import CompanyFactory, LeadFactory, activity


def field_url(lead: Lead, field: str) -> str:
    return reverse("leads:field", args=[lead.pk, field])


def test_an_activity_is_recorded_with_the_time_it_happened(client: Client, rep) -> None:
    lead = LeadFactory(owner=rep, team=rep.team)
    client.force_login(rep)
    form = {"type": "phone_call", "occurred_at": "2026-06-01T10:00", "object": "catalogue", "text": "30名で検討中"}
    assert client.post(reverse("leads:record", args=[lead.pk]), form).status_code == 303
    kept = Activity.objects.get()
    assert (kept.type.code, kept.occurred_at.isoformat(), kept.object, kept.properties["text"], kept.source) == (
        "phone_call", "2026-06-01T01:00:00+00:00", "catalogue", "30名で検討中", f"person:{rep.pk}",
    )  # fmt: skip


@pytest.mark.parametrize("at", ["2126-01-01T10:00", "1970-01-01T00:00", "2026-02-30T10:00", "yesterday", ""])
def test_an_activity_of_the_future_or_of_no_day_is_refused(client: Client, rep, at: str) -> None:
    lead = LeadFactory(owner=rep, team=rep.team)
    client.force_login(rep)
    form = {"type": "phone_call", "occurred_at": at, "text": "typed words"}
    answer = client.post(reverse("leads:record", args=[lead.pk]), form)
    assert (answer.status_code, "typed words" in answer.content.decode()) == (422, True)
    assert Activity.objects.count() == 0


def test_a_note_is_kept_and_moves_no_score(client: Client, rep) -> None:
    lead = LeadFactory(owner=rep, team=rep.team)
    client.force_login(rep)
    client.post(reverse("leads:note", args=[lead.pk]), {"text": "wants a blue one", "topic": "product"})
    assert list(Note.objects.values_list("lead", "by", "text", "topic")) == [
        (lead.pk, rep.pk, "wants a blue one", "product")
    ]
    assert Activity.objects.count() == 0


def test_one_timeline_tells_all_kinds_newest_first_and_goes_on_where_it_ended(marketer, now) -> None:
    lead = LeadFactory()
    for hours in range(5):
        at = now - timedelta(hours=hours)
        activity(lead, "page_view", at, object=f"/{hours}")
        StageChange.objects.create(lead=lead, after=Stage.MQL, at=at, reason="became_hot")
        Note.objects.create(lead=lead, by=marketer, text=f"note {hours}", at=at)
    whole = timeline(leads=[lead.pk], reader=marketer, opened=[lead.pk], size=50).entries
    assert len(whole) == 15
    assert [entry.at for entry in whole] == sorted((entry.at for entry in whole), reverse=True)
    pages, older = [], ""
    for _page in range(4):
        page = timeline(leads=[lead.pk], reader=marketer, opened=[lead.pk], older=older, size=4)
        pages += page.entries
        older = page.older
    assert [(entry.kind, entry.pk) for entry in pages] == [(entry.kind, entry.pk) for entry in whole]
    assert older == ""


def test_the_timeline_asks_as_much_for_many_entries_as_for_few(marketer, now) -> None:
    lead = LeadFactory()

    def queries_after(entries: int) -> int:
        for number in range(entries):
            activity(lead, "page_view", now, object=str(number), key=f"{entries}-{number}")
        with CaptureQueriesContext(connection) as asked:
            timeline(leads=[lead.pk], reader=marketer, opened=[lead.pk])
        return len(asked)

    assert queries_after(3) == queries_after(30)


def test_the_history_says_who_changed_what(client: Client, marketer) -> None:
    lead = LeadFactory(title="課長", company=CompanyFactory(name="Acme"))
    client.force_login(marketer)
    client.post(field_url(lead, "title"), {"title": "部長", "was": "課長"})
    client.post(field_url(lead, "company"), {"company_name": "Beta", "was": str(lead.company_id)})
    told = history_of(lead, masked=False).moments
    assert [
        (one.by, [(each.label, each.before, each.after) for each in one.changes], one.is_first) for one in told
    ] == [
        (str(marketer), [("company", "Acme", "Beta")], False),
        (str(marketer), [("job title", "課長", "部長"), ("title level", "", "Director")], False),
        ("", [], True),
    ]


def test_the_words_that_tell_something_are_marked_and_nothing_of_the_text_becomes_markup(client: Client, rep) -> None:
    lead = LeadFactory(owner=rep, team=rep.team)
    text = "<script>alert(1)</script> 30名での\n導入を検討中です"
    activity(lead, "form_submit", lead.created_at, properties={"message": text, "page": "/contact"})
    client.force_login(rep)
    shown = client.get(lead.get_absolute_url()).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; " in shown
    assert '<mark class="lq-mark lq-mark-headcount" title="Number of people">30名</mark>での<br>導入を' in shown
    assert '<mark class="lq-mark lq-mark-interest" title="Considering a purchase">検討中</mark>です' in shown
    assert ("Hot enquiry" in shown, "30 people" in shown, "reading_" in shown) == (True, True, False)


def test_the_page_says_which_clause_said_what_in_both_languages(client: Client, rep) -> None:
    lead = LeadFactory(owner=rep, team=rep.team)
    text = "紙の資料は不要ですが、30〜50名分のお見積りをお願いします。"
    activity(lead, "form_submit", lead.created_at, properties={"message": text})
    client.force_login(rep)
    shown = client.get(lead.get_absolute_url()).content.decode()
    assert "<li><q>紙の資料は不要ですが、</q> <b>Doesn’t want documents</b></li>" in shown
    assert "<li><q>30〜50名分のお見積りをお願いします。</q> <b>Number of people · Asks for a quote</b></li>" in shown
    assert "30–50 people, counted as 30" in shown
    rep.language = "ja"
    rep.save()
    shown = client.get(lead.get_absolute_url()).content.decode()
    assert ("読み取りの根拠" in shown, "資料は不要" in shown, "30〜50名（30名として集計）" in shown) == (
        True,
        True,
        True,
    )


def test_the_page_says_that_a_sales_pitch_is_one(client: Client, rep) -> None:
    lead = LeadFactory(owner=rep, team=rep.team)
    text = "Want to cut your software costs in half? Book a demo today!"
    activity(lead, "form_submit", lead.created_at, properties={"message": text})
    client.force_login(rep)
    shown = client.get(lead.get_absolute_url()).content.decode()
    assert ("Sales pitch" in shown, "Hot enquiry" in shown, "<b>Offers something</b>" in shown) == (True, False, True)


@pytest.mark.parametrize(
    "spans",
    [[[0, 99, "quote"]], [[3, 1, "quote"]], [[-5, 2, "quote"]], "x", [["0", 1, "quote"]], [[0, 1]], [[0, 1, "<b>"]]],
)
def test_marks_that_do_not_fit_the_text_do_no_harm(spans: object) -> None:
    read = reading_in({"text": "<b>hello", "reading_spans": spans, "reading_temperature": ["hot"]})
    shown = marked("<b>hello", read.spans)
    assert (re.sub("</?mark[^>]*>", "", shown), read.temperature) == ("&lt;b&gt;hello", "")


def test_a_text_is_shown_only_to_whom_the_lead_is_open(rep, now) -> None:
    lead = LeadFactory(owner=rep)
    activity(lead, "form_submit", now, properties={"message": "30名で検討中"})
    entry = timeline(leads=[lead.pk], reader=rep, opened=[]).entries[0]
    assert (entry.text, entry.temperature, entry.headcount, entry.spans) == ("", "", None, ())
