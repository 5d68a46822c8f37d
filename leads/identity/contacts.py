"""Ways to reach somebody, as they are compared: addresses, telephone numbers, domains."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers

from leads.free_mail import FREE_MAIL
from web.cleaning import DASHES, is_shared_mailbox, narrow
from web.cleaning.contact import EXTENSION_PATTERN, HOME, PROLONGED_SOUND_MARK

DOTS_MAKE_NO_DIFFERENCE = frozenset({"gmail.com", "googlemail.com"})
SAME_DOMAIN = {"googlemail.com": "gmail.com"}
EXTENSION = re.compile(rf"{EXTENSION_PATTERN}|\(?\s*代表?\s*\)?$", re.IGNORECASE)
ADDRESS = re.compile(r"([^@\s]+)@([^@\s]+)")
SEVERAL = re.compile(r"[/,、;]|(?<=\d)\s{2,}(?=[+\d(])")
# Numbers that a person carries; a line of an office is shared by colleagues.
PERSONAL = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.PERSONAL_NUMBER}
FEWEST_DIGITS = 9
# The last two labels of a domain under these belong to a registry, not to a company: acme.co.jp, acme.com.au.
REGISTRY_LABELS = frozenset({"co", "com", "or", "org", "ne", "net", "ac", "go", "ed", "gr", "ad", "lg", "gov", "edu"})


def email_key(address: str) -> str:
    """An address without what its service ignores: what stands behind a +, and the dots of Gmail. "" for none.

    Ａ＠Ｘ.example and a@x.example have one key; several people may still read a shared mailbox.
    """
    match = ADDRESS.fullmatch(narrow(address).lower().removeprefix("mailto:"))
    if match is None:
        return ""
    local, domain = match[1].partition("+")[0] or match[1], SAME_DOMAIN.get(match[2], match[2])
    return f"{local.replace('.', '') if domain in DOTS_MAKE_NO_DIFFERENCE else local}@{domain}"


def is_personal_address(address: str) -> bool:
    """Whether one person reads it: not info@ and the like."""
    return not is_shared_mailbox(address)


def domain_key(text: str) -> str:
    """The domain that a company has registered, of an address, a site or a domain; "" for none and for free mail."""
    host = re.sub(r"^[a-z]+://", "", narrow(text).lower()).rpartition("@")[2]
    host = re.split(r"[/:?#]", host)[0].strip(".")
    labels = host.split(".")
    if host in FREE_MAIL or len(labels) < 2 or "" in labels:
        return ""
    wanted = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in REGISTRY_LABELS else 2
    registered = ".".join(labels[-wanted:])
    return "" if registered in FREE_MAIL else registered


def phone_keys(text: str) -> frozenset[str]:
    """The whole numbers of a telephone field as E.164 (+81312345678); a part of one tells nobody apart.

    What no numbering plan knows stays as its digits, behind a #: two equal ones are still equal.
    """
    return _phone_keys(text)


@lru_cache(maxsize=8192)
def _phone_keys(text: str) -> frozenset[str]:
    numbers = narrow(text).translate(DASHES).replace(PROLONGED_SOUND_MARK, "-")
    keys = (_phone_key(EXTENSION.sub("", part)) for part in SEVERAL.split(numbers))
    return frozenset(key for key in keys if key)


def _phone_key(number: str) -> str:
    digits = re.sub(r"\D", "", number)
    if len(digits) < FEWEST_DIGITS or len(set(digits[3:])) == 1:  # 0000000000, 03-9999-9999: typed to have something
        return ""
    if number.strip().startswith(("0081", "01081", "010-81", "010 81")):
        number = "+81" + re.sub(r"\D", "", number).split("81", 1)[1]
    try:
        parsed = phonenumbers.parse(number, HOME)
    except phonenumbers.NumberParseException:
        return f"#{digits}"
    if not phonenumbers.is_possible_number(parsed):
        return f"#{digits}"
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=8192)
def is_personal_number(key: str) -> bool:
    """Whether a key is that of a mobile telephone, as far as its numbering plan tells."""
    if key.startswith("+81"):
        return key[3:5] in ("70", "80", "90")
    if not key.startswith("+"):
        return False
    return phonenumbers.number_type(phonenumbers.parse(key)) in PERSONAL
