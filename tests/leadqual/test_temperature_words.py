"""Hot, warm and cold are said of the temperature of a lead and of nothing else, the same on every page.

The interest level goes by the total alone: nobody is hot by it. One lead never has two temperatures that disagree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from handoff.actions import claim_handoff, open_handoffs, reject_handoff
from handoff.models import Handoff, RejectReason
from leads.models import Lead
from scoring.actions import score_all_dirty
from scoring.enums import Temperature
from scoring.models import LeadScore, ScoringModel
from tests.factories import CompanyFactory, LeadFactory, activity
from tests.leadqual.test_masked_everywhere import patterns as patterns
from tests.leadqual.test_roles_and_urls import world as world
from tests.published import document, mail_rule

TEMPERATURES = {
    "en": {"hot": "Hot", "warm": "Warm", "cold": "Cold"},
    "ja": {"hot": "ホット", "warm": "ウォーム", "cold": "コールド"},
}
SAID_OF_TEMPERATURE_ALONE = {"en": re.compile(r"\b(warm|cold)\b", re.I), "ja": re.compile("ウォーム|コールド")}
INTEREST = {"en": re.compile(r"\binterest\b", re.I), "ja": re.compile("関心")}
HOT = {"en": re.compile(r"\bhot\b", re.I), "ja": re.compile("ホット")}
COOLED = ("Cooled", "温度低下")  # what became of a lead before anybody called: no temperature
TELLING = ("Hot by a request, of low interest", "At rest, of high interest")
# The gallery shows how words look; the reference of the API lists the values that programs send and get.
NOT_OF_LEADS = ("frame:gallery", "api:reference")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
ROWS = {"tr", "li", "article"}


@dataclass(eq=False)
class Element:
    tag: str
    attributes: dict[str, str]
    above: Element | None = None
    texts: list[str] = field(default_factory=list)
    children: list[Element] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def everything(self) -> Iterator[Element]:
        yield self
        for child in self.children:
            yield from child.everything()

    def upwards(self) -> Iterator[Element]:
        yield self
        if self.above is not None:
            yield from self.above.upwards()

    @property
    def text(self) -> str:
        return " ".join(" ".join(text.split()) for each in self.everything() for text in each.texts if text.strip())


class Tree(HTMLParser):
    """A page as elements; void and unclosed ones are tolerated as browsers do."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.root = self.here = Element("root", {})
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.here.children.append(Element(tag, {name: value or "" for name, value in attrs}, self.here))

    def handle_endtag(self, tag: str) -> None:
        for element in self.here.upwards():
            if element.tag == tag and element.above is not None:
                self.here = element.above
                return

    def handle_data(self, data: str) -> None:
        if data.strip() and self.here.tag not in ("script", "style"):
            self.here.texts.append(data)


def is_temperature(element: Element) -> bool:
    return any("lq-heat" in each.classes for each in element.upwards())


def is_choice_of_temperatures(element: Element) -> bool:
    """The filter by temperature."""
    asked = (each for each in element.upwards() if each.tag in ("label", "fieldset"))
    return any(box.attributes.get("name") == "band" for label in asked for box in label.everything())


def lead_of(element: Element) -> int | None:
    """The one lead whose row the element stands in; None outside of rows, or where a row speaks of several."""
    row = next((each for each in element.upwards() if each.tag in ROWS), None)
    if row is None:
        return None
    links = {
        found[1] for each in row.everything() if (found := re.match(r"/leads/(\d+)/", each.attributes.get("href", "")))
    }
    return int(links.pop()) if len(links) == 1 else None


def wrong_words(root: Element, language: str) -> list[str]:
    wrong = []
    for element in root.everything():
        for text in element.texts:
            words = " ".join(text.split())
            alone = words.lower() in {word.lower() for word in TEMPERATURES[language].values()}
            if SAID_OF_TEMPERATURE_ALONE[language].search(words) or alone:
                if not is_temperature(element) and not is_choice_of_temperatures(element):
                    wrong.append(words)
            elif INTEREST[language].search(words) and is_temperature(element):
                wrong.append(words)
    return wrong


def temperatures(root: Element, language: str, own: int | None) -> list[tuple[int, str]]:
    """The leads whose temperature the page says, and which; on the page of a lead, `own`, those outside of rows are
    its."""
    said = [each for each in root.everything() if "lq-heat" in each.classes and each.text not in COOLED]
    codes = [(element, code) for element in said for code in Temperature.values if f"lq-heat-{code}" in element.classes]
    return [(lead_of(element) or own or 0, code) for element, code in codes]


