"""Two leads: what speaks for one person and what against it, how probable that is, and what it comes to.

Every agreement and every difference weighs some bits, the logarithm (base 2) of how much more often it is seen between
two records of one person than between those of two. The bits are added up; `docs/identity.md` has the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from leads.enums import Finding, Likeness, Sureness
from leads.identity.characters import edits, short_vowels
from leads.identity.companies import NO_COMPANY, CompanyLikeness, CompanyName, compare_companies
from leads.identity.contacts import is_personal_address, is_personal_number
from leads.identity.persons import NOBODY, NameLikeness, PersonName, compare_names

PRIOR = -5.0  # bits, for two leads of whom one value is looked up by
SAME_FROM, SAME_NAME_FROM, LIKELY_FROM, POSSIBLE_FROM = 0.98, 0.88, 0.80, 0.15
NAME_BITS = {
    NameLikeness.SAME: 7.0,
    NameLikeness.READS_ALIKE: 6.5,
    NameLikeness.MAY_READ_ALIKE: 6.0,
    NameLikeness.CLOSE: 5.0,
    NameLikeness.INITIALS: 4.0,
    NameLikeness.PART: 1.0,
    NameLikeness.READ_OTHERWISE: 1.0,
    NameLikeness.WRITTEN_OTHERWISE: -2.0,
    NameLikeness.GIVEN_ALONE: -2.5,
    NameLikeness.FAMILY_ALONE: -7.0,
    NameLikeness.DIFFERENT: -10.0,
}
NAMED_FROM = 5.0
TWO_NAMES = frozenset(
    {NameLikeness.WRITTEN_OTHERWISE, NameLikeness.GIVEN_ALONE, NameLikeness.FAMILY_ALONE, NameLikeness.DIFFERENT}
)
COMPANY_BITS = {
    CompanyLikeness.SAME: 3.0,
    CompanyLikeness.LOOKS_SAME: 3.0,
    CompanyLikeness.FORM_MISSING: 2.5,
    CompanyLikeness.OTHER_BRANCH: 2.0,
    CompanyLikeness.OTHER_SIDE: 1.0,
    CompanyLikeness.OTHER_FORM: 1.0,
    CompanyLikeness.CLOSE: 2.0,
    CompanyLikeness.DIFFERENT: -3.0,
}
ONE_COMPANY = frozenset({CompanyLikeness.SAME, CompanyLikeness.LOOKS_SAME, CompanyLikeness.FORM_MISSING, "domain"})
LARGE_COMPANY_BITS = -2.5  # among thousands of people there are namesakes
DOMAIN_BITS = 3.0
PERSONAL_LINE_BITS, LINE_BITS, SWITCHBOARD_BITS, OTHER_PERSONAL_LINE_BITS = 8.0, 5.0, 2.5, -2.0
ADDRESS_BITS, SHARED_MAILBOX_BITS, COLLEAGUES_ADDRESS_BITS = 10.0, 2.0, -3.0
CLOSE_ADDRESS_BITS, LOCAL_PART_BITS = 3.0, 2.0
WAYS_DESPITE_NAMES = 3
LINE = "line"  # a number that is no mobile one: it may be a switchboard
FEWEST_LETTERS = 6  # of a local part that says something
OTHER_PLACE_BITS = -2.0
OTHER_DOMAIN_BITS, OTHER_LINE_BITS = -1.5, -0.5
# A number tells more than a day, and that more than a word: same, nearly the same, different.
FACT_BITS = {"number": (9.0, 5.0, -3.0), "date": (6.0, 3.0, -3.0), "text": (4.0, 2.0, -1.5)}


@dataclass(frozen=True, slots=True)
class Fact:
    """A further value that tells people apart, such as a postal address: what it is, its kind, and its key."""

    code: str
    kind: str
    key: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """What tells one lead from another, in keys that can be compared."""

    pk: int
    name: PersonName = NOBODY
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    company: CompanyName = NO_COMPANY
    company_id: int | None = None
    is_in_large_company: bool = False
    domains: frozenset[str] = frozenset()
    place: str = ""
    country: str = ""
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """One agreement or difference: what was compared, what came out, its bits, and the value of each of the two."""

    kind: Likeness
    level: str
    bits: float
    one: str = ""
    other: str = ""

    @property
    def is_for(self) -> bool:
        return self.bits > 0


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What two leads are to each other. `evidence` are the values in common; a new one asks again after a no."""

    finding: Finding
    probability: float
    reasons: list[Reason]
    evidence: list[str] = field(default_factory=list)

    @property
    def sureness(self) -> Sureness | None:
        """The shelf on which people decide about it; None where there is nothing to decide."""
        if self.finding == Finding.SAME:
            return Sureness.SURE
        if self.finding != Finding.UNKNOWN or self.probability < POSSIBLE_FROM:
            return None
        return Sureness.LIKELY if self.probability >= LIKELY_FROM else Sureness.POSSIBLE


