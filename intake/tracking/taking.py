"""What a website sends goes the way of all activities; what a filter catches is set aside, and can be released."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from background.transactions import retrying
from intake.actions.doors import take_in_activities
from intake.actions.intake import find_leads, find_or_add_leads
from intake.database import run
from intake.enums import DoorKind
from intake.incoming import DoorName
from intake.models import FilteredEvent, Site
from intake.payloads import ProblemList, clean_identity
from intake.statements import FILL_FIRST_TOUCH
from intake.tracking.events import WebEvent
from intake.tracking.filters import Caught
from intake.tracking.touches import MOST, source_code
from intake.tracking.traits import fill_lead
from leads.actions.identification import Identity
from leads.models import Source
from leads.queries.erased import erased_among


@dataclass(frozen=True, kw_only=True)
class WebBatch:
    """What one request of a website said, and why it is set aside, if it is."""

    site: Site
    events: Sequence[WebEvent]
    caught: Caught | None = None


def take_batches(batches: Iterable[WebBatch], *, now: datetime) -> None:
    """Take in what several requests said, each site in one transaction. When this returns it is stored."""
    by_site: dict[int, list[WebBatch]] = defaultdict(list)
    for batch in batches:
        by_site[batch.site.pk].append(batch)
    for of_site in by_site.values():
        site = of_site[0].site
        aside = [(event, batch.caught) for batch in of_site if batch.caught for event in batch.events]
        set_aside(site, aside, now=now)
        events = [event for batch in of_site if not batch.caught for event in batch.events]
        nothing = sum(not batch.events for batch in of_site)  # what another tool measures of itself
        filtered = nothing + sum(event.row is not None for event, _caught in aside)
        take_events(site, events, filtered=filtered, now=now)


def take_events(site: Site, events: Sequence[WebEvent], *, now: datetime, filtered: int = 0) -> None:
    """Store the activities, join the browsers that say who they are, fill what is empty of them."""
    for event in events:
        if event.row is None:
            introduce(event, now=now)
    told = [event for event in events if event.row is not None]
    if told or filtered:
        door = DoorName(kind=DoorKind.SITE, source=site.source, name=site.name)
        receipt = take_in_activities([event.row for event in told], door=door, now=now, filtered=filtered)
        touches = {place: told[place].touch for place in receipt.stored if told[place].touch}
        fill_first_touches({identity_of(told[place]): touch for place, touch in touches.items()})
    for event in told:
        if event.traits:
            introduce(event, now=now)


def introduce(event: WebEvent, *, now: datetime) -> None:
    """Join a browser to the lead that it names and fill what is empty of that one."""
    identity = identity_of(event)
    if identity is None or identity.is_anonymous:
        return
    join(identity, now=now)
    fill_lead(identity, event.traits, now=now)


def identity_of(event: WebEvent) -> Identity | None:
    """Who is meant, cleaned as every door cleans it; None for who cannot be told."""
    return clean_identity(dict(event.identity), ProblemList("", []))


@retrying
@transaction.atomic
def join(identity: Identity, *, now: datetime) -> None:
    """The lead that is named, added where nobody knew it, has the browser from now on."""
    if not erased_among([identity.person]):
        find_or_add_leads([identity], now=now)


def fill_first_touches(touches: Mapping[Identity | None, Mapping[str, str]]) -> None:
    """Leads without a source get that of their first visit, with its campaign."""
    if not touches:
        return
    sources = dict(Source.objects.values_list("code", "pk"))
    leads = find_leads(identity for identity in touches if identity is not None)
    rows = {
        leads[identity]: (sources.get(source_code(touch)), touch.get("campaign", "")[:MOST])
        for identity, touch in touches.items()
        if identity is not None and identity in leads
    }
    known = {lead: row for lead, row in sorted(rows.items()) if row[0] is not None}
    if known:
        places, campaigns = zip(*known.values(), strict=True)
        fill_sources(list(known), list(places), list(campaigns))


@retrying
@transaction.atomic
def fill_sources(leads: list[int], sources: list[Any], campaigns: list[str]) -> None:
    run(FILL_FIRST_TOUCH, [leads, sources, campaigns])


def set_aside(site: Site, events: Iterable[tuple[WebEvent, Caught]], *, now: datetime) -> None:
    """Keep what a filter caught, each once, so that it can be looked at and released."""
    rows = [
        FilteredEvent(
            site=site, key=event.key, reason=caught.reason, mark=caught.mark, row=dict(event.row), received_at=now
        )
        for event, caught in events
        if event.row is not None and event.key
    ]
    FilteredEvent.objects.bulk_create(rows, ignore_conflicts=True)
