"""Names of people that a file keeps in two columns, and whether two names are one person's."""

from __future__ import annotations

import re
from typing import Any

from intake.imports.mapping import FAMILY_FIRST
from web.cleaning import folded, narrow

CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uff66-\uff9f]")


def join_names(values: dict[str, Any], order: str) -> None:
    """Make one name, and one reading of it, of family and given name in `values`, which lose their parts.

    The family name comes first where it is written in Japanese, Chinese or Korean, or where `order` says so.
    """
    for part, whole in (("name", "lead.name"), ("kana", "lead.kana")):
        family = values.pop(f"lead.family_{part}", "")
        given = values.pop(f"lead.given_{part}", "")
        if family or given:
            parts = [family, given] if CJK.search(family + given) or order == FAMILY_FIRST else [given, family]
            values.setdefault(whole, " ".join(filter(None, parts)))
    if "lead.kana" in values:
        values["lead.kana"] = narrow(values["lead.kana"])


def are_alike(one: str, other: str) -> bool:
    """Whether two names can be one person's: width, capitals, space and the order of the parts make no difference, nor
    does a part that only one of them has (Sato, Sato Ichiro)."""
    if not one or not other:
        return True
    first, second = (set(re.split(r"[\s,・.]+", folded(name))) - {""} for name in (one, other))
    return first <= second or second <= first or "".join(folded(one).split()) == "".join(folded(other).split())
