"""Who looks like whom: for a batch of leads all candidates at once, each kind of them by its own index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db import connection
from django.db.models import Q

from leads.likeness import Person, Verdict, judged, numbers_of, reading
from leads.models import Company, Lead
from leads.models.company import NameKey
from leads.statements import LEADS_OF_COMPANIES, LEADS_OF_NUMBERS

# A number or address that more leads have than this tells nobody apart (a switchboard, a made-up number).
COMMON = 20
# Of a company with more people than this, only the newest are compared by name.
MOST_COLLEAGUES = 2_000

Pair = tuple[int, int]


def likenesses(ids: Collection[int]) -> dict[Pair, Verdict]:
    """The pairs (lower id, higher id) of one of these leads and any other lead that may be one person.

    A handful of statements for the whole batch; merged and anonymous leads are left out.
    """
    given = people(Lead.objects.identified().filter(pk__in=ids).values_list("pk", flat=True))
    if not given:
        return {}
    buckets, common = candidates_of(given)
    others = given | people({pk for bucket in buckets.values() for pk in bucket} - given.keys())
    found: dict[Pair, Verdict] = {}
    for one in given.values():
        for key in keys_of(one):
            for pk in buckets.get(key, ()):
                pair = (min(one.pk, pk), max(one.pk, pk))
                if pk == one.pk or pair in found or pk not in others:
                    continue
                if verdict := judged(one, others[pk], common=common):
                    found[pair] = verdict
    return found


def people(ids: Iterable[int]) -> dict[int, Person]:
    """Leads as people who can be compared, by id."""
    rows = Lead.objects.identified().filter(pk__in=list(ids)).annotate(company_key=NameKey("company__name"))
    columns = ("pk", "name", "kana", "phone", "email", "other_emails", "company_key")
    return {
        pk: Person(
            pk=pk,
            readings=frozenset({reading(name), reading(kana)} - {""}),
            numbers=numbers_of(phone),
            addresses=frozenset({email, *others} - {""}),
            company=company or "",
        )
        for pk, name, kana, phone, email, others, company in rows.values_list(*columns)
    }


def keys_of(person: Person) -> list[tuple[str, str]]:
    """Where candidates for a person are looked up."""
    keys = [("number", number) for number in person.numbers] + [("address", one) for one in person.addresses]
    return [*keys, *((person.company, name) for name in person.readings if person.company)]


def candidates_of(given: dict[int, Person]) -> tuple[dict[tuple[str, str], set[int]], frozenset[str]]:
    """Leads by the keys of these people, and the numbers that too many have to count."""
    buckets: dict[tuple[str, str], set[int]] = defaultdict(set)
    numbers = sorted({number for person in given.values() for number in person.numbers})
    for number, pk in rows_of(LEADS_OF_NUMBERS, {"numbers": numbers, "most": COMMON + 1}):
        buckets["number", number].add(pk)
    common = frozenset(number for number in numbers if len(buckets["number", number]) > COMMON)
    for number in common:
        del buckets["number", number]
    addresses = sorted({address for person in given.values() for address in person.addresses})
    for pk, email, others in with_addresses(addresses):
        for address in {email, *others} & set(addresses):
            buckets["address", address].add(pk)
    for company, pk, name, kana in colleagues(sorted({person.company for person in given.values()} - {""})):
        for word in {reading(name), reading(kana)} - {""}:
            buckets[company, word].add(pk)
    return buckets, common


def with_addresses(addresses: list[str]) -> Iterable[tuple[int, str, list[str]]]:
    either = Q(email__in=addresses) | Q(other_emails__overlap=addresses)
    return Lead.objects.identified().filter(either).values_list("pk", "email", "other_emails")


def colleagues(companies: list[str]) -> Iterable[tuple[str, int, str, str]]:
    """Company, lead and the lead's names, for companies of these names in whatever spelling."""
    keyed = Company.objects.alias(name_key=NameKey("name")).filter(name_key__in=companies)
    keys = dict(keyed.annotate(key=NameKey("name")).values_list("pk", "key"))
    given = {"companies": list(keys), "most": MOST_COLLEAGUES}
    return [(keys[company], pk, name, kana) for company, pk, name, kana in rows_of(LEADS_OF_COMPANIES, given)]


def rows_of(statement: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return list(cursor.fetchall())
