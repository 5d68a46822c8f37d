"""Leads by the words that somebody types."""

from __future__ import annotations

from django.db.models import Q, TextField, Value
from django.db.models.functions import Concat

from accounts.models import User
from leads.access import visible_leads
from leads.models import Company, Lead
from leads.models.lead import LeadQuerySet
from leads.models.search_text import Contains, Folded, Joined, PhoneNumbers
from leads.queries.companies import companies_by_words
from leads.queries.contact_data import sees_all_contact_data
from web.cleaning import CleaningError, clean_email, phone_key, search_form
from web.cleaning.romaji import katakana

# A search word that this many companies bear ("株式会社") names no company: the list is walked instead.
MANY_COMPANIES = 300
MOST_WORDS = 6
SHORTEST_READING = 2
WHOLE_NUMBER = 9  # digits


def searched(leads: LeadQuerySet, words: str, user: User) -> LeadQuerySet:
    """Leads of which every word stands in name, reading, e-mail, external id, telephone or company.

    Width, capitals and kind of kana make no difference, and a telephone number is found in any spelling. Who may not
    see an address does not find it out by searching either: for them names and companies are searched.
    """
    sees_all = sees_all_contact_data(user)
    found = Q()
    for word in search_form(words).split()[:MOST_WORDS]:
        found &= (Q(search__contains=word) if sees_all else named(word)) | at_companies(word) | read_as(word, sees_all)
    if sees_all:
        found |= with_address(words)
        found |= Q(search__contains=key) if (key := phone_key(words)) else Q()
    return leads.filter(found)


def read_as(word: str, sees_all: bool) -> Q:
    """Leads whose reading has this word, typed in Latin letters: "mori" is モリ."""
    kana = search_form(katakana(word))
    if len(kana) < SHORTEST_READING:
        return Q(pk__in=())
    return Q(search__contains=kana) if sees_all else named(kana)


def with_address(words: str) -> Q:
    """Leads that have just this address, as their first or another one; nobody for what is no address."""
    try:
        address = clean_email(words)
    except CleaningError:
        return Q(pk__in=())
    return Q(email=address) | Q(other_emails__contains=[address])


def named(word: str) -> Q:
    """Leads with this part of a name or of its reading, which is not their address."""
    names = Folded(
        Concat(
            "name", Value(" "), "kana", Value(" "), Joined("name"), Value(" "), Joined("kana"), output_field=TextField()
        )
    )
    return Q(Contains(names, Value(word))) & ~Q(name__contains="@")


def at_companies(word: str) -> Q:
    """Leads of the companies that a word means."""
    companies = companies_by_words(Company.objects.present().order_by(), word).values_list("pk", flat=True)
    few = list(companies[: MANY_COMPANIES + 1])
    return Q(company__in=few if len(few) <= MANY_COMPANIES else companies)


def held_by_others(user: User, words: str) -> LeadQuerySet:
    """Leads that `user` does not see but may have on the telephone: by name, reading or company, or by the whole of an
    address or number. A part of an address finds nothing: nobody guesses one letter by letter.
    """
    found = Q()
    for word in search_form(words).split()[:MOST_WORDS]:
        found &= Q(search__contains=word) & named(word) | at_companies(word)
    found |= with_address(words)
    key = phone_key(words)
    if len(key) >= WHOLE_NUMBER:
        found |= Q(search__contains=key) & Q(Contains(PhoneNumbers("phone"), Value(f"/{key}/")))
    others = Lead.objects.identified().filter(erased_at=None).exclude(pk__in=visible_leads(user).values("pk"))
    return others.filter(found) if found else others.none()
