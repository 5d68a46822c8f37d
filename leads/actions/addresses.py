"""Further e-mail addresses of a person, by hand: added, taken away, made the first one."""

from __future__ import annotations

import pghistory
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from leads.errors import AddressRefusedError, LeadExistsError, PersonErasedError
from leads.models import Lead
from leads.queries.erased import GivenPerson, was_erased
from leads.queries.search import with_address
from leads.signals import leads_changed

MOST_ADDRESSES = 20


def holder_of(address: str, *, besides: Lead) -> Lead | None:
    """Another lead that has this clean address, as its first or a further one."""
    return Lead.objects.present().filter(with_address(address)).exclude(pk=besides.pk).first()


@transaction.atomic
def add_address(*, lead: Lead, address: str, by: User) -> None:
    """Keep one more clean address; the first one of a lead without any.

    Raises AddressRefusedError, LeadExistsError, PersonErasedError.
    """
    fresh = _locked(lead)
    if address in (fresh.email, *fresh.other_emails):
        raise AddressRefusedError(_("The lead already has this address. Enter another one."))
    if len(fresh.other_emails) >= MOST_ADDRESSES:
        raise AddressRefusedError(_("A lead can have no more addresses. Remove one that is out of use first."))
    if holder_of(address, besides=fresh) is not None:
        raise LeadExistsError
    if was_erased(GivenPerson(emails=[address])):
        raise PersonErasedError
    if not fresh.email:
        _store(lead, email=address, others=fresh.other_emails, by=by)
    else:
        _store(lead, email=fresh.email, others=[*fresh.other_emails, address], by=by)


@transaction.atomic
def remove_address(*, lead: Lead, address: str, by: User) -> None:
    """Take a further address away; one that is gone already is no mistake."""
    fresh = _locked(lead)
    _store(lead, email=fresh.email, others=[one for one in fresh.other_emails if one != address], by=by)


@transaction.atomic
def make_primary(*, lead: Lead, address: str, by: User) -> None:
    """Make a further address the first one; what was the first becomes a further one. Raises AddressRefusedError and
    LeadExistsError.
    """
    fresh = _locked(lead)
    if address not in fresh.other_emails:
        raise AddressRefusedError(_("This address is no longer there. Add it again."))
    others = [fresh.email if one == address else one for one in fresh.other_emails]
    _store(lead, email=address, others=[one for one in others if one], by=by)


def _locked(lead: Lead) -> Lead:
    return Lead.objects.select_for_update(of=("self",), no_key=True).get(pk=lead.pk)


def _store(lead: Lead, *, email: str, others: list[str], by: User) -> None:
    lead.email, lead.other_emails = email, others
    lead.is_anonymous = lead.is_anonymous and not email
    try:
        with transaction.atomic(), pghistory.context(user=by.pk):
            lead.save(update_fields=["email", "other_emails", "is_anonymous", "updated_at"])
    except IntegrityError as error:
        raise LeadExistsError from error
    transaction.on_commit(lambda: leads_changed.send(sender=None))
