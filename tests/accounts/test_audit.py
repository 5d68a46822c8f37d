from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.audit import HIDDEN_FIELDS, AuditFilter, entries, kind_words, kinds
from accounts.audit_kinds import audit_kind
from accounts.models import Team, User
from tests import factories
from tests.clients import as_

pytestmark = pytest.mark.django_db


def test_a_change_in_the_browser_is_kept_with_who_and_what_was_before(admin: User, team: Team) -> None:
    as_(admin).post(reverse("frame:teams_edit", args=[team.pk]), {"name": "Kyoto", "is_default": "on"})
    newest = entries(AuditFilter(kind="team"))[0][0]  # a test is one transaction: all kinds have one instant
    assert (newest.who, newest.kind, newest.what, newest.verb, newest.is_new) == (
        admin,
        "Team",
        "Kyoto",
        "changed",
        False,
    )
    assert [(each.field, each.before, each.after) for each in newest.changes] == [("Name", "Tokyo", "Kyoto")]


def test_a_new_object_shows_its_values_and_nothing_before(admin: User) -> None:
    as_(admin).post(reverse("frame:teams_new"), {"name": "Nagoya"})
    newest = entries(AuditFilter(kind="team"))[0][0]
    told = [(each.field, each.before, each.after) for each in newest.changes]
    assert (newest.verb, newest.is_new) == ("added", True)
    assert told == [("Name", "", "Nagoya"), ("Receives unassigned leads", "", "no"), ("Active", "", "yes")]


def test_references_choices_and_the_deleted_are_said_in_words(admin: User, rep: User, other_team: Team) -> None:
    rep.team, rep.role = other_team, "manager"
    rep.save()
    newest = entries(AuditFilter(kind="user"))[0][0]
    told = {each.field: (each.before, each.after) for each in newest.changes}
    assert told == {"Team": ("Tokyo", "Osaka"), "Role": ("Sales rep", "Sales manager")}
    other_team.members.update(team=None)
    other_team.delete()
    gone = entries(AuditFilter(kind="team"))[0][0]
    assert (gone.verb, gone.what, gone.changes, gone.who) == ("deleted", "Osaka", [], None)
    assert {each.field: each.after for each in entries(AuditFilter(kind="user"))[0][1].changes}["Team"].startswith("#")


LOANED = ("SLA", "ToDo")  # what Japanese offices say, too


def test_every_kind_of_object_has_a_japanese_name() -> None:
    with translation.override("ja"):
        english = [words for words in map(kind_words, kinds().values()) if words.isascii() and words not in LOANED]
    assert english == []


def test_every_column_that_is_shown_has_a_japanese_name() -> None:
    english = []
    with translation.override("ja"):
        for event in kinds().values():
            words = audit_kind(event.pgh_tracked_model)
            for column in event._meta.concrete_fields:
                shown = column.name not in HIDDEN_FIELDS | words.hidden | {words.about}
                name = str(words.fields.get(column.name, column.verbose_name))
                if shown and name.isascii() and name != "SLA":
                    english.append(f"{event.pgh_tracked_model.__name__}.{column.name}")
    assert english == []


def test_every_choice_is_said_in_both_languages() -> None:
    columns = (column for event in kinds().values() for column in event._meta.concrete_fields)
    labels = [label for column in columns for _code, label in getattr(column, "base_field", column).flatchoices]
    with translation.override("en"):
        english = [str(label) for label in labels]
    with translation.override("ja"):
        same = {str(label) for label, words in zip(labels, english, strict=True) if str(label) == words}
    products = {"Slack", "Microsoft Teams", "Chatwork", "SLA"}
    assert same == {"MQL", "SQL", "日本語", "English"} | products


def test_the_trail_is_filtered_by_kind_person_and_day(admin: User, team: Team) -> None:
    as_(admin).post(reverse("frame:teams_edit", args=[team.pk]), {"name": "Kyoto", "is_default": "on"})
    today = timezone.localdate()
    assert [entry.what for entry in entries(AuditFilter(person=admin.pk))[0]] == ["Kyoto"]
    assert entries(AuditFilter(person=admin.pk, kind="user"))[0] == []
    assert entries(AuditFilter(until=today - timedelta(days=1)))[0] == []
    assert len(entries(AuditFilter(since=today, kind="team"))[0]) == 2


def test_every_event_is_on_exactly_one_page(admin: User) -> None:
    for number in range(7):
        factories.TeamFactory(name=f"T{number}")
        factories.UserFactory(name=f"P{number}", email=f"p{number}@example.com")
    whole = [(entry.kind, entry.what) for entry in entries(AuditFilter(), size=1000)[0]]
    paged, mark = [], ""
    while True:
        part, mark = entries(AuditFilter(), mark=mark, size=7)
        paged += [(entry.kind, entry.what) for entry in part]
        if not mark:
            break
    assert sorted(paged) == sorted(whole)
    assert len(paged) >= 15


def test_the_page_costs_the_same_for_few_and_many_events(admin: User, django_assert_max_num_queries) -> None:
    for _number in range(30):
        factories.UserFactory(team=factories.TeamFactory())
    with django_assert_max_num_queries(8):
        entries(AuditFilter())


@pytest.mark.parametrize(
    "query", [{"kind": "nonsense"}, {"since": "2026-02-31"}, {"person": "x"}, {"after": "forged"}, {"until": "\0"}]
)
def test_a_filter_that_means_nothing_breaks_nothing(admin: User, query: dict[str, str]) -> None:
    assert as_(admin).get(reverse("accounts:audit"), query).status_code == 200


def test_only_administrators_read_the_trail(marketer: User, manager: User) -> None:
    assert [as_(who).get(reverse("accounts:audit")).status_code for who in (marketer, manager)] == [403, 403]
    assert Client().get(reverse("accounts:audit")).status_code == 302


def test_days_are_days_of_the_readers_zone(admin: User) -> None:
    factories.TeamFactory(name="Early")
    event = Team.objects.get(name="Early").history.get()
    with timezone.override("Pacific/Kiritimati"):
        day = timezone.localdate(event.pgh_created_at)
        assert [entry.what for entry in entries(AuditFilter(kind="team", since=day, until=day))[0]] == ["Early"]
    assert entries(AuditFilter(kind="team", since=date(2100, 1, 1)))[0] == []
