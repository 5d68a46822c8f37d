"""Invented companies and the people in them. Everything hangs on one `Random`: the same seed tells the same story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from insights.demo import words
from leads.enums import TitleLevel
from leads.models import Company, Lead, Source

DAYS = 365
LEADS_PER_COMPANY = 3.3
# The share of leads that make up their minds in the days before now, so that the queue is never empty.
THIS_WEEK = 0.05
READY = 0.4  # of those who decide this week, the share that can decide and plans to start soon
# Where invented leads come from: (source code, share, how much better than average they are).
SOURCES = (
    ("organic_search", 26, 0.05), ("paid_search", 18, 0.0), ("webinar", 12, 0.1), ("exhibition", 14, 0.08),
    ("seminar", 8, 0.12), ("social", 10, -0.1), ("email", 5, -0.05), ("direct_traffic", 5, 0.02), ("referral", 2, 0.25),
)  # fmt: skip


@dataclass
class Person:
    """A lead with what nobody in the product can see: how likely it is to buy, and when it makes up its mind."""

    lead: Lead
    propensity: float
    decides_at: datetime


def invent_companies(random: Random, count: int, *, first: int = 0) -> list[Company]:
    """Companies that are numbered from `first`."""
    return [invent_company(random, number) for number in range(first, first + count)]


def invent_company(random: Random, number: int) -> Company:
    """One company, Japanese in seven cases of ten; its number makes the domain unique."""
    japanese = random.random() < 0.7
    employees = int(10 ** random.gauss(2.1, 0.55)) + 3
    if japanese:
        (first, roman), (kind, roman_kind) = random.choice(words.COMPANIES_JA), random.choice(words.KINDS_JA)
        name = f"株式会社{first}{kind}" if random.random() < 0.6 else f"{first}{kind}株式会社"
        domain, country, region = f"{roman}-{roman_kind}-{number}.example", "JP", random.choice(words.REGIONS_JA)
    else:
        first, kind = random.choice(words.COMPANIES_EN), random.choice(words.KINDS_EN)
        name, domain = f"{first} {kind}", f"{first}-{kind}-{number}.example".lower().replace(" ", "-")
        country, region = random.choice(words.COUNTRIES_EN), ""
    return Company(
        name=name,
        domain=domain,
        industry=random.choice(words.INDUSTRIES),
        employees=employees if random.random() < 0.93 else None,
        revenue=employees * random.randint(8, 30) * 1_000_000
        if japanese
        else employees * random.randint(80, 300) * 1000,
        currency="JPY" if japanese else "EUR",
        country=country,
        region=region,
    )


def invent_people(
    random: Random, count: int, companies: list[Company], now: datetime, *, first: int = 0
) -> list[Person]:
    """People of these companies, numbered from `first`."""
    sources = {source.code: source for source in Source.objects.all()}
    return [
        invent_person(random, number, random.choice(companies), sources, now) for number in range(first, first + count)
    ]


def invent_person(random: Random, number: int, company: Company, sources: dict[str, Source], now: datetime) -> Person:
    """Somebody who works there, born as a lead within the last year; the number makes address and id unique."""
    japanese = company.country == "JP"
    level = random.choices(list(TitleLevel), weights=(34, 24, 24, 13, 5))[0]
    code, _share, lift = random.choices(SOURCES, weights=[share for _code, share, _lift in SOURCES])[0]
    born = now - timedelta(seconds=random.randint(3600, DAYS * 86_400))
    propensity = _propensity(random, company, level, lift)
    lead = Lead(
        **_identity(random, number, company, japanese),
        title=random.choice(words.TITLES[level])[0 if japanese else 1],
        title_level=level if random.random() < 0.9 else None,
        department=random.choice(words.DEPARTMENTS)[0 if japanese else 1],
        language="ja" if japanese else "en",
        country=company.country,
        region=company.region,
        source=sources[code],
        campaign=f"{born:%Y}年 {sources[code].label_ja}" if japanese else f"{sources[code].label_en} {born:%Y}",
        consent=random.random() < 0.85 or None,
        planned_on=a_plan(random, now) if random.random() < propensity * 0.6 else None,
        company=company,
        created_at=born,
    )
    if random.random() < THIS_WEEK:
        if random.random() < READY:
            meet_five_conditions(random, lead, level, now)
        return Person(
            lead=lead, propensity=min(0.95, propensity + 0.3), decides_at=now - timedelta(days=random.uniform(0, 5))
        )
    return Person(lead=lead, propensity=propensity, decides_at=born + timedelta(days=random.expovariate(1 / 60)))


def a_plan(random: Random, now: datetime) -> date:
    """A day within the next eight months."""
    return (now + timedelta(days=random.randint(10, 240))).date()


def meet_five_conditions(random: Random, lead: Lead, level: TitleLevel, now: datetime) -> None:
    """Make the lead one of those who meet all five conditions once sales has asked."""
    lead.title_level = max(level, TitleLevel.MANAGER)
    lead.planned_on = (now + timedelta(days=random.randint(15, 80))).date()


def _identity(random: Random, number: int, company: Company, japanese: bool) -> dict[str, str]:
    if japanese:
        (family, roman), (given, roman_given) = random.choice(words.FAMILY_JA), random.choice(words.GIVEN_JA)
        name, local, phone = f"{family} {given}", f"{roman_given}.{roman}", f"03-5550-{number % 10_000:04}"
    else:
        family, given = random.choice(words.FAMILY_EN), random.choice(words.GIVEN_EN)
        name, local, phone = f"{given} {family}", f"{given}.{family}".lower(), f"+44 20 5550 {number % 10_000:04}"
    return {"name": name, "email": f"{local}.{number}@{company.domain}", "external_id": f"D{number:05}", "phone": phone}


def _propensity(random: Random, company: Company, level: int, lift: float) -> float:
    """The hidden truth that outcomes depend on: size, say, source, and something nobody measures."""
    size = 0.18 if (company.employees or 0) >= 100 else 0.0
    trade = 0.1 if company.industry in ("manufacturing", "logistics", "it") else 0.0
    return min(0.95, max(0.02, random.betavariate(1.6, 5) + size + trade + 0.05 * (level - 2) + lift))
