"""Amounts of money and their currencies: kept as whole minor units."""

from __future__ import annotations

from decimal import Decimal

from web.cldr import currencies_in_use, decimals_of
from web.cleaning.numbers import has_other_digits, read_number
from web.cleaning.text import CleaningError, excerpt, narrow

SIGNS = "¥$€£"
LIMIT = Decimal(10**14)


def to_minor(amount: Decimal, currency: str) -> int:
    """12.34 USD is 1234; 1200 JPY is 1200. Raises `too_exact` for parts smaller than the minor unit."""
    minor = amount.scaleb(decimals_of(currency))
    if minor != minor.to_integral_value():
        raise CleaningError("too_exact", value=str(amount), currency=currency)
    return int(minor)


def from_minor(minor: int, currency: str) -> Decimal:
    """1234 in cents is 12.34 USD; 1200 JPY is 1200."""
    return Decimal(minor).scaleb(-decimals_of(currency))


def clean_amount(text: str) -> Decimal:
    """An amount in units of its currency, with its sign or 円 beside it or not. Raises `decimal` and `range`."""
    if has_other_digits(text):
        raise CleaningError("decimal", value=excerpt(text))
    try:
        amount = read_number(narrow(text).lstrip(SIGNS).removesuffix("円"))
    except CleaningError:
        raise CleaningError("decimal", value=excerpt(text)) from None
    if not amount.is_finite():
        raise CleaningError("decimal", value=excerpt(text))
    if not 0 <= amount < LIMIT:
        raise CleaningError("range", value=excerpt(text))
    return amount


def clean_currency(text: str) -> str:
    """A code of three letters, one of those in use. Raises `currency`."""
    code = narrow(text).upper()
    if code not in currencies_in_use():
        raise CleaningError("currency", value=excerpt(text))
    return code
