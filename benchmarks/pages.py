"""Every page of the menu as a person of its role, through Django's test client: what the server spends on it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts.enums import Role
from accounts.models import User
from benchmarks.office import open_office
from benchmarks.report import Figure
from frame.navigation import SECTIONS, SETTINGS, address_of, may_open
from handoff.models import Handoff

REQUESTS = 40
ROLES = (Role.REP, Role.MANAGER, Role.MARKETER, Role.ADMIN)
MEDIAN, LATE = 0.040, 0.060  # seconds that a page of 50 rows may take: the median, and 95 of 100


@dataclass(frozen=True, kw_only=True)
class PageVisit:
    """A page that somebody opens, or a part of one. `is_held` pages have 50 rows and are held against the demand."""

    name: str
    user: User
    address: str
    is_held: bool = False
    is_part: bool = False


@dataclass(frozen=True, kw_only=True)
class PageCost:
    """Seconds of the median and of 95 in 100, those of the median that are Python's own, bytes and statements."""

    median: float
    late: float
    python: float
    size: int
    queries: int


def run(scale: int) -> Iterator[Figure]:
    """Median and 95th percentile of each page, its size and its number of queries."""
    open_office(leads=scale, now=timezone.now())
    with translation.override("en"):  # the page of figures is written in English, whatever a command speaks
        visits = page_visits()
    for visit in visits:
        cost = cost_of(visit)
        is_met = cost.median <= MEDIAN and cost.late <= LATE
        yield Figure(
            work=f"{visit.name} ({visit.user.role})",
            scale=scale,
            seconds=cost.median,
            shown=f"{cost.median * 1000:.0f}, {cost.late * 1000:.0f} ms (Python {cost.python * 1000:.0f}); "
            f"{cost.size / 1000:.0f} kB; {cost.queries} queries",
            must=f"<= {MEDIAN * 1000:.0f}, {LATE * 1000:.0f} ms" if visit.is_held else "",
            ok=is_met if visit.is_held else None,
        )


def page_visits() -> list[PageVisit]:
    """The pages with 50 rows first, then the menu: each entry as the first role that may open it."""
    people = {role: User.objects.filter(role=role).order_by("pk")[0] for role in ROLES}
    queue, leads = reverse("handoff:queue"), reverse("scoring:lead_list")
    handoff = Handoff.objects.filter(owner=people[Role.REP]).order_by("pk")[0]
    lead_page, peek = reverse("leads:detail", args=[handoff.lead_id]), reverse("handoff:peek", args=[handoff.pk])
    held = [
        ("Queue of a team", Role.REP, queue),
        ("Queue of all teams", Role.MARKETER, queue),
        ("Queue, waiting for result", Role.MANAGER, f"{queue}?tab=waiting"),
        ("Leads, newest first", Role.REP, leads),
        ("Leads, newest first", Role.MARKETER, leads),
        ("Leads by score", Role.MARKETER, f"{leads}?sort=-score"),
    ]
    visits = [PageVisit(name=name, user=people[role], address=address, is_held=True) for name, role, address in held]
    visits += [
        PageVisit(name="Peek at a hand-off", user=people[Role.REP], address=peek, is_part=True),
        PageVisit(name="Page of a lead", user=people[Role.REP], address=lead_page),
        PageVisit(
            name="Hand-off on a lead's page",
            user=people[Role.REP],
            address=reverse("handoff:lead_panel", args=[handoff.lead_id]),
        ),
    ]
    for entry in (entry for section in (*SECTIONS, *SETTINGS) for entry in section.entries):
        address = address_of(entry.url)
        user = next((people[role] for role in ROLES if may_open(people[role], entry.url)), None)
        if user is not None and address not in (queue, leads):
            visits.append(PageVisit(name=str(entry.label), user=user, address=address))
    return visits


def cost_of(visit: PageVisit) -> PageCost:
    """The page asked for again and again by one who is signed in; the first requests warm up."""
    client = Client(headers={"Host": "localhost"} | ({"HX-Request": "true"} if visit.is_part else {}))
    client.force_login(visit.user)
    first = client.get(visit.address, follow=True)
    assert first.status_code == 200, (visit, first.status_code)
    address = first.redirect_chain[-1][0] if first.redirect_chain else visit.address
    with CaptureQueriesContext(connection) as captured:
        size, queries = len(client.get(address).content), len(captured)
    seconds, python = [], []
    for _number in range(REQUESTS):
        start, begun = time.perf_counter(), time.process_time()
        client.get(address)
        seconds.append(time.perf_counter() - start)
        python.append(time.process_time() - begun)
    return PageCost(
        median=statistics.median(seconds),
        late=statistics.quantiles(seconds, n=20)[-1],
        python=statistics.median(python),
        size=size,
        queries=queries,
    )