def keys_of(person: Person) -> frozenset[str]:
    """By which values others are looked up: two leads without a key in common are never compared."""
    keys = {f"e:{address}" for address in person.emails} | {f"p:{number}" for number in person.phones}
    keys |= {fact_key(fact) for fact in person.facts}
    return frozenset(keys.union(*(name_keys(person.name, place) for place in places_of_work(person))))


def fact_key(fact: Fact) -> str:
    return f"f:{fact.code}:{fact.key}"


def places_of_work(person: Person) -> list[str]:
    """What stands for a lead's company: its name, and the domains of its addresses."""
    return [*([person.company.key] if person.company.key else []), *sorted(person.domains)]


def name_keys(name: PersonName, place: str) -> Iterator[str]:
    """Keys of a name within a company: as it is written, as it sounds, and its family name alone."""
    if not name.whole:
        return
    yield f"n:{place}:{name.whole}"
    sounds = list(map(short_vowels, name.reading))
    if sounds:
        yield f"n:{place}:{''.join(sounds)}"
        yield f"n:{place}:{''.join(reversed(sounds))}"
    if name.script == "latin":
        yield from (f"s:{place}:{word}" for word in name.words if len(word) > 2)
        yield from (f"s:{place}:{sound}" for sound in sounds)
    elif sounds:
        yield f"s:{place}:{sounds[0]}"
        yield f"i:{place}:{sounds[0]}{''.join(sounds[1:])[:1]}"


def judge(one: Person, other: Person, *, common: frozenset[str] = frozenset()) -> Verdict:
    """What two leads are to each other, and why. The order of the two makes no difference but in the reasons' values.

    `common` are keys that too many leads have: such a value is no evidence.
    """
    likeness = NameLikeness.UNKNOWN if named_commonly(one, other, common) else compare_names(one.name, other.name)
    reasons = [
        *_addresses(one, other, common),
        *_numbers(one, other, common),
        *_names(one, other, likeness),
        *_companies(one, other),
        *_places(one, other),
        *_facts(one, other, common),
    ]
    bits = PRIOR + sum(reason.bits for reason in reasons)
    probability = 1 / (1 + 2**-bits)
    finding = _finding(likeness, probability, reasons)
    return Verdict(
        finding=finding,
        probability=probability,
        reasons=sorted(reasons, key=lambda reason: -abs(reason.bits)),
        evidence=sorted(f"{reason.kind}:{reason.one}" for reason in reasons if reason.is_for),
    )


def named_commonly(one: Person, other: Person, common: frozenset[str]) -> bool:
    """Whether too many leads of one company bear this name: then it is none."""
    if not any(key.startswith("n:") for key in common):
        return False
    both = (name_keys(person.name, place) for person in (one, other) for place in places_of_work(person))
    return any(key in common for keys in both for key in keys if key.startswith("n:"))


