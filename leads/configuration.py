"""The settings pages of this app: sources, kinds of activities, attributes of one's own."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from frame.settings import SettingsColumn, SettingsFilter, SettingsPage
from frame.settings.page import AnyForm
from leads import policies
from leads.actions.activities import mark_leads_with
from leads.enums import AttributeOwner, ChannelKind
from leads.forms.settings import ActivityTypeForm, AttributeForm, SourceForm
from leads.models import ActivityType, AttributeDefinition, Source
from leads.templatetags.leads import safe_icon

SOURCES = SettingsPage(
    name="leads:sources",
    path="sources",
    icon="waypoints",
    model=Source,
    form=SourceForm,
    view=policies.CONFIGURE,
    edit=policies.CONFIGURE,
    title=_("Sources"),
    about=_("Where leads come from, and by which channel."),
    add=_("New source"),
    order="code",
    search=("code", "label_en", "label_ja"),
    filters=(SettingsFilter("channel", _("Channel"), "channel", lambda user: ChannelKind.choices),),
    columns=(
        SettingsColumn(_("Name"), "__str__", code="code"),
        SettingsColumn(_("Channel"), "get_channel_display"),
        SettingsColumn(
            _("Online or offline"), lambda source: gettext("online") if source.is_online else gettext("offline")
        ),
    ),
    off_warning=_("New leads can’t use this source anymore. Existing leads keep it."),
)


class ActivityTypesPage(SettingsPage):
    """The types that came with the program stay."""

    def save(self, form: AnyForm, user: User) -> ActivityType:
        is_known = form.instance.pk is not None
        kind: ActivityType = form.save()
        if is_known and "is_interest" in form.changed_data:
            mark_leads_with(type=kind, now=timezone.now())
        return kind

    def switch(self, row: ActivityType, on: bool, user: User) -> None:
        if row.is_built_in and not on:
            raise ValidationError(
                gettext("Built-in types can’t be deactivated: rules may use them. Rename it if the name doesn’t fit.")
            )
        super().switch(row, on, user)


ACTIVITY_TYPES = ActivityTypesPage(
    name="leads:activity_types",
    path="activity-types",
    icon="activity",
    model=ActivityType,
    form=ActivityTypeForm,
    view=policies.CONFIGURE,
    edit=policies.CONFIGURE,
    title=_("Activity types"),
    about=_("The types of activity leads can have. Rules, the API and imports use them."),
    add=_("New activity type"),
    order="code",
    search=("code", "label_en", "label_ja"),
    columns=(
        SettingsColumn(_("Name"), "__str__", code="code"),
        SettingsColumn(_("Icon"), lambda kind: safe_icon(kind.icon)),
        SettingsColumn(_("Created by"), lambda kind: "leadqual" if kind.is_built_in else gettext("own company")),
    ),
    off_warning=_("Can’t be recorded anymore. Existing entries and their points stay."),
)

ATTRIBUTES = SettingsPage(
    name="leads:attributes",
    path="attributes",
    icon="list-plus",
    model=AttributeDefinition,
    form=AttributeForm,
    view=policies.CONFIGURE,
    edit=policies.CONFIGURE,
    title=_("Custom attributes"),
    about=_("Your own fields for leads and companies. Rules can use them."),
    add=_("New attribute"),
    order="code",
    search=("code", "label_en", "label_ja"),
    filters=(SettingsFilter("owner", _("Applies to"), "owner", lambda user: AttributeOwner.choices),),
    columns=(
        SettingsColumn(_("Name"), "__str__", code="field"),
        SettingsColumn(_("Applies to"), "get_owner_display"),
        SettingsColumn(_("Type"), "get_type_display"),
        SettingsColumn(
            _("Contact details"), lambda row: gettext("hidden from external staff") if row.is_contact_data else ""
        ),
    ),
    off_warning=_("The field is hidden from pages and forms. Its values are kept."),
)
