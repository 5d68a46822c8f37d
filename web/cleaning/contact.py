"""E-mail addresses and telephone numbers."""

from __future__ import annotations

import re
from functools import lru_cache

import email_validator
import phonenumbers

from web.cleaning.text import DASHES, CleaningError, clean_line, excerpt, narrow

EMAIL_LENGTH, PHONE_LENGTH = 254, 40
HOME = "JP"  # numbers without a country code
PROLONGED_SOUND_MARK = "\u30fc"  # typed for a dash
FEWEST_DIGITS = 6
DIALLED = re.compile(r"[0-9+()#*x.\- /]+")  # also several numbers, and what a switchboard is told
EXTENSION = re.compile(r"\(?\s*内線\s*:?\s*(\d+)\s*\)?$")
SWITCHBOARD = re.compile(r"\(?\s*代表?\s*\)?$")

# Companies do have addresses in networks of their own; what is reserved elsewhere is no reason to refuse a person.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()


@lru_cache(maxsize=4096)
def clean_email(text: str) -> str:
    """Plain width and lower case, as addresses are stored and compared. The domain is not looked up. Raises `email`.

    Cached: a batch of activities names the same lead many times.
    """
    value = narrow(text).lower()
    try:
        email_validator.validate_email(
            value.replace("@localhost", "@localhost.test"),  # which has no dot, and is somebody's all the same
            check_deliverability=False,
            allow_smtputf8=False,
            allow_quoted_local=True,  # "taro..y"@docomo.ne.jp: telephones of Japan have such addresses
            allow_domain_literal=True,
            test_environment=True,
        )
    except email_validator.EmailNotValidError:
        raise CleaningError("email", value=excerpt(text)) from None
    if len(value) > EMAIL_LENGTH:
        raise CleaningError("too_long", max=EMAIL_LENGTH)
    return value


def plain_phone(text: str) -> str:
    """A telephone number as it was written, in plain digits and dashes, whether or not anybody could dial it.

    What files and other systems bring under this name ("none", "03") must not cost the rest of the row.
    """
    value = narrow(text).translate(DASHES).replace(PROLONGED_SOUND_MARK, "-")
    return clean_line(value, PHONE_LENGTH)


def clean_phone(text: str) -> str:
    """A telephone number as `plain_phone` writes it; several are separated by `/`.

    Written as people dial it, not as E.164: sales reads it, and nothing compares it. Raises `phone` for what no
    telephone could dial: for whoever can still correct it.
    """
    value = plain_phone(text)
    if len(re.findall(r"\d", value)) >= FEWEST_DIGITS and DIALLED.fullmatch(value):
        return value
    for number in value.split("/"):
        dialled = SWITCHBOARD.sub("", EXTENSION.sub(r" ext. \1", number.strip()))
        try:
            phonenumbers.parse(dialled, HOME)
        except phonenumbers.NumberParseException:
            raise CleaningError("phone", value=excerpt(text)) from None
    return value