def _addresses(one: Person, other: Person, common: frozenset[str]) -> Iterator[Reason]:
    shared = sorted(address for address in one.emails & other.emails if f"e:{address}" not in common)
    if shared:
        personal = [address for address in shared if is_personal_address(address)]
        address = (personal or shared)[0]
        level, bits = ("same", ADDRESS_BITS) if personal else ("shared_mailbox", SHARED_MAILBOX_BITS)
        yield Reason(Likeness.ADDRESS, level, bits, address, address)
        return
    best: Reason | None = None
    for mine in sorted(one.emails):
        for theirs in sorted(other.emails):
            reason = _two_addresses(mine, theirs, is_free=not (one.domains & other.domains))
            if reason and (best is None or reason.bits > best.bits):
                best = reason
    if best:
        yield best


def _two_addresses(mine: str, theirs: str, *, is_free: bool) -> Reason | None:
    """What two addresses that are not equal say; colleagues have two at one domain, one person seldom."""
    (local, _at, domain), (other_local, _at2, other_domain) = mine.partition("@"), theirs.partition("@")
    if not is_personal_address(mine) or not is_personal_address(theirs):
        return None
    is_long = min(len(local), len(other_local)) >= FEWEST_LETTERS
    if local == other_local:
        return Reason(Likeness.ADDRESS, "local_part", LOCAL_PART_BITS, mine, theirs) if is_long else None
    if domain != other_domain:
        return None
    if is_long and digits_of(local) == digits_of(other_local) and edits(local, other_local, 1) == 1:
        return Reason(Likeness.ADDRESS, "close", CLOSE_ADDRESS_BITS, mine, theirs)
    return None if is_free else Reason(Likeness.ADDRESS, "differs", COLLEAGUES_ADDRESS_BITS, mine, theirs)


def digits_of(text: str) -> str:
    """sato1 and sato2 are two people, not one with a typing error."""
    return "".join(letter for letter in text if letter.isdigit())


def _numbers(one: Person, other: Person, common: frozenset[str]) -> Iterator[Reason]:
    shared = sorted(number for number in one.phones & other.phones if f"p:{number}" not in common)
    if shared:
        personal = [number for number in shared if is_personal_number(number)]
        number = (personal or shared)[0]
        line_bits = SWITCHBOARD_BITS if works_for_one(one, other) else LINE_BITS
        level, bits = ("same", PERSONAL_LINE_BITS) if personal else ("same_line", line_bits)
        yield Reason(Likeness.PHONE, level, bits, number, number)
        return
    mine, theirs = (sorted(filter(is_personal_number, person.phones)) for person in (one, other))
    if mine and theirs:
        yield Reason(Likeness.PHONE, "differs", OTHER_PERSONAL_LINE_BITS, mine[0], theirs[0])
        return
    lines = [sorted(person.phones - set(own)) for person, own in ((one, mine), (other, theirs))]
    if all(lines) and one.phones.isdisjoint(other.phones):
        yield Reason(Likeness.PHONE, "other_line", OTHER_LINE_BITS, lines[0][0], lines[1][0])


def works_for_one(one: Person, other: Person) -> bool:
    """Whether two leads name one company: then its number is theirs whoever they are."""
    if one.company_id is not None and one.company_id == other.company_id:
        return True
    return bool(one.domains & other.domains or (one.company.key and one.company.key == other.company.key))


def _names(one: Person, other: Person, likeness: NameLikeness) -> Iterator[Reason]:
    if bits := NAME_BITS.get(likeness):
        by_sound = {NameLikeness.READS_ALIKE, NameLikeness.MAY_READ_ALIKE}
        mine, theirs = (name.sound if likeness in by_sound else name.whole for name in (one.name, other.name))
        yield Reason(Likeness.NAME, likeness, bits, *sorted((mine, theirs)))


