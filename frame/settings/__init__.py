"""Settings pages as data: another app says what its rows are called and who may change them, the pages are made here.

    SOURCES = SettingsPage(
        name="leads:sources", path="sources", model=Source, form=SourceForm, view="leads.view", edit="leads.configure",
        title=_("Sources"), about=_("Where leads come from."), add=_("New source"),
        order="code", search=("code", "label_en"),
        columns=(Column(_("Name"), "__str__"), Column(_("Code"), "code"), Column(_("Channel"), "get_channel_display")),
    )
    urlpatterns = [*urls_of(SOURCES), ...]        # leads:sources, …_new, …_edit, …_switch

The entry in the menu is one line in `frame/navigation.py`.
"""

from frame.settings.page import Column, Filter, SettingsPage
from frame.settings.urls import urls_of

__all__ = ["Column", "Filter", "SettingsPage", "urls_of"]
