"""Names of countries, languages and currencies in the reader's language."""

from __future__ import annotations

import pytest
from django.utils import translation

from web.cldr import (
    country_choices,
    country_name,
    currency_choices,
    currency_name,
    decimals_of,
    language_choices,
    language_name,
)


@pytest.mark.parametrize("text", ["JP", "jp", "JPN", "Japan", "日本"])
def test_a_country_is_known_by_code_and_by_name(text: str) -> None:
    with translation.override("ja"):
        assert country_name(text) == "日本"
    with translation.override("en"):
        assert country_name(text) == "Japan"


@pytest.mark.parametrize("text", ["de", "de-AT", "de_DE", "German", "ドイツ語"])
def test_a_language_is_known_by_code_and_by_name(text: str) -> None:
    with translation.override("ja"):
        assert language_name(text) == "ドイツ語"


def test_what_names_nothing_stands_as_it_was_written() -> None:
    assert (country_name("Freedonia"), language_name("xx-yy"), currency_name("???")) == ("Freedonia", "xx-yy", "???")
    assert (country_name(""), language_name("")) == ("", "")


def test_lists_to_choose_from_are_in_the_readers_language() -> None:
    with translation.override("ja"):
        assert country_choices(["DE", "JP"]) == [("DE", "ドイツ"), ("JP", "日本")]
        assert [pair for pair in currency_choices() if pair[0] in ("EUR", "JPY")] == [
            ("EUR", "ユーロ (EUR)"), ("JPY", "日本円 (JPY)"),
        ]  # fmt: skip
        assert dict(language_choices())["en"] == "英語"


def test_currencies_to_choose_from_are_those_in_use_none_of_history() -> None:
    codes = [code for code, _words in currency_choices()]
    assert {"JPY", "USD", "EUR", "CHF", "MXN", "KWD"} <= set(codes)
    assert {"DEM", "FRF", "ITL", "ZWR", "JPX", "XAU", "XTS"}.isdisjoint(codes)
    assert codes == sorted(codes)


def test_a_currency_has_the_decimals_that_it_has_in_the_world() -> None:
    assert [decimals_of(code) for code in ("JPY", "KRW", "USD", "EUR", "KWD")] == [0, 0, 2, 2, 3]
