"""The settings pages of this app: sources, kinds of activities, attributes of one's own."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from frame.settings import SettingsColumn, SettingsFilter, SettingsPage
from leads import policies
from leads.enums import AttributeOwner, ChannelKind
from leads.forms.settings import ActivityTypeForm, AttributeForm, SourceForm
from leads.models import ActivityType, AttributeDefinition, Source

SOURCES = SettingsPage(
    name="leads:sources",
    path="sources",
    icon="waypoints",
    model=Source,
    form=SourceForm,
    view=policies.CONFIGURE,
    edit=policies.CONFIGURE,
    title=_("Sources"),
    about=_("Where leads come from, and through which channel."),
    add=_("New source"),
    order="code",
    search=("code", "label_en", "label_ja"),
    filters=(SettingsFilter("channel", _("Channel"), "channel", lambda user: ChannelKind.choices),),
    columns=(
        SettingsColumn(_("Name"), "__str__", small="code"),
        SettingsColumn(_("Channel"), "get_channel_display"),
        SettingsColumn(
            _("Online or offline"), lambda source: gettext("online") if source.is_online else gettext("offline")
        ),
    ),
    off_warning=_("New leads can no longer be given this source; those that have it keep it."),
)


class ActivityTypesPage(SettingsPage):
    """The types that came with the program stay."""

    def switch(self, row: ActivityType, on: bool, user: User) -> None:
        if row.is_built_in and not on:
            raise ValidationError(gettext("Types that came with leadqual cannot be deactivated: rules may name them."))
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
    about=_("What leads do: the words that rules, the API and imports use."),
    add=_("New activity type"),
    order="code",
    search=("code", "label_en", "label_ja"),
    columns=(
        SettingsColumn(_("Name"), "__str__", small="code"),
        SettingsColumn(_("Icon"), "icon"),
        SettingsColumn(_("Made by"), lambda kind: "leadqual" if kind.is_built_in else gettext("us")),
    ),
    off_warning=_("It can no longer be recorded; what was recorded stays and keeps its points."),
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
    about=_("Fields of your own for leads and companies; rules can ask for them."),
    add=_("New attribute"),
    order="code",
    search=("code", "label_en", "label_ja"),
    filters=(SettingsFilter("owner", _("Belongs to"), "owner", lambda user: AttributeOwner.choices),),
    columns=(
        SettingsColumn(_("Name"), "__str__", small="field"),
        SettingsColumn(_("Belongs to"), "get_owner_display"),
        SettingsColumn(_("Type"), "get_type_display"),
    ),
    off_warning=_("The field disappears from pages and forms; its values stay stored."),
)