@pytest.fixture
def now() -> datetime:
    """The pages read the clock themselves."""
    return timezone.now() - timedelta(minutes=5)


@pytest.fixture
def leads(
    patterns: list[tuple[str, dict[str, Any]]], publish: Any, rep: User, team: Any, now: datetime
) -> dict[int, str]:
    """A lead of every kind with the temperature that it has: the interest level of some says something else."""
    asked = {"name": "Asked for documents", "when": {"activity": "document_request", "within": "14d"}}
    points = {"name": "Many points", "when": {"score": "total", "op": ">=", "value": 70}}
    rules = document(mail_rule(points=50), hot=[points, asked]) | {"bands": {"hot": 70, "warm": 40}}
    made = publish(rules, at=now - timedelta(days=2))
    ScoringModel.objects.filter(pk=made.pk).update(hands_over=True)
    temperatures = {}
    for name, opened, documents, temperature in (
        ("Hot by points", 2, 0, "hot"),
        ("Hot by a request, of low interest", 0, 1, "hot"),
        ("At rest, of high interest", 2, 0, "warm"),
        ("Of medium interest", 1, 0, "warm"),
        ("Of low interest", 0, 0, "cold"),
    ):
        lead = LeadFactory(name=name, owner=rep, team=team, company=CompanyFactory())
        for number in range(opened):
            activity(lead, "email_open", now - timedelta(hours=2), object=str(number))
        for _each in range(documents):
            activity(lead, "document_request", now - timedelta(hours=2))
        temperatures[lead.pk] = temperature
    score_all_dirty(now=now - timedelta(hours=1))
    open_handoffs(now=now - timedelta(hours=1))
    resting = Handoff.objects.get(lead__name="At rest, of high interest")
    claim_handoff(handoff=resting, by=rep, now=now)
    reason = RejectReason.objects.get(code="too_early")
    reject_handoff(handoff=resting, by=rep, reason=reason, now=now)
    return temperatures


@pytest.mark.django_db
def test_the_leads_have_the_temperatures_that_the_pages_are_held_to(leads: dict[int, str]) -> None:
    scores = {score.lead_id: score for score in LeadScore.objects.filter(lead__in=leads)}
    assert {pk: score.temperature for pk, score in scores.items()} == leads
    assert sorted(score.band for score in scores.values()) == ["cold", "cold", "hot", "hot", "warm"]


def addresses_of(patterns: list[tuple[str, dict[str, Any]]], leads: list[int]) -> dict[str, int | None]:
    """Every page that is read, and whose page it is: of some leads and their hand-offs, of the model, of a company."""
    handoffs = dict(Handoff.objects.filter(lead__in=leads).values_list("pk", "lead"))
    models = dict.fromkeys(ScoringModel.objects.values_list("pk", flat=True))
    companies = dict.fromkeys(Lead.objects.filter(pk__in=leads).values_list("company", flat=True))
    addresses: dict[str, int | None] = {}
    for name, keywords in patterns:
        objects: dict[int, int | None] = {pk: pk for pk in leads}
        if name.startswith("handoff:"):
            objects |= handoffs
        elif name.startswith(("studio:", "insights:")):
            objects = models
        elif "compan" in name:
            objects = companies
        for pk, lead in objects.items() if "pk" in keywords else [(0, None)]:
            addresses[reverse(name, kwargs=keywords | ({"pk": pk} if "pk" in keywords else {}))] = lead
    left_out = {reverse(name) for name in NOT_OF_LEADS}
    return {address: lead for address, lead in addresses.items() if address not in left_out}


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "language"), [("rep", "en"), ("admin", "ja")])
def test_no_page_says_hot_warm_or_cold_of_anything_but_the_temperature_or_two_that_disagree(
    world: SimpleNamespace, patterns: list[tuple[str, dict[str, Any]]], leads: dict[int, str], role: str, language: str
) -> None:
    User.objects.update(language=language)
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(pk=world.people[role].pk))
    telling = [pk for pk in leads if Lead.objects.get(pk=pk).name in TELLING]
    wrong, read, checked = {}, 0, 0
    for address, lead in addresses_of(patterns, telling).items():
        answer = client.get(address)
        if answer.status_code != 200 or not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        root = Tree(answer.content.decode()).root
        said = [(pk, code) for pk, code in temperatures(root, language, lead) if pk in leads]
        disagreeing = [f"{pk}: {code}, but is {leads[pk]}" for pk, code in said if code != leads[pk]]
        read, checked = read + 1, checked + len(said)
        if found := wrong_words(root, language) + disagreeing:
            wrong[address] = found
    assert (wrong, read > 40, checked >= 10) == ({}, True, True)
