"""Who gets what at every address: an address that no table names fails here.

Each app keeps its table in `tests/<app>/roles.py`, one line per address and method:

    leads:edit     POST lead   login 403 303 303 303 303
    ^ URL name     ^    ^      ^ anonymous, outsourced, rep, manager, marketer, admin
                   |    the function in OBJECTS that makes the keywords of the address ("-" for none)
                   GET or POST

`login` is a redirect to the sign-in page. OBJECTS maps a word to `function(world) -> dict`; FORMS maps
"leads:edit POST" to `function(world) -> dict`, what is posted. A refused POST must not have written anything.

Everybody reads Japanese here, so that each page of each role is also looked through for English: the other tests read
English.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Team, User
from tests.languages import codes_in, english_in, shipped_values

APPS = (
    "accounts",
    "frame",
    "notices",
    "leads",
    "intake",
    "scoring",
    "studio",
    "handoff",
    "insights",
    "leadqual",
)
ROLES = ("anonymous", "outsourced", "rep", "manager", "marketer", "admin")
NAME_CODES = {"frame:gallery"}  # it names its atoms
IN_ENGLISH = {"api:reference"}  # what it shows is the contract, for people who write code
PORTION = 30  # lines of a table that one test walks
REFUSED = {"login", "401", "403", "404", "405"}

# Pages of django-allauth that guard themselves; what we rely on is tested in tests/accounts/test_sign_in.py.
THEIRS = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_reset_password_from_key",
}

Builder = Callable[[SimpleNamespace], dict[str, Any]]


@dataclass(frozen=True)
class Row:
    name: str
    method: str
    object: str
    statuses: tuple[str, ...]
    app: str


def table_of(app: str) -> SimpleNamespace:
    """An app's table; an app that has none yet has no rows."""
    try:
        return SimpleNamespace(**vars(import_module(f"tests.{app}.roles")))
    except ModuleNotFoundError as error:
        if error.name not in (f"tests.{app}", f"tests.{app}.roles"):
            raise
        return SimpleNamespace(TABLE="")


def rows_in(text: str, app: str) -> Iterator[Row]:
    for line in filter(None, (line.split("#")[0].strip() for line in text.splitlines())):
        name, method, made, *statuses = line.split()
        assert len(statuses) == len(ROLES), f"{app}: {line}"
        yield Row(name, method, made, tuple(statuses), app)


def all_rows() -> list[Row]:
    return [row for app in APPS for row in rows_in(table_of(app).TABLE, app)]


def names_in(resolver: URLResolver, space: str = "") -> Iterator[str]:
    """The name of every pattern with its namespaces; the route where a pattern has no name."""
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from names_in(each, f"{space}{each.namespace}:" if each.namespace else space)
        elif isinstance(each, URLPattern):
            yield f"{space}{each.name or each.pattern}"


def test_every_address_is_in_a_table_and_every_line_has_an_address() -> None:
    served = set(names_in(get_resolver()))
    listed = {row.name for row in all_rows()} | THEIRS
    assert {"not listed": sorted(served - listed), "not served": sorted(listed - served)} == {
        "not listed": [],
        "not served": [],
    }


@pytest.fixture
def quiet() -> Iterator[None]:
    """Hundreds of refusals are expected here; writing a traceback for each takes longer than asking."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def world(
    helper: User, rep: User, manager: User, marketer: User, admin: User, outsider: User, team: Team, other_team: Team
) -> SimpleNamespace:
    """Everybody, by role; builders of objects may add to it."""
    User.objects.update(language="ja")
    for person in (helper, rep, manager, marketer, admin, outsider):
        person.refresh_from_db()
    people = {"outsourced": helper, "rep": rep, "manager": manager, "marketer": marketer, "admin": admin}
    return SimpleNamespace(people=people, helper=helper, outsider=outsider, team=team, other_team=other_team, **people)


def written() -> int:
    """How many rows this transaction has written so far, in all tables."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint FROM pg_stat_xact_user_tables"
        )
        return int(cursor.fetchone()[0])


