"""What an invented lead does: a few visits, and, when it is serious, a burst of interest around its decision."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from insights.demo import words
from insights.demo.people import Person
from leads.actions import NewActivity

Object = str | tuple[str, str]  # an address, or a name in Japanese and English

# (type, objects, weight for idlers, weight for the serious)
MOVES: tuple[tuple[str, tuple[Object, ...], float, float], ...] = (
    ("page_view", words.READING_PAGES, 30, 14),
    ("page_view", words.PRODUCT_PAGES, 14, 22),
    ("email_open", words.MAILS, 22, 12),
    ("email_click", words.MAILS, 6, 9),
    ("case_view", words.CASES, 4, 9),
    ("price_view", words.PRICES, 3, 12),
    ("compare_view", ("/compare",), 1, 4),
    ("whitepaper_download", words.PAPERS, 4, 5),
    ("document_request", words.DOCUMENTS, 1, 6),
    ("webinar_attend", words.WEBINARS, 2, 4),
    ("trial_start", words.TRIAL, 0.1, 1.5),
    ("demo_request", words.DEMO, 0.1, 1.5),
    ("quote_request", words.QUOTE, 0.05, 0.8),
    ("chat_question", words.CHAT, 0.6, 1.5),
    ("survey_answer", words.EVENTS, 1, 0.8),
    ("complaint", words.COMPLAINTS, 0.25, 0.1),
    ("unsubscribe", words.NEWSLETTER, 0.5, 0.05),
)
FIRST_TOUCH: dict[str, tuple[str, tuple[Object, ...]]] = {
    "webinar": ("webinar_attend", words.WEBINARS),
    "exhibition": ("business_card", words.EVENTS),
    "seminar": ("event_attend", words.EVENTS),
    "referral": ("phone_call", words.INTRODUCTION),
}


def invent_activities(random: Random, person: Person, types: dict[str, int], now: datetime) -> Iterator[NewActivity]:
    """The activities of one lead between its birth and now, in no order."""
    lead = person.lead
    code, objects = FIRST_TOUCH.get(lead.source.code if lead.source else "", ("form_submit", words.DOCUMENTS))
    yield _activity(person, types[code], lead.created_at, random.choice(objects), {})
    for _ in range(int(random.expovariate(1 / 4))):
        at = lead.created_at + (now - lead.created_at) * random.random()
        yield from _move(random, person, types, at, serious=False)
    for _ in range(int(person.propensity * random.uniform(8, 48))):
        at = person.decides_at + timedelta(days=random.gauss(-1, 4))
        if lead.created_at < at < now:
            yield from _move(random, person, types, at, serious=True)


def _move(
    random: Random, person: Person, types: dict[str, int], at: datetime, *, serious: bool
) -> Iterator[NewActivity]:
    weights = [busy if serious else idle for _code, _objects, idle, busy in MOVES]
    code, objects, _idle, _busy = random.choices(MOVES, weights=weights)[0]
    properties = {}
    if code == "chat_question":
        properties["text"] = random.choice(words.ENQUIRIES_JA if person.lead.language == "ja" else words.ENQUIRIES_EN)
    yield _activity(person, types[code], at, random.choice(objects), properties)


def _activity(person: Person, type_id: int, at: datetime, object: Object, properties: dict[str, str]) -> NewActivity:
    return NewActivity(
        lead_id=person.lead.pk,
        type_id=type_id,
        occurred_at=at,
        object=object if isinstance(object, str) else object[0 if person.lead.language == "ja" else 1],
        properties=properties,
        key=f"{person.lead.external_id}:{type_id}:{at.timestamp():.6f}",
    )
