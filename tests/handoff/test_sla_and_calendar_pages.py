"""The pages of SLAs and calendars as an administrator meets them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from handoff.actions.policy import publish_policy
from handoff.models import Calendar, Handoff, RejectReason
from handoff.queries.policy import policy_of
from tests.handoff.pages import PART, sla_form
from tests.handoff.world import FRIDAY, contacted_by, handoff_of, jst


def test_an_sla_reads_as_a_sentence_and_is_rehearsed(client, admin):
    client.force_login(admin)
    words = client.get("/handoff/sla/").content.decode()
    assert "First contact within 3 business days; a conversation counts" in words
    assert "If a lead became hot now:" in words


def test_a_changed_promise_does_not_move_clocks_that_run(client, admin, team):
    handoff = handoff_of()
    due = handoff.due_at
    client.force_login(admin)
    typed = {**sla_form(), "first_contact-amount": "1"}
    assert client.post(reverse("handoff:sla_policy", args=[0]), typed).status_code == 303
    publish_policy(policy=policy_of("sla"), by=admin, note="", now=FRIDAY)
    handoff.refresh_from_db()
    assert (handoff.due_at, handoff_of().due_at) == (due, jst(7, 21, 18))


HOURS = {f"day_{number}": "9:00-12:00, 13:00-18:00" for number in range(5)}


def test_hours_are_typed_as_people_write_them(client, admin):
    client.force_login(admin)
    form = {
        "name": "Osaka",
        "timezone": "Asia/Tokyo",
        "holidays_country": "JP",
        **HOURS,
        "day_5": "９：００〜１２：００",
    }
    client.post(reverse("handoff:calendar_new"), form)
    week = Calendar.objects.get(name="Osaka").week
    assert (week[0], week[5], week[6]) == ([["09:00", "12:00"], ["13:00", "18:00"]], [["09:00", "12:00"]], [])


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ({}, "no working hours in the next year"),
        ({"day_0": "18:00-9:00"}, "must end after it starts"),
        ({"day_0": "9:00-12:00, 11:00-18:00"}, "overlap"),
        ({"day_0": "nine to five"}, "isn’t a period. Write it like 9:00-18:00"),
        ({"day_0": "9:70-18:00"}, "isn’t a time of day"),
        ({"day_0": "9:00-24:30"}, "must end after it starts"),
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused_in_words(client, admin, hours, words):
    client.force_login(admin)
    answer = client.post(reverse("handoff:calendar_new"), {"name": "Never", "timezone": "Asia/Tokyo", **hours})
    assert (answer.status_code, Calendar.objects.filter(name="Never").exists()) == (422, False)
    assert words in answer.content.decode()


def test_an_unknown_time_zone_is_refused(client, admin):
    client.force_login(admin)
    form = {"name": "Moon", "timezone": "../etc/passwd", **HOURS}
    assert client.post(reverse("handoff:calendar_new"), form).status_code == 422


def test_a_half_day_moves_the_close_of_business(client, admin, team):
    client.force_login(admin)
    calendar = Calendar.objects.get(is_default=True)
    form = {"day": "2026-07-23", "name": "Inventory", "intervals": "9:00-12:00"}
    client.post(reverse("handoff:closing_add", args=[calendar.pk]), form)
    assert handoff_of().due_at == jst(7, 23, 12)


def test_closings_may_not_close_the_office_for_good(client, admin):
    client.force_login(admin)
    calendar = Calendar.objects.create(name="One day", week=[[], [], [], [], [], [], []], holidays_country="")
    open_day = timezone.localdate() + timedelta(days=30)
    calendar.closings.create(day=open_day, name="Open day", intervals=[["09:00", "12:00"]])
    form = {"day": open_day.isoformat(), "name": "Closed after all"}
    answer = client.post(reverse("handoff:closing_add", args=[calendar.pk]), form)
    assert (answer.status_code, calendar.closings.get().name) == (422, "Open day")


def test_the_preview_shows_hours_that_are_not_saved_yet(client, admin):
    client.force_login(admin)
    form = {"timezone": "Asia/Tokyo", "holidays_country": "JP", **{f"day_{n}": "10:00-11:00" for n in range(7)}}
    answer = client.post(reverse("handoff:calendar_preview"), form, **PART)
    assert "10:00–11:00" in answer.content.decode()
    assert Calendar.objects.count() == 1


def test_the_code_of_a_rejection_reason_stays_once_something_names_it(client, admin, rep):
    client.force_login(admin)
    used = RejectReason.objects.create(code="own", label_en="Own", label_ja="自社")
    unused = RejectReason.objects.create(code="idle", label_en="Idle", label_ja="未使用")
    handoff = contacted_by(rep)
    Handoff.objects.filter(pk=handoff.pk).update(reject_reason=used)
    for reason in (used, unused, RejectReason.objects.get(code="competitor")):
        typed = {"code": f"{reason.code}2", "label_en": "New name", "label_ja": "新名称", "effect": "nurture"}
        client.post(reverse("handoff:reject_reasons_edit", args=[reason.pk]), typed | {"is_active": "on"})
    found = dict(RejectReason.objects.filter(label_en="New name").values_list("pk", "code"))
    assert sorted(found.values()) == ["competitor", "idle2", "own"]


def test_a_new_policy_stands_above_the_last_one_and_moves_and_goes(client, admin):
    client.force_login(admin)
    for name in ("Kansai", "Kanto"):
        typed = sla_form(name=name, is_conditional=True)
        assert client.post(reverse("handoff:sla_policy_new"), typed).status_code == 303
    assert [policy["name"] for policy in policy_of("sla").draft["policies"]] == ["Kansai", "Kanto", ""]
    seen = {"seen": policy_of("sla").token}
    client.post(reverse("handoff:sla_policy_press", args=[1, "up"]), seen)
    client.post(reverse("handoff:sla_policy_press", args=[1, "delete"]), {"seen": policy_of("sla").token})
    assert [policy["name"] for policy in policy_of("sla").draft["policies"]] == ["Kanto", ""]
    last = client.post(reverse("handoff:sla_policy_press", args=[1, "delete"]), {"seen": policy_of("sla").token})
    assert last.status_code == 404


def test_a_rung_without_its_number_is_marked_and_nothing_is_saved(client, admin):
    client.force_login(admin)
    typed = {
        **sla_form(), "first_contact-ladder-TOTAL_FORMS": "1", "first_contact-ladder-0-when": "after",
        "first_contact-ladder-0-unit": "business_hours", "first_contact-ladder-0-do": "managers",
    }  # fmt: skip
    answer = client.post(reverse("handoff:sla_policy", args=[0]), typed)
    assert (answer.status_code, policy_of("sla").draft) == (422, None)
    assert "Enter a whole number from 1 to 200." in answer.content.decode()


def test_the_publish_page_names_what_would_move_and_what_stays(client, admin, team):
    handoff_of(name="Moves", at=timezone.now() - timedelta(minutes=5))
    client.force_login(admin)
    client.post(reverse("handoff:sla_policy", args=[0]), {**sla_form(), "first_contact-amount": "5"})
    page = client.get(reverse("handoff:sla_moves"), **PART).content.decode()
    assert ("Moves" in page, "1 deadline moves and 0 stay as they are" in page) == (True, True)
    publish = {"seen": policy_of("sla").token, "note": "", "moves_open": "on"}
    assert client.post(reverse("handoff:policy_publish", args=["sla"]), publish).status_code == 303
    assert Handoff.objects.get().sla_version.number == 2


def test_what_marketing_promised_and_delivered_stands_beside_what_sales_met(client, admin, rep):
    client.force_login(admin)
    contacted_by(rep)
    typed = {"seen": policy_of("sla").token, "per_week": "20", "accepted": "60"}
    assert client.post(reverse("handoff:sla_marketing"), typed).status_code == 303
    client.post(reverse("handoff:policy_publish", args=["sla"]), {"seen": policy_of("sla").token, "note": ""})
    page = client.get(reverse("handoff:sla_compliance")).content.decode()
    assert "20 hand-offs a week; sales accepts 60% of them" in page


@pytest.mark.parametrize(
    "asked", ["by=team&key=1.2", "by=version&key=5", "by=version&key=5.99999", "by=x&key=x&days=-1"]
)
def test_an_address_that_makes_no_sense_lists_nothing_and_breaks_nothing(client, admin, asked):
    client.force_login(admin)
    page = client.get(f"{reverse('handoff:sla_promises')}?{asked}")
    assert (page.status_code, "No deadlines" in page.content.decode()) == (200, True)
