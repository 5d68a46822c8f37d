"""Who was erased and must not come back: known by digests alone."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from django.conf import settings

from leads.enums import ErasedKind
from leads.erased_values import numbers_in, spaceless
from leads.models import ErasedAddress, Lead


@dataclass(frozen=True, kw_only=True)
class GivenPerson:
    """Somebody as a file, a form or another system names them: clean addresses, the rest as it was written."""

    emails: Sequence[str] = ()
    external_id: str = ""
    phone: str = ""
    name: str = ""

    @classmethod
    def of_lead(cls, lead: Lead) -> GivenPerson:
        emails = [email for email in (lead.email, *lead.other_emails) if email]
        return cls(emails=emails, external_id=lead.external_id, phone=lead.phone, name=lead.name)

    def addresses(self) -> Iterator[tuple[ErasedKind, str]]:
        """Everything that a digest is made of. A number alone may be a switchboard's: with a name it is a person's."""
        for email in self.emails:
            yield ErasedKind.EMAIL, email
        if self.external_id:
            yield ErasedKind.EXTERNAL_ID, self.external_id
        for number in numbers_in(self.phone):
            yield ErasedKind.PHONE, number
            if name := spaceless(self.name):
                yield ErasedKind.PERSON, f"{name}/{number}"


def digests_of(kind: str, text: str) -> list[str]:
    """The digests of an address: by the present key first, then by those of former secrets."""
    return [hmac.new(key, f"{kind}:{text}".encode(), "sha256").hexdigest() for key in _keys()]


def _keys() -> tuple[bytes, ...]:
    return _derived(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@cache
def _derived(*secrets: str) -> tuple[bytes, ...]:
    return tuple(hashlib.sha256(b"leadqual erased addresses:" + secret.encode()).digest() for secret in secrets)


def erased_among(people: Sequence[GivenPerson]) -> set[int]:
    """The places of those whose data was erased and who must not be brought back.

    An address or an external id is enough. A telephone number is where nothing else says who it is, or with the name:
    colleagues share a switchboard.
    """
    if not people or not ErasedAddress.objects.exists():
        return set()
    addresses = [list(person.addresses()) for person in people]
    digests = {address: digests_of(*address) for each in addresses for address in each}
    wanted = [digest for each in digests.values() for digest in each]
    kept = set(ErasedAddress.objects.filter(digest__in=wanted).values_list("digest", flat=True))
    known = {address for address, each in digests.items() if not kept.isdisjoint(each)}
    return {
        place
        for place, (person, each) in enumerate(zip(people, addresses, strict=True))
        if any(address in known and (address[0] != ErasedKind.PHONE or not person.name) for address in each)
    }


def was_erased(person: GivenPerson) -> bool:
    return bool(erased_among([person]))
