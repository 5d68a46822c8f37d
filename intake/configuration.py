"""The settings page of websites."""

from __future__ import annotations

from typing import Any

from django.db.models import Max, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.requests import UserRequest
from frame.settings import SettingsColumn, SettingsPage
from intake import policies
from intake.forms.sites import SiteForm
from intake.models import Site
from web.formats import ago, listed
from web.pages import redirect_to


class SitesPage(SettingsPage):
    """A saved site shows its snippet: without it nothing comes in."""

    def rows(self, user: User) -> QuerySet[Site]:
        return Site.objects.annotate(seen_at=Max("sightings__seen_at"))

    def done(self, request: UserRequest, row: Site, created: bool) -> HttpResponse | None:
        return redirect_to(request, f"/settings/sites/{row.pk}/snippet/") if created else None


def last_seen(site: Any) -> str:
    """When something last came from the site, and from which host."""
    newest = site.sightings.order_by("-seen_at").first()
    if newest is None:
        return gettext("Nothing received yet")
    when = ago(newest.seen_at, timezone.now())
    return gettext("%(host)s, %(when)s") % {"host": newest.host, "when": when}


def snippet_link(site: Site) -> str:
    return format_html('<a href="/settings/sites/{}/snippet/">{}</a>', site.pk, gettext("Snippet"))


def how(site: Site) -> str:
    """Consent and cookie in words."""
    consent = gettext("after consent") if site.needs_consent else gettext("at once")
    return listed([consent, gettext("with cookie") if site.uses_cookie else gettext("without cookie")])


SITES = SitesPage(
    name="intake:sites",
    path="sites",
    icon="globe",
    model=Site,
    form=SiteForm,
    view=policies.SITES,
    edit=policies.SITES,
    title=_("Websites"),
    about=_("Your websites that tell what their visitors do."),
    add=_("New website"),
    search=("name",),
    columns=(
        SettingsColumn(pgettext_lazy("thing", "Name"), "name", small=lambda site: listed(site.allowed_origins)),
        SettingsColumn(_("Tracking"), how),
        SettingsColumn(_("Last seen"), last_seen),
        SettingsColumn(_("Snippet"), snippet_link),
    ),
    off_warning=_("What this website sends is refused from now on. What has come in stays."),
)
