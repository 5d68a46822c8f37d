"""E-mail addresses and telephone numbers."""

from __future__ import annotations

import re
from functools import lru_cache

import email_validator
import phonenumbers

from web.cleaning.text import DASHES, CleaningError, clean_line, excerpt, narrow, visible

EMAIL_LENGTH, PHONE_LENGTH = 254, 40
HOME = "JP"  # numbers without a country code
PROLONGED_SOUND_MARK = "\u30fc"  # typed for a dash
FEWEST_DIGITS = 6
DIALLED = re.compile(r"[0-9+()#*x.\- /]+")  # also several numbers, and what a switchboard is told
EXTENSION = re.compile(r"\(?\s*内線\s*:?\s*(\d+)\s*\)?$")
SWITCHBOARD = re.compile(r"\(?\s*代表?\s*\)?$")
ZERO_LOST = re.compile(r"[789]0\d{8}|[1-9]\d{8}")  # of Japan, as a spreadsheet leaves a number that it took for one
# Also read by PostgreSQL, which knows no named groups.
EXTENSION_PATTERN = r"(?:内線|ext(?:ension)?\.?|[x#])\s*:?\s*\d+\)?"
HOME_PREFIX_PATTERN = r"(^|/)\s*(?:\+|00|010-?)\s*81[-. ]*\(?0?\)?"
FEWEST_SEARCHED_DIGITS = 4
NAMED_ADDRESS = re.compile(r"[^<>]*<\s*([^<>\s]+)\s*>")
DOTTED_LOCAL_PART = re.compile(r"(?=.*[a-z0-9])\"?([a-z0-9!#$%&'*+/=?^_`{|}~.\-]+)\"?")
SHARED_MAILBOX_WORDS = (
    "info contact sales office mail support hello admin post toiawase inquiry enquiry soumu eigyo jimu kouhou pr"
    " recruit marketing service customer webmaster reception"
)
SHARED_MAILBOXES = frozenset(SHARED_MAILBOX_WORDS.split())

# Companies do have addresses in networks of their own; what is reserved elsewhere is no reason to refuse a person.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()


@lru_cache(maxsize=4096)
def clean_email(text: str) -> str:
    """Plain width and lower case, as addresses are stored and compared. The domain is not looked up. Raises `email`.

    Cached: a batch of activities names the same lead many times.
    """
    value = visible(narrow(text)).strip().lower()
    if match := NAMED_ADDRESS.fullmatch(value):
        value = match[1]
    value = value.removeprefix("mailto:").partition("?")[0]
    local_part, _at, domain = value.rpartition("@")
    checked = value
    if match := DOTTED_LOCAL_PART.fullmatch(local_part):
        # Dots in a row or at an end: telephones of Japan have such addresses. Quotation marks make no other address.
        value, checked = f"{match[1]}@{domain}", f'"{match[1]}"@{domain}'
    try:
        email_validator.validate_email(
            checked.replace("@localhost", "@localhost.test"),  # which has no dot, and is somebody's all the same
            check_deliverability=False,
            allow_smtputf8=False,
            allow_quoted_local=True,
            allow_domain_literal=True,
            test_environment=True,
        )
    except email_validator.EmailNotValidError:
        raise CleaningError("email", value=excerpt(text)) from None
    if len(value) > EMAIL_LENGTH:
        raise CleaningError("too_long", max=EMAIL_LENGTH)
    return value


def is_seldom_reached(email: str) -> bool:
    """Whether many mail servers refuse this clean address: dots in a row or at an end of what stands before the @."""
    local_part = email.rpartition("@")[0]
    return ".." in local_part or local_part.startswith(".") or local_part.endswith(".")


def is_shared_mailbox(email: str) -> bool:
    """Whether a clean address is one that several people of a company read, such as info@."""
    return re.split(r"[+\-_.]", email.partition("@")[0])[0] in SHARED_MAILBOXES


def has_lost_zero(phone: str) -> bool:
    """Whether a number looks like one of Japan whose leading 0 a spreadsheet has dropped."""
    return bool(ZERO_LOST.fullmatch(phone))


def plain_phone(text: str) -> str:
    """A telephone number as it was written, in plain digits and dashes, whether or not anybody could dial it.

    What files and other systems bring under this name ("none", "03") must not cost the rest of the row.
    """
    value = narrow(text).translate(DASHES).replace(PROLONGED_SOUND_MARK, "-")
    return clean_line(value, PHONE_LENGTH)


def phone_key(text: str) -> str:
    """The digits of a telephone number as one dials it in Japan, without an extension; "" for what is none.

    03-1234-5678, +81 3 1234 5678 and ０３（１２３４）５６７８ 内線12 have one key; of several numbers the `/` stays.
    """
    number = re.sub(EXTENSION_PATTERN, "", narrow(text).translate(DASHES), flags=re.IGNORECASE)
    number = number.replace(PROLONGED_SOUND_MARK, "-")
    if not re.fullmatch(r"[\d+()*./\- 代表]*", number):
        return ""
    key = re.sub(r"[^0-9/]", "", re.sub(HOME_PREFIX_PATTERN, r"\g<1>0", number))
    return key if len(key) >= FEWEST_SEARCHED_DIGITS else ""


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
