"""Nobody is called at night: by the clock where the lead is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from handoff.actions import offer_next
from handoff.actions.skips import skip_handoff
from handoff.calling_hours import countries, countries_to_leave_alone, local_time, zones_of
from handoff.models import Handoff
from handoff.queries.queue import outside_calling_hours
from handoff.region_zones import NAMES, ZONES, spellings, zones_of_region
from tests.clients import as_
from tests.handoff.world import TOKYO, claimed_by, handoff_of, jst

pytestmark = pytest.mark.django_db
MORNING = jst(7, 22, 10)  # 3 o'clock in Berlin, 2 in London, 21 of the day before in New York


@pytest.mark.parametrize(("country", "at", "words", "is_open"), [
    ("JP", jst(7, 22, 8, 59), "8:59", False),
    ("JP", jst(7, 22, 9), "9:00", True),
    ("JP", jst(7, 22, 17, 59), "17:59", True),
    ("JP", jst(7, 22, 18), "18:00", False),
    ("DE", MORNING, "3:00", False),
    ("DE", jst(7, 22, 16, 40), "9:40", True),
    ("DE", jst(12, 1, 16, 40), "8:40", False),  # in winter it is an hour earlier there
    ("IN", MORNING, "6:30", False),
    ("US", jst(7, 22, 1), "6:00–12:00", True),
    ("", jst(7, 22, 7, 40), "7:40", False),
    ("Atlantis", MORNING, "10:00", True),
    ("XX", MORNING, "10:00", True),
])  # fmt: skip
def test_the_time_there_is_of_the_country_else_of_the_team(country, at, words, is_open):
    there = local_time(country, TOKYO, at)
    assert (there.words, there.is_open) == (words, is_open)


@pytest.mark.parametrize(("country", "region", "words"), [
    ("US", "California", "17:00"), ("US", "ca", "17:00"), ("US", "US-NY", "20:00"), ("US", "TEXAS", "18:00–19:00"),
    ("US", "Hawaii", "14:00"), ("US", "Kansai", "14:00–20:00"), ("us", "new york", "20:00"),
    ("CA", "Québec", "20:00"), ("CA", "quebec", "20:00"), ("CA", "BC", "17:00"),
    ("CA", "Île-du-Prince-Édouard", "21:00"),
    ("AU", "Western Australia", "8:00"), ("AU", "NSW", "10:00"), ("BR", "Amazonas", "20:00"), ("BR", "SP", "21:00"),
    ("RU", "Sverdlovsk Oblast", "5:00"), ("RU", "KDA", "3:00"), ("RU", "Primorsky Krai", "10:00"),
    ("MX", "Nuevo León", "18:00"), ("MX", "Baja California", "17:00"), ("MX", "Yucatan", "18:00"),
    ("ID", "Bali", "8:00"), ("ID", "Jawa Barat", "7:00"), ("JP", "Osaka", "9:00"),
])  # fmt: skip
def test_in_a_country_of_several_zones_the_region_says_the_time(country, region, words):
    assert local_time(country, TOKYO, jst(7, 22, 9), region=region).words == words


@pytest.mark.parametrize("country", ZONES)
def test_every_region_has_a_zone_and_a_name_and_each_zone_is_one_of_the_country(country):
    codes = {code for codes in ZONES[country].values() for code in codes.split()}
    assert all(len(zones_of_region(country, f"{country}-{code}")) >= 1 for code in codes)
    assert len(spellings(country)) >= 3 * len(codes)  # its code, its code with the country, a name
    assert all(zones[0].utcoffset(MORNING) for zones in spellings(country).values())
    if country in NAMES:
        assert {entry.split()[0] for entry in NAMES[country].split(",")} == codes
    times = {zone.utcoffset(MORNING) for zone in zones_of(country)}
    assert {zone.utcoffset(MORNING) for zones in spellings(country).values() for zone in zones} <= times


@pytest.mark.parametrize("hour", [1, 8, 14, 16, 21])
def test_the_list_of_who_is_asleep_says_the_same_of_each_region(team, hour):
    now = datetime(2026, 7, 22, hour, tzinfo=UTC)
    places = [("US", "California"), ("US", "ny"), ("US", ""), ("US", "?"), ("CA", "Île-du-Prince-Édouard"),
              ("AU", "WA"), ("RU", "Primorye"), ("DE", "Bayern"), ("", "California")]  # fmt: skip
    made = {handoff_of(country=country, region=region, at=MORNING).pk: (country, region) for country, region in places}
    asleep = set(Handoff.objects.filter(outside_calling_hours(now)).values_list("pk", flat=True))
    for pk, (country, region) in made.items():
        assert (pk not in asleep) == local_time(country, TOKYO, now, region=region).is_open, (country, region)


def test_every_zone_of_a_country_is_one_that_this_machine_knows():
    assert len(countries()) > 200
    assert zones_of("jp") == (ZoneInfo("Asia/Tokyo"),)


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_the_list_of_countries_says_the_same_as_each_of_them(hour):
    now = datetime(2026, 7, 22, hour, tzinfo=UTC)
    left_alone = set(countries_to_leave_alone(now))
    assert left_alone == {code for code in countries() if not local_time(code, TOKYO, now).is_open}
    assert 0 < len(left_alone) < len(countries())


def test_the_next_lead_is_one_that_can_be_called_now(rep):
    early = jst(7, 15, 10)
    handoff_of(name="Berlin", country="DE", at=early)
    handoff_of(name="Tokyo", country="JP", at=early + timedelta(hours=1))
    handoff_of(name="somewhere", at=early + timedelta(hours=2))
    order = []
    for _turn in range(3):
        found = offer_next(by=rep, now=MORNING)
        order.append(found.lead.name)
        skip_handoff(handoff=found, by=rep, reason="later", now=MORNING)
    assert order[:2] == ["Tokyo", "somewhere"]


def test_when_there_is_nobody_else_those_asleep_come_last(rep):
    handoff_of(name="Berlin", country="DE")
    assert offer_next(by=rep, now=MORNING).lead.name == "Berlin"


def test_in_the_evening_the_calendar_of_the_team_counts(rep):
    handoff_of(name="somewhere", at=jst(7, 15, 10))
    handoff_of(name="London", country="GB", at=jst(7, 15, 12))
    assert offer_next(by=rep, now=jst(7, 22, 17)).lead.name == "somewhere"
    assert offer_next(by=rep, now=jst(7, 22, 19)).lead.name == "London"  # 11 o'clock there


def row(rep, at):
    with time_machine.travel(at, tick=False):
        return as_(rep).get("/queue/", {"tab": "mine"}).content.decode()


def test_a_number_outside_the_hours_says_what_time_it_is_there(rep):
    claimed_by(rep, name="Berlin", country="DE", phone="+49301234567")
    html = row(rep, jst(7, 22, 14, 40))
    assert "7:40 there" in html
    assert 'data-asleep="Press again to call"' in html
    assert "data-asleep" not in row(rep, jst(7, 22, 18))


def test_the_dialog_of_a_call_says_it_too(rep):
    handoff = claimed_by(rep, name="Berlin", country="DE", phone="+49301234567")
    with time_machine.travel(jst(7, 22, 14, 40), tick=False):
        dialog = as_(rep).get(f"/handoff/{handoff.pk}/contact/", HTTP_HX_REQUEST="true").content.decode()
    assert "7:40 there" in dialog