def answer(client: Client, row: Row, url: str, data: dict[str, Any]) -> str:
    """The status in words; marks a refused POST that wrote all the same, and a page with English or codes in it."""
    before = written() if row.method == "POST" else 0
    response = getattr(client, row.method.lower())(url, data)
    to_login = response.status_code == 302 and response.headers["Location"].startswith(reverse(settings.LOGIN_URL))
    status = "login" if to_login else str(response.status_code)
    if row.method == "POST" and status in REFUSED and written() != before:
        return f"{status}, but wrote"
    is_read = client.cookies and row.name not in IN_ENGLISH
    if is_read and response.headers.get("Content-Type", "").startswith("text/html"):
        page = response.content.decode()
        words = [*english_in(page), *(codes_in(page) if row.name not in NAME_CODES else [])]
        if row.name == "accounts:audit":  # a log of shipped rows has their English labels and their codes as values
            words = [word for word in words if word not in shipped_values()]
        return f"{status}, but says {words}" if words else status
    return status


def what_happens(row: Row, world: SimpleNamespace, clients: dict[str, Client]) -> tuple[str, ...]:
    """Each role finds the same objects: what one did is undone before the next, what was made for a row after it."""
    table = table_of(row.app)
    before = transaction.savepoint()
    made = table.OBJECTS[row.object](world) if row.object != "-" else {}
    form = getattr(table, "FORMS", {}).get(f"{row.name} {row.method}")
    data = form(world) if form else {}
    url = reverse(row.name, kwargs=made) if ":" in row.name else f"/{row.name}"
    statuses = []
    for role in ROLES:
        point = transaction.savepoint()
        statuses.append(answer(clients[role], row, url, dict(data)))
        transaction.savepoint_rollback(point)
    transaction.savepoint_rollback(before)
    return tuple(statuses)


def portions() -> Iterator[Any]:
    """The lines of each table in portions, so that no process is left with the longest table alone."""
    for app in APPS:
        rows = [row for row in all_rows() if row.app == app]
        for place in range(0, len(rows), PORTION):
            yield pytest.param(rows[place : place + PORTION], id=f"{app}-{place // PORTION + 1}")


@pytest.mark.django_db
@pytest.mark.parametrize("rows", list(portions()))
def test_each_role_gets_what_the_table_says(rows: list[Row], world: SimpleNamespace, quiet: None) -> None:
    clients = {"anonymous": Client(raise_request_exception=False)}
    for role, person in world.people.items():
        clients[role] = Client(raise_request_exception=False)
        clients[role].force_login(person)
    wrong = {}
    for row in rows:
        found = what_happens(row, world, clients)
        if found != row.statuses:
            wrong[f"{row.name} {row.method} {row.object}"] = " ".join(found)
    assert wrong == {}


# Every name that a page reads from its address, each with values that no page of ours writes there.
PARAMETERS = (
    "after", "as", "at", "by", "code", "company", "company_name", "created_from", "days", "door", "doubted", "due",
    "first", "from", "group", "id", "key", "kind", "lang", "last", "mark", "known_at", "language",
    "lead", "model", "next", "number", "older", "other", "outcome", "site", "test",
    "owner", "page", "q", "reason", "rep", "rule", "score", "show", "sort", "source", "stage", "state", "tab", "team",
    "to", "user", "value", "verdict", "version", "view", "what", "who",
)  # fmt: skip
ODD = ("\x00", "²", "-9" + "9" * 30, "1" * 5000, "0001-01-01T00:00+23:59", "9999-12-31")


@pytest.mark.deep
@pytest.mark.django_db
def test_no_page_falls_over_what_somebody_writes_into_its_address(world: SimpleNamespace, quiet: None) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(world.admin)
    fell = []
    for row in all_rows():
        if row.method == "GET" and ":" in row.name and row.statuses[-1] != "404":
            before = transaction.savepoint()
            made = table_of(row.app).OBJECTS[row.object](world) if row.object != "-" else {}
            for odd in ODD:
                point = transaction.savepoint()
                answered = client.get(reverse(row.name, kwargs=made), dict.fromkeys(PARAMETERS, odd))
                fell += [(row.name, odd)] if answered.status_code >= 500 else []
                transaction.savepoint_rollback(point)
            transaction.savepoint_rollback(before)
    assert fell == []
