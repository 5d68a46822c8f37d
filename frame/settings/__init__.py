"""Settings pages as data: another app says what its rows are called and who may change them, the pages are made here.

    SOURCES = SettingsPage(
        name="leads:sources", path="sources", model=Source, form=SourceForm, view="leads.view", edit="leads.configure",
        title=_("Sources"), about=_("Where leads come from."), add=_("New source"),
        order="code", search=("code", "label_en"),
        columns=(SettingsColumn(_("Name"), "__str__"), SettingsColumn(_("Channel"), "get_channel_display")),
    )
    urlpatterns = [*urls_of(SOURCES), ...]        # leads:sources, …_new, …_edit, …_switch

Where rows need more (whom they are shown to, how they are stored), a subclass of SettingsPage says it in its methods.
The entry in the menu is one line in `frame/navigation.py`.
"""

from frame.settings.page import SettingsColumn, SettingsFilter, SettingsPage
from frame.settings.urls import urls_of

__all__ = ["SettingsColumn", "SettingsFilter", "SettingsPage", "urls_of"]
