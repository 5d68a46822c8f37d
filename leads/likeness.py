"""Whether two leads are one person, judged by what each says of itself. Order and spelling make no difference."""

from __future__ import annotations

import re
from dataclasses import dataclass

from leads.enums import Likeness, Sureness
from leads.models.lead import is_contact_data
from web.cleaning import phone_key, search_form

WHOLE_NUMBER = 9  # digits
AFTER_A_NAME = ("様", "さん", "氏", "殿", "先生")
HONORIFICS = re.compile(rf"(?<=.)(?:{'|'.join(AFTER_A_NAME)})$|^(?:mr|mrs|ms|dr)\.?\s+")
IDEOGRAPH = re.compile(r"[\u3400-\u9fff\uf900-\ufaff々]")
KANA = re.compile(r"[\u30a0-\u30ff]")


@dataclass(frozen=True, kw_only=True)
class Person:
    """What tells one lead from another. `company` is the spelling-free name of the company, "" for none."""

    pk: int
    readings: frozenset[str]
    numbers: frozenset[str]
    addresses: frozenset[str]
    company: str = ""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Two leads that may be one person: how sure that is, what speaks for it, and the values in common."""

    sureness: Sureness
    reasons: list[Likeness]
    evidence: list[str]


def reading(name: str) -> str:
    """A name as it is compared: width, kind of kana, space and honorifics make no difference, nor does the order of
    the parts of a name in Latin letters. "" for what is no name.
    """
    if is_contact_data(name):
        return ""
    form = HONORIFICS.sub("", search_form(name).strip()).replace(".", " ").replace(",", " ")
    return "".join(form.split()) if script(form) != "latin" else " ".join(sorted(form.split()))


def script(text: str) -> str:
    return "ideographs" if IDEOGRAPH.search(text) else "kana" if KANA.search(text) else "latin"


def numbers_of(phone: str) -> frozenset[str]:
    """The whole telephone numbers of a field; a part of one tells nobody apart."""
    return frozenset(number for number in phone_key(phone).split("/") if len(number) >= WHOLE_NUMBER)


def judged(one: Person, other: Person, *, common: frozenset[str]) -> Verdict | None:
    """What speaks for one person; None where it is too little, or where the names say that they are two.

    Two people of one company share its number and its name: with names that differ they are colleagues. Names in
    different writings ("佐藤" and "Sato") are not known to differ. `common` are values that too many leads have.
    """
    names = one.readings & other.readings
    shared = {
        Likeness.PHONE: (one.numbers & other.numbers) - common,
        Likeness.NAME: names,
        Likeness.COMPANY: {one.company} & {other.company} - {""},
        Likeness.ADDRESS: one.addresses & other.addresses,
    }
    reasons = [likeness for likeness, values in shared.items() if values]
    scripts = {script(name) for name in one.readings} & {script(name) for name in other.readings}
    sureness = sureness_of(set(reasons), differ=bool(scripts) and not names)
    if sureness is None:
        return None
    evidence = sorted(f"{likeness}:{value}" for likeness, values in shared.items() for value in values)
    return Verdict(sureness=sureness, reasons=reasons, evidence=evidence)


def sureness_of(reasons: set[Likeness], *, differ: bool) -> Sureness | None:
    """How sure these reasons make that two leads are one person; `differ` says that their names are two."""
    if Likeness.ADDRESS in reasons:
        return Sureness.POSSIBLE if differ else Sureness.SURE
    if differ:
        return None
    if {Likeness.PHONE, Likeness.NAME} <= reasons:
        return Sureness.SURE
    if {Likeness.PHONE, Likeness.COMPANY} <= reasons or {Likeness.NAME, Likeness.COMPANY} <= reasons:
        return Sureness.LIKELY
    return Sureness.POSSIBLE if Likeness.PHONE in reasons else None
