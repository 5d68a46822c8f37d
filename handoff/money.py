"""Money as whole minor units of a currency, and back to what a person reads."""

from __future__ import annotations

from decimal import Decimal

from django.utils.formats import number_format

WITHOUT_MINOR_UNIT = frozenset({"JPY", "KRW", "VND", "CLP"})
CURRENCIES = ("JPY", "USD", "EUR", "GBP", "BRL", "CNY", "INR", "KRW", "SGD", "THB", "TWD", "VND")


def decimals_of(currency: str) -> int:
    return 0 if currency in WITHOUT_MINOR_UNIT else 2


def to_minor(amount: Decimal, currency: str) -> int:
    """12.34 USD is 1234; 1200 JPY is 1200. Raises ValueError for parts smaller than the minor unit."""
    minor = amount.scaleb(decimals_of(currency))
    if minor != minor.to_integral_value():
        raise ValueError(currency)
    return int(minor)


def in_words(minor: int, currency: str) -> str:
    """1200000 JPY is "1,200,000 JPY"."""
    decimals = decimals_of(currency)
    return f"{number_format(Decimal(minor).scaleb(-decimals), decimals, force_grouping=True)} {currency}"
