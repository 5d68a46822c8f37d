"""Words in files for our own codes: title levels, origins, stages. A cleaner as in `web.cleaning`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Choices
from django.utils import translation

from leads.enums import Origin, Stage, TitleLevel
from leads.titles import level_of_title
from web.cleaning import CleaningError, excerpt, folded

Cleaner = Callable[[str], Any]
LANGUAGES = ("en", "ja")

TITLE_CODES = {level.code: level for level in TitleLevel} | {str(level.value): level for level in TitleLevel}
ORIGIN_WORDS = {
    Origin.MARKETING: "マーケティング marketing-born inbound offline_sources",
    Origin.SALES: "営業 引き合い 引合 営業発 sales-born",
}
# Ours, and those of the customer systems that people come from: life-cycle stages, lead statuses, deal stages.
STAGE_WORDS = {
    Stage.INQUIRY: "問い合わせ subscriber lead other new open open_-_not_contacted 新規 見込み客 リード 未対応",
    Stage.MQL: "marketingqualifiedlead marketing_qualified_lead engaged",
    Stage.SQL: "salesqualifiedlead sales_qualified_lead working working_-_contacted qualified"
    " connected in_progress attempted_to_contact open_deal アプローチ中",
    Stage.OPPORTUNITY: "商談 商談中 prospecting qualification needs_analysis value_proposition id._decision_makers"
    " perception_analysis proposal/price_quote negotiation/review proposal negotiation converted closed_-_converted",
    Stage.CUSTOMER: "顧客 既存顧客 受注 成約 evangelist closed_won closedwon won client",
    Stage.NURTURE: "失注 ナーチャリング 育成 nurturing recycled closed_lost closedlost lost bad_timing"
    " closed_-_not_converted",
    Stage.DISQUALIFIED: "対象外 unqualified junk disqualified not_qualified",
}


def said_alike(text: str) -> str:
    """For comparing words: as `folded`, with `_` and several spaces as one space."""
    return folded(text.replace("_", " "))


def one_of(words: Mapping[str, Any], offered: str) -> Cleaner:
    """A cleaner that takes the value of a word; `words` are as `said_alike` makes them, `offered` is what the message
    names."""

    def clean(text: str) -> Any:
        value = words.get(said_alike(text))
        if value is None:
            raise CleaningError("choice", value=excerpt(text), choices=offered)
        return value

    return clean


def labels_of(kind: type[Choices]) -> dict[str, Any]:
    """The words of an enum in every language of ours, each with its value."""
    words: dict[str, Any] = {}
    for language in LANGUAGES:
        with translation.override(language):
            words |= {said_alike(str(member.label)): member.value for member in kind}
    return words


def offered(labels: Iterable[Any]) -> str:
    """For a message: the labels in the reader's language."""
    return ", ".join(str(label) for label in labels)


def coded(kind: type[Origin] | type[Stage], extra: Mapping[Any, str]) -> Cleaner:
    """An enum of ours by its code, its label in either language, or another word people use."""
    words = {said_alike(word): member.value for member, listed in extra.items() for word in listed.split()}
    words |= labels_of(kind) | {member.value: member.value for member in kind}
    return one_of(words, offered(kind.labels))


def origin_cleaner() -> Cleaner:
    return coded(Origin, ORIGIN_WORDS)


def stage_cleaner() -> Cleaner:
    return coded(Stage, STAGE_WORDS)


def title_level_cleaner() -> Cleaner:
    """A level by its code, number or label; else by what it says as a title (営業部長)."""
    labels, names = labels_of(TitleLevel), offered(TitleLevel.labels)

    def clean(text: str) -> int:
        level = TITLE_CODES.get(folded(text)) or labels.get(said_alike(text)) or level_of_title(text)
        if level is None:
            raise CleaningError("choice", value=excerpt(text), choices=names)
        return int(level)

    return clean