def _companies(one: Person, other: Person) -> Iterator[Reason]:
    is_one = one.company_id is not None and one.company_id == other.company_id
    likeness = CompanyLikeness.SAME if is_one else compare_companies(one.company, other.company)
    bits = COMPANY_BITS.get(likeness, 0.0)
    if bits > 0 and (one.is_in_large_company or other.is_in_large_company):
        bits += LARGE_COMPANY_BITS
    domains = sorted(one.domains & other.domains)
    if domains and likeness == CompanyLikeness.DIFFERENT:
        return  # two companies of a group
    if domains and bits < DOMAIN_BITS:
        yield Reason(Likeness.COMPANY, "domain", DOMAIN_BITS, domains[0], domains[0])
    elif bits:
        yield Reason(Likeness.COMPANY, likeness, bits, one.company.core, other.company.core)


def _places(one: Person, other: Person) -> Iterator[Reason]:
    """What tells two namesakes apart: domains of two companies, countries, regions."""
    if one.domains and other.domains and not one.domains & other.domains:
        yield Reason(Likeness.ADDRESS, "other_domain", OTHER_DOMAIN_BITS, min(one.domains), min(other.domains))
    if one.country and other.country and one.country != other.country:
        yield Reason(Likeness.PLACE, "other_country", OTHER_PLACE_BITS, one.country, other.country)
        return
    if one.place and other.place and one.place != other.place:
        yield Reason(Likeness.PLACE, "differs", OTHER_PLACE_BITS, one.place, other.place)


def _facts(one: Person, other: Person, common: frozenset[str]) -> Iterator[Reason]:
    theirs = {fact.code: fact for fact in other.facts}
    for fact in one.facts:
        against = theirs.get(fact.code)
        if against is None:
            continue
        same, close, different = FACT_BITS[fact.kind]
        if fact.key == against.key:
            if fact_key(fact) not in common:
                yield Reason(Likeness.FACT, f"{fact.code}:same", same, fact.key, fact.key)
        elif edits(fact.key, against.key, 2) <= (1 if len(fact.key) < 10 else 2):
            yield Reason(Likeness.FACT, f"{fact.code}:close", close, fact.key, against.key)
        else:
            yield Reason(Likeness.FACT, f"{fact.code}:differs", different, fact.key, against.key)


def _finding(likeness: NameLikeness, probability: float, reasons: list[Reason]) -> Finding:
    """What it comes to. Who has two names is two people, or colleagues, unless three or more other values are equal.

    One person are two who are reached by the same address, mobile number or fact; by the same line under the same
    name; or who bear the same name in the same company while nothing differs. Equal names at two addresses never are.
    """
    ways = {way_of(reason) for reason in reasons if reason.is_for} - {""}
    if likeness in TWO_NAMES and (len(ways) < WAYS_DESPITE_NAMES or probability < SAME_FROM):
        works_together = any(reason.kind == Likeness.COMPANY and reason.is_for for reason in reasons)
        if works_together and ways <= {LINE}:
            return Finding.RELATED
        return Finding.UNKNOWN if ways else Finding.DIFFERENT
    is_named = NAME_BITS.get(likeness, 0.0) >= NAMED_FROM
    if probability >= SAME_FROM and (ways - {LINE} or (ways and is_named)):
        return Finding.SAME
    is_in_company = any(reason.kind == Likeness.COMPANY and reason.level in ONE_COMPANY for reason in reasons)
    if probability >= SAME_NAME_FROM and is_named and is_in_company and all(reason.is_for for reason in reasons):
        return Finding.SAME
    return Finding.UNKNOWN if probability >= POSSIBLE_FROM else Finding.DIFFERENT


def way_of(reason: Reason) -> str:
    """What of a person an agreement has found, "" for what colleagues and namesakes have in common as well."""
    if reason.kind == Likeness.FACT:
        return reason.level
    if reason.kind == Likeness.PHONE:
        return LINE if reason.level == "same_line" else "phone"
    return "address" if reason.kind == Likeness.ADDRESS and reason.level == "same" else ""
