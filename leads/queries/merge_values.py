"""What the lead that is kept takes over from the one that is merged into it: only what it does not know itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leads.enums import Stage
from leads.identity.persons import NameLikeness, compare_names, person_name
from leads.models import Lead
from web.cldr import country_code

# Columns that are filled where they are empty.
FILLED = (
    "name", "kana", "email", "external_id", "phone", "title", "title_level", "department", "language", "country",
    "region", "source_id", "campaign", "planned_on", "consent", "company_id", "team_id",
)  # fmt: skip
EMPTY = (None, "")
# What is taken from a lead only together with what it belongs to.
TOGETHER = (("name", "kana"), ("country", "region"), ("title", "title_level"))
# The way to the purchase: of two leads that are one person, the one further ahead says where the person stands.
WAY = (Stage.INQUIRY, Stage.MQL, Stage.SQL, Stage.OPPORTUNITY, Stage.CUSTOMER)

Changes = dict[str, tuple[Any, Any]]


def changes_of(kept: Lead, merged: Lead) -> Changes:
    """The columns of `kept` that a merge changes: each with its value before and after."""
    changes: Changes = {}
    for name in FILLED:
        before, after = getattr(kept, name), getattr(merged, name)
        if before in EMPTY and after not in EMPTY:
            changes[name] = (before, country_code(after) if name == "country" else after)
    for name in belonging_elsewhere(kept, merged):
        changes.pop(name, None)
    if (reading := reading_from(kept, merged)) and "name" not in changes:
        changes["kana"] = ("", reading)
    if "title_level" in changes and kept.title_level_derived != merged.title_level_derived:
        changes["title_level_derived"] = (kept.title_level_derived, merged.title_level_derived)
    # An owner comes along where the lead that is kept has none and is not another team's.
    joins = kept.owner_id is None and kept.team_id in (None, merged.team_id)
    owner = merged.owner_id if joins else kept.owner_id
    custom = {
        code: value for code, value in merged.custom.items() if value not in EMPTY and kept.custom.get(code) in EMPTY
    }
    primary = changes["email"][1] if "email" in changes else kept.email
    addresses = dict.fromkeys([*kept.other_emails, merged.email, *merged.other_emails])
    candidates = {
        "other_emails": [address for address in addresses if address not in ("", primary)],
        "owner_id": owner,
        "custom": {**kept.custom, **custom},
        "stage": further_stage(kept.stage, merged.stage),
        "is_anonymous": kept.is_anonymous and merged.is_anonymous,
        "is_competitor": kept.is_competitor or merged.is_competitor,
    }
    if merged.consent is False:  # who refused, refuses, whichever of the two is kept
        candidates["consent"] = False
    return changes | {
        name: (getattr(kept, name), after) for name, after in candidates.items() if getattr(kept, name) != after
    }


def belonging_elsewhere(kept: Lead, merged: Lead) -> list[str]:
    """Columns that `kept` does not take: each belongs to another value of `merged` that is not taken either.

    A reading belongs to its name, a region to its country, a title level to its title.
    """
    return [
        part
        for whole, part in TOGETHER
        if getattr(kept, whole) not in EMPTY
        and getattr(merged, whole) not in EMPTY
        and not belong_together(whole, getattr(kept, whole), getattr(merged, whole))
    ]


def belong_together(column: str, one: str, other: str) -> bool:
    """Whether two values of a column are the same, so that what belongs to one belongs to the other."""
    if column == "country":
        return country_code(one) == country_code(other)
    if column == "name":
        return compare_names(person_name(one), person_name(other)) == NameLikeness.SAME
    return one == other


def reading_from(kept: Lead, merged: Lead) -> str:
    """The name of `merged` where it is the reading of that of `kept`, which has none: サトウ イチロウ of 佐藤 一郎."""
    own, other = person_name(kept.name), person_name(merged.name)
    is_reading = own.script == "ideographs" and other.script == "kana" and not kept.kana
    alike = {NameLikeness.READS_ALIKE, NameLikeness.MAY_READ_ALIKE}
    return merged.name if is_reading and compare_names(own, other) in alike else ""


def further_stage(kept: str, merged: str) -> str:
    """Where the person stands; a lead that was put aside stays so, unless the other one has bought already."""
    if merged == Stage.CUSTOMER:
        return merged
    if kept in WAY and merged in WAY:
        return max(kept, merged, key=lambda stage: WAY.index(Stage(stage)))
    return kept


def put_back(lead: Lead, filled: Mapping[str, Any]) -> list[str]:
    """Write the values from before a merge into `lead`, except where somebody has changed them since. Returns which."""
    restored = []
    for name, (before, after) in filled.items():
        field = Lead._meta.get_field(name)
        was, became = (field.to_python(value) for value in (before, after))  # type: ignore[union-attr]
        if name == "other_emails":
            was = _addresses_before(lead.other_emails, was, became)
        elif name == "custom":
            was = _custom_before(lead.custom, was, became)
        elif getattr(lead, name) != became:
            continue
        setattr(lead, name, was)
        restored.append(name)
    return restored


def _addresses_before(now: list[str], was: list[str], became: list[str]) -> list[str]:
    """Without the addresses that the merge brought, whatever was added or taken away by hand since."""
    kept = [address for address in now if address in was or address not in became]
    return [*kept, *(address for address in was if address not in became)]


def _custom_before(now: Mapping[str, Any], was: Mapping[str, Any], became: Mapping[str, Any]) -> dict[str, Any]:
    """Attribute by attribute: what the merge wrote and still stands goes back."""
    taken = {name for name, value in became.items() if name not in was or was[name] != value}
    back = {name for name in taken if now.get(name) == became[name]}
    rest = {name: value for name, value in now.items() if name not in back}
    return rest | {name: was[name] for name in back if name in was}
