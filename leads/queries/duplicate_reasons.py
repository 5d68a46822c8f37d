"""What speaks for one person and against it, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from leads.enums import Likeness
from leads.identity.companies import CompanyLikeness
from leads.identity.people import Reason
from leads.identity.persons import NameLikeness
from leads.models import AttributeDefinition, Duplicate


@dataclass(frozen=True, kw_only=True)
class ReasonWords:
    """One reason for the reader: + or −, what it says, and the values that were compared (one where they are equal)."""

    sign: str
    kind: str
    level: str
    bits: float
    text: str
    values: list[str]

    @property
    def is_for(self) -> bool:
        return self.bits > 0

    @property
    def shown(self) -> str:
        """The values in one piece."""
        return " / ".join(self.values)


def reasons_of(pair: Duplicate) -> list[ReasonWords]:
    """The stored reasons of a proposal, the weightiest first."""
    return words_of(Reason(Likeness(kind), *rest) for kind, *rest in pair.grounds)


def words_of(reasons: Iterable[Reason]) -> list[ReasonWords]:
    return [
        ReasonWords(
            sign="+" if reason.is_for else "−",
            kind=str(reason.kind),
            level=reason.level,
            bits=reason.bits,
            text=text_of(reason),
            values=list(dict.fromkeys(value for value in (reason.one, reason.other) if value)),
        )
        for reason in reasons
    ]


def text_of(reason: Reason) -> str:
    """A reason in a few words."""
    if reason.kind == Likeness.FACT:
        code, _colon, level = reason.level.partition(":")
        return fact_words()[level] % {"name": label_of(code)}
    return wordings()[reason.kind, reason.level]


def fact_words() -> dict[str, str]:
    return {
        "same": _("%(name)s is the same"),
        "close": _("%(name)s is nearly the same"),
        "differs": _("%(name)s differs"),
    }


def label_of(code: str) -> str:
    definition = AttributeDefinition.objects.filter(code=code).first()
    return str(definition) if definition else code


def wordings() -> dict[tuple[str, str], str]:
    """All that is compared, by kind and level."""
    names = {
        NameLikeness.SAME: _("Name is the same"),
        NameLikeness.READS_ALIKE: _("Name reads the same"),
        NameLikeness.MAY_READ_ALIKE: _("Name can be read the same"),
        NameLikeness.CLOSE: _("Name is a letter or two apart"),
        NameLikeness.INITIALS: _("Initials fit the name"),
        NameLikeness.PART: _("Family name is the same"),
        NameLikeness.READ_OTHERWISE: _("Name is written the same, read differently"),
        NameLikeness.WRITTEN_OTHERWISE: _("Name reads the same, written differently"),
        NameLikeness.GIVEN_ALONE: _("Given name is the same, family name differs"),
        NameLikeness.FAMILY_ALONE: _("Family name is the same, given name differs"),
        NameLikeness.DIFFERENT: _("Name differs"),
    }
    companies = {
        CompanyLikeness.SAME: _("Company is the same"),
        CompanyLikeness.LOOKS_SAME: _("Company looks the same"),
        CompanyLikeness.FORM_MISSING: _("Company is the same but for the legal form"),
        CompanyLikeness.OTHER_BRANCH: _("Company is the same, branch differs"),
        CompanyLikeness.OTHER_SIDE: _("Legal form before and after the company name"),
        CompanyLikeness.OTHER_FORM: _("Legal form of the company differs"),
        CompanyLikeness.CLOSE: _("Company is a letter apart"),
        CompanyLikeness.DIFFERENT: _("Company differs"),
    }
    others = {
        (Likeness.ADDRESS, "same"): _("Email is the same"),
        (Likeness.ADDRESS, "shared_mailbox"): _("Shared mailbox is the same"),
        (Likeness.ADDRESS, "local_part"): _("Email is the same before the @"),
        (Likeness.ADDRESS, "close"): _("Email is a letter apart"),
        (Likeness.ADDRESS, "differs"): _("Another email of the same domain"),
        (Likeness.PHONE, "same"): _("Mobile number is the same"),
        (Likeness.PHONE, "same_line"): _("Phone number is the same"),
        (Likeness.PHONE, "differs"): _("Mobile number differs"),
        (Likeness.PHONE, "other_line"): _("Phone number differs"),
        (Likeness.ADDRESS, "other_domain"): _("Email domain differs"),
        (Likeness.PLACE, "other_country"): _("Country differs"),
        (Likeness.COMPANY, "domain"): _("Company domain is the same"),
        (Likeness.PLACE, "differs"): _("Region differs"),
    }
    return (
        {(Likeness.NAME, str(level)): text for level, text in names.items()}
        | {(Likeness.COMPANY, str(level)): text for level, text in companies.items()}
        | {(str(kind), level): text for (kind, level), text in others.items()}
    )
