"""Two companies: whether they are one, as far as their names, numbers, domains and places tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from leads.enums import Finding, Likeness
from leads.identity.companies import CompanyLikeness, CompanyName, compare_companies
from leads.identity.people import Reason

PRIOR = -4.0  # bits, for two companies of one key
NAME_BITS = {
    CompanyLikeness.SAME: 8.0,
    CompanyLikeness.LOOKS_SAME: 7.0,
    CompanyLikeness.FORM_MISSING: 7.0,
    CompanyLikeness.OTHER_BRANCH: 6.0,
    CompanyLikeness.CLOSE: 4.0,
    CompanyLikeness.OTHER_SIDE: 3.0,
    CompanyLikeness.OTHER_FORM: 2.0,
    CompanyLikeness.DIFFERENT: -8.0,
}
NUMBER_BITS, OTHER_NUMBER_BITS = 20.0, -20.0
DOMAIN_BITS, OTHER_DOMAIN_BITS = 5.0, -2.0
OTHER_PLACE_BITS = -3.0
ONE_NAME = frozenset(
    {
        CompanyLikeness.SAME,
        CompanyLikeness.LOOKS_SAME,
        CompanyLikeness.FORM_MISSING,
        CompanyLikeness.OTHER_BRANCH,
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Firm:
    """What tells one company from another, in keys that can be compared; "" for what is not known."""

    name: CompanyName
    number: str = ""
    domain: str = ""
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class FirmVerdict:
    """What two companies are to each other, and why."""

    finding: Finding
    probability: float
    reasons: list[Reason]


def judge_firms(one: Firm, other: Firm) -> FirmVerdict:
    """The order of the two makes no difference but in the reasons' values."""
    likeness = compare_companies(one.name, other.name)
    reasons = list(_reasons(one, other, likeness))
    bits = PRIOR + sum(reason.bits for reason in reasons)
    return FirmVerdict(
        finding=_finding(likeness, reasons),
        probability=1 / (1 + 2**-bits),
        reasons=sorted(reasons, key=lambda reason: -abs(reason.bits)),
    )


def _reasons(one: Firm, other: Firm, likeness: CompanyLikeness) -> Iterator[Reason]:
    if bits := NAME_BITS.get(likeness):
        yield Reason(Likeness.COMPANY, likeness, bits, one.name.core, other.name.core)
    if one.number and other.number:
        same = one.number == other.number
        bits = NUMBER_BITS if same else OTHER_NUMBER_BITS
        yield Reason(Likeness.NUMBER, "same" if same else "differs", bits, one.number, other.number)
    if one.domain and other.domain:
        same = one.domain == other.domain
        bits = DOMAIN_BITS if same else OTHER_DOMAIN_BITS
        yield Reason(Likeness.COMPANY, "domain" if same else "other_domain", bits, one.domain, other.domain)
    if one.place and other.place and one.place != other.place:
        yield Reason(Likeness.PLACE, "differs", OTHER_PLACE_BITS, one.place, other.place)


def _finding(likeness: CompanyLikeness, reasons: list[Reason]) -> Finding:
    """A corporate number decides; else one name at two places, or in two forms, proves nothing.

    Another name at the same domain is a company of the same group.
    """
    levels = {(reason.kind, reason.level) for reason in reasons}
    if (Likeness.NUMBER, "same") in levels:
        return Finding.SAME
    has_domain = (Likeness.COMPANY, "domain") in levels
    if (Likeness.NUMBER, "differs") in levels or likeness == CompanyLikeness.DIFFERENT:
        return Finding.RELATED if has_domain else Finding.DIFFERENT
    differs = any(not reason.is_for for reason in reasons)
    if likeness in ONE_NAME and (has_domain or not differs):
        return Finding.SAME
    return Finding.UNKNOWN
