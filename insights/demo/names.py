"""What the demo's firm calls its own things, in the language of whoever asks for the demo; people keep their names."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

LANGUAGES = ("en", "ja")


@dataclass(frozen=True, kw_only=True)
class DemoNames:
    """Words of one language."""

    language: str
    model: str
    publish_note: str
    team: str
    home_team: str
    calendar: str
    team_abroad: str
    contact_notes: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def names_in(language: str) -> DemoNames:
    """The names in `ja`, or in `en` for everybody else."""
    spoken = "ja" if language.startswith("ja") else "en"
    with override(spoken):
        return DemoNames(
            language=spoken,
            model=pgettext("scoring model of the demo", "Default"),
            publish_note=_("First rules agreed with sales."),
            team=pgettext("team of the demo", "Sales"),
            home_team=_("Tokyo sales"),
            calendar=pgettext("calendar of the demo", "Tokyo"),
            team_abroad=pgettext("team of the demo", "International"),
            contact_notes=(
                _("Talked about the need; call again next week."),
                _("Compares us with one other product."),
                _("Checked the budget, positive."),
                _("Answered questions about the documents."),
            ),
            remarks=(
                _("Only collecting information for a report."),
                _("Looked at the prices for another department."),
                _("A student, not a buyer."),
                _("Already decided last month."),
            ),
        )
