"""Who looks like whom: for a batch of leads all candidates at once, found by the keys they have in common."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from leads.enums import AttributeOwner, AttributeType, CommonKind
from leads.identity.characters import plain
from leads.identity.companies import company_name
from leads.identity.contacts import domain_key, email_key, phone_keys
from leads.identity.people import Fact, Person, Verdict, judge, keys_of
from leads.identity.persons import person_name
from leads.models import AttributeDefinition, CommonValue, Lead
from leads.statements import LEADS_OF_KEYS
from web.cldr import country_code

# A value that more leads have than this tells nobody apart (a switchboard, a made-up number).
COMMON = 20
LARGE_COMPANY = 5_000  # people
# As many leads are compared by a value that admins let count all the same.
MOST_BY_VALUE = 200
COMMON_KINDS = {"e": CommonKind.ADDRESS, "p": CommonKind.PHONE, "f": CommonKind.FACT, "n": CommonKind.NAME}  # of a key
KINDS = {AttributeType.TEXT: "text", AttributeType.INTEGER: "number", AttributeType.DATE: "date"}

Pair = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Search:
    """The people of a batch with their keys, and who has each of them."""

    given: dict[int, Person]
    keys: dict[int, frozenset[str]]
    holders: dict[str, set[int]] = field(default_factory=dict)
    common: frozenset[str] = frozenset()


def likenesses(ids: Collection[int]) -> dict[Pair, Verdict]:
    """The pairs (lower id, higher id) of one of these leads and any other lead that may be one person.

    A handful of statements for the whole batch; merged and anonymous leads are left out.
    """
    given = people(Lead.objects.identified().filter(pk__in=ids).values_list("pk", flat=True))
    return verdicts_of(search_for(given)) if given else {}


def search_for(given: dict[int, Person]) -> Search:
    """Who has the keys of these people; keys of too many are set aside. The batch need not have stored its own."""
    keys = {pk: keys_of(person) for pk, person in given.items()}
    digests = {key: digest(key) for own in keys.values() for key in own}
    texts = {number: key for key, number in digests.items()}
    holders: dict[str, set[int]] = defaultdict(set)
    for pk, own in keys.items():
        for key in own:
            holders[key].add(pk)
    for number, pk in holders_of(list(texts), COMMON + 1):
        holders[texts[number]].add(pk)
    common = {key for key, held in holders.items() if len(held) > COMMON}
    counting = CommonValue.objects.filter(key__in=[digests[key] for key in common], counts=True)
    allowed = set(counting.values_list("key", flat=True))
    for number, pk in holders_of(sorted(allowed), MOST_BY_VALUE):
        holders[texts[number]].add(pk)
    common -= {texts[number] for number in allowed}
    return Search(given=given, keys=keys, holders=holders, common=frozenset(common))


def verdicts_of(search: Search) -> dict[Pair, Verdict]:
    """Each pair that has a key in common and may be one person, judged once."""
    pairs: set[Pair] = set()
    for pk, own in search.keys.items():
        for key in own - search.common:
            pairs.update((min(pk, other), max(pk, other)) for other in search.holders[key] if other != pk)
    known = search.given | people({pk for pair in pairs for pk in pair} - search.given.keys())
    found = {}
    for one, other in pairs:
        if one in known and other in known:
            verdict = judge(known[one], known[other], common=search.common)
            if verdict.sureness is not None:
                found[one, other] = verdict
    return found


def verdict_on(one: Lead, other: Lead) -> Verdict:
    """What these two leads are to each other, whether or not anything proposes them."""
    given = people([one.pk, other.pk])
    common = search_for(given).common
    return judge(given[one.pk], given[other.pk], common=common)


def people(ids: Iterable[int]) -> dict[int, Person]:
    """Leads as people who can be compared, by id."""
    kinds = fact_kinds()
    columns = (
        "pk", "name", "kana", "phone", "email", "other_emails", "region", "country", "custom", "company_id",
        "company__name", "company__domain", "company__employees",
    )  # fmt: skip
    rows = Lead.objects.identified().filter(pk__in=list(ids)).order_by().values_list(*columns)
    return {row[0]: person_of(row, kinds) for row in rows}


def person_of(row: tuple[Any, ...], kinds: dict[str, str]) -> Person:
    pk, name, kana, phone, email, others, region, country, custom, company_id, company, domain, employees = row
    addresses = frozenset({email_key(address) for address in (email, *others)} - {""})
    return Person(
        pk=pk,
        name=person_name(name, kana),
        emails=addresses,
        phones=phone_keys(phone),
        company=company_name(company or ""),
        company_id=company_id,
        is_in_large_company=(employees or 0) >= LARGE_COMPANY,
        domains=frozenset({*map(domain_key, addresses), domain_key(domain or "")} - {""}),
        place=plain(region),
        country=country_code(country) if country else "",
        facts=tuple(fact for code, kind in kinds.items() if (fact := fact_of(code, kind, custom.get(code)))),
    )


def fact_kinds() -> dict[str, str]:
    """Custom attributes that are contact details, with how much an agreement of each says."""
    wanted = AttributeDefinition.objects.filter(
        owner=AttributeOwner.LEAD, is_contact_data=True, is_active=True, type__in=KINDS
    )
    return {code: KINDS[AttributeType(kind)] for code, kind in wanted.values_list("code", "type")}


def fact_of(code: str, kind: str, value: Any) -> Fact | None:
    key = plain(str(value)).replace(" ", "") if value not in (None, "") else ""
    return Fact(code, kind, key) if len(key) > 1 else None


def digest(key: str) -> int:
    """The number under which a key is stored."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), signed=True)


def holders_of(numbers: Collection[int], most: int) -> list[tuple[int, int]]:
    if not numbers:
        return []
    with connection.cursor() as cursor:
        cursor.execute(LEADS_OF_KEYS, {"keys": sorted(numbers), "most": most})
        return list(cursor.fetchall())
