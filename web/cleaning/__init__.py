"""One cleaner for each kind of value, for forms, files and the API alike.

A cleaner takes a text that is not empty and returns the value as it is stored, or raises CleaningError. Whoever took
the text in turns the code of the error into words.
"""

from web.cleaning.contact import (
    clean_email,
    clean_phone,
    has_lost_zero,
    is_seldom_reached,
    is_shared_mailbox,
    phone_key,
    plain_phone,
)
from web.cleaning.money import clean_amount, clean_currency, to_minor
from web.cleaning.numbers import SoftNumber, clean_decimal, clean_integer, has_other_digits, read_integer, read_number
from web.cleaning.text import (
    DASHES,
    CleaningError,
    clean_line,
    clean_lines,
    excerpt,
    folded,
    narrow,
    search_form,
    visible,
)
from web.cleaning.times import (
    FIRST_DAY,
    FIRST_INSTANT,
    LAST_DAY,
    LAST_INSTANT,
    NEXT,
    ORDERS,
    OUT_OF_BOUNDS,
    PAST,
    YEARS,
    YearOf,
    check_bounds,
    clean_date,
    clean_instant,
    lacks_year,
    possible_orders,
    year_of,
)
from web.cleaning.words import clean_boolean, clean_refusal, is_placeholder

__all__ = [
    "DASHES",
    "FIRST_DAY",
    "FIRST_INSTANT",
    "LAST_DAY",
    "LAST_INSTANT",
    "NEXT",
    "ORDERS",
    "OUT_OF_BOUNDS",
    "PAST",
    "YEARS",
    "CleaningError",
    "SoftNumber",
    "YearOf",
    "check_bounds",
    "clean_amount",
    "clean_boolean",
    "clean_currency",
    "clean_date",
    "clean_decimal",
    "clean_email",
    "clean_instant",
    "clean_integer",
    "clean_line",
    "clean_lines",
    "clean_phone",
    "clean_refusal",
    "excerpt",
    "folded",
    "has_lost_zero",
    "has_other_digits",
    "is_placeholder",
    "is_seldom_reached",
    "is_shared_mailbox",
    "lacks_year",
    "narrow",
    "phone_key",
    "plain_phone",
    "possible_orders",
    "read_integer",
    "read_number",
    "search_form",
    "to_minor",
    "visible",
    "year_of",
]
