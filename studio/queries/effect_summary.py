"""The effect of a draft as a page shows it: distributions, bands that moved, and how many hot leads a day to expect."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engine import Document
from engine.nodes import STAGES
from scoring.enums import Band
from scoring.models import Episode, ScoringModel
from scoring.queries.changes import DocumentChange
from scoring.queries.documents import check_document, document_of
from scoring.queries.words import stage_name
from studio.models import Effect
from studio.queries.effect import BINS, read_cells
from studio.queries.single_edits import SingleEdit, single_edits

PACE_OVER = timedelta(days=30)
BEFORE = ("entering", "")  # fates of leads that are not hot at present


@dataclass(frozen=True, kw_only=True)
class ScoreBin:
    """Leads with a total from `first` up to, but not including, the next bin's; the last bin includes 100."""

    first: int
    now: int
    after: int


@dataclass(frozen=True, kw_only=True)
class BandMove:
    before: str
    after: str
    leads: int


@dataclass(frozen=True, kw_only=True)
class HotPace:
    """Episodes opened a day lately, and what that becomes if it changes as the number of hot leads does."""

    days: int
    opened: int
    now: float
    after: float | None
    """None where nobody is hot at present: there is nothing to scale."""


@dataclass(frozen=True, kw_only=True)
class EffectSummary:
    leads: int
    entering: int
    leaving: int
    cooling: int
    hot_now: int
    hot_after: int
    regraded: int
    advancing: list[tuple[str, str, int]]
    """Of each stage that has a rule: its code, what it is called, and how many leads would move forward to it."""
    bins: list[ScoreBin]
    bands: list[tuple[str, int, int]]
    moved: list[BandMove] = field(default_factory=list)


def summary_of(effect: Effect) -> EffectSummary:
    """What the cells of an effect add up to, be they of all leads or of those counted so far."""
    cells = read_cells(effect.cells)
    fates, now, after = Counter[str](), Counter[int | None](), Counter[int]()
    advances = Counter[str]()
    bands_now, bands_after, moved = Counter[str | None](), Counter[str](), Counter[tuple[str, str]]()
    for cell, leads in cells.items():
        fates[cell.fate] += leads
        advances[cell.advances] += leads
        now[cell.bin_before] += leads
        after[cell.bin_after] += leads
        bands_now[cell.band_before] += leads
        bands_after[cell.band] += leads
        if (cell.band_before or Band.COLD) != cell.band:  # a lead without a score stands in the lists as cold
            moved[cell.band_before or "", cell.band] += leads
    return EffectSummary(
        leads=cells.total(),
        entering=fates["entering"],
        leaving=fates["leaving"],
        cooling=fates["cooling"],
        hot_now=sum(leads for fate, leads in fates.items() if fate not in BEFORE),
        hot_after=fates["entering"] + fates["staying"] + fates["cooling"],
        regraded=sum(leads for cell, leads in cells.items() if cell.regraded),
        advancing=[
            (code, stage_name(code), advances[code]) for code in STAGES if code in effect.document.get("stages", {})
        ],
        bins=[ScoreBin(first=100 // BINS * place, now=now[place], after=after[place]) for place in range(BINS)],
        bands=[(band, bands_now[band], bands_after[band]) for band in Band.values],
        moved=[BandMove(before=old, after=new, leads=leads) for (old, new), leads in moved.most_common()],
    )


def pace_of(model: ScoringModel, summary: EffectSummary, now: datetime) -> HotPace | None:
    """Episodes opened in the last 30 days a day (or since the first version, if that is less), scaled by the draft.

    None before the model was in force for a whole day.
    """
    first = model.versions.order_by("number").values_list("published_at", flat=True).first()
    days = min(PACE_OVER, now - first) // timedelta(days=1) if first else 0
    if not days:
        return None
    opened = Episode.objects.filter(model=model, started_at__gt=now - timedelta(days=days), started_at__lte=now).count()
    scaled = opened / days * summary.hot_after / summary.hot_now if summary.hot_now else None
    return HotPace(days=days, opened=opened, now=opened / days, after=scaled)


# --- edit by edit ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class EditEffect:
    """One edit in words, and who would become or stop being hot if it were the only one."""

    change: DocumentChange
    entering: int
    leaving: int


def document_behind(effect: Effect) -> Document:
    """The nodes of what would be published. Raises ValueError where it has problems since, say a field was removed."""
    document, problems = check_document(effect.document)
    if document is None:
        raise ValueError("; ".join(problem.text("en") for problem in problems))
    return document


def edits_of(effect: Effect) -> list[SingleEdit]:
    """The single edits that an effect's document consists of; none where nothing was published before."""
    return [] if effect.base_id is None else single_edits(document_of(effect.base_id), document_behind(effect))


def edit_effects(effect: Effect) -> list[EditEffect]:
    """The edits with their numbers, as far as these are worked out."""
    return [
        EditEffect(change=edit.change, entering=entering, leaving=leaving)
        for edit, (entering, leaving) in zip(edits_of(effect), effect.edits or [], strict=False)
    ]
