"""The further addresses of a lead, on its page: add, remove, make the first one."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.policies import FORM, guarded
from accounts.requests import UserRequest
from leads.access import lead_for
from leads.actions.addresses import add_address, make_primary, remove_address
from leads.errors import AddressRefusedError, LeadExistsError, PersonErasedError
from leads.forms.addresses import AddressForm
from leads.forms.lead import ERASED
from leads.queries.contact_data import reveal
from web.pages import render_part

ACTIONS = {"add": add_address, "remove": remove_address, "primary": make_primary}


@guarded("leads.edit", *FORM)
def addresses(request: UserRequest, pk: int) -> HttpResponse:
    """The list with a line for a new address; posted, the list as it is then. A new first address reloads the page."""
    lead = lead_for(request.user, pk, write=True)
    form = AddressForm(request.POST or None, auto_id="address-%s")
    first = lead.email
    if request.method == "POST" and form.is_valid():
        try:
            ACTIONS[form.cleaned_data["what"]](lead=lead, address=form.cleaned_data["address"], by=request.user)
        except AddressRefusedError as refused:
            form.add_error("address", str(refused))
        except PersonErasedError:
            form.add_error("address", ERASED)
        except LeadExistsError:
            form.add_error(
                "address", _("Another lead already has this address. Merge the two leads, or enter another.")
            )
        else:
            if lead.email != first:
                return redirect(lead)
            form = AddressForm(auto_id="address-%s")
    reveal(request.user, [lead])
    return render_part(
        request, "leads/_addresses.html", {"lead": lead, "form": form}, status=422 if form.errors else 200
    )
