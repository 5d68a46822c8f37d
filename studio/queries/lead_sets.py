"""The leads behind the numbers of the studio: of a rule, a condition, a stage, and of the effect of a draft.

A number names its set where it is drawn (`draft.<model>.<digest>.rule.0.2`), and the list of leads asks for it here.
The name tells what the rules said when the number was counted: once they say something else, there is no such list.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _
from psycopg.sql import SQL, Composable, Literal

from engine import Document, compile_document
from engine.nodes import HotDefinition
from scoring.enums import Band, Fate
from scoring.lead_sets import FoundSet, LeadSetError
from scoring.models import ScoringModel
from scoring.queries.catalog import catalog
from scoring.queries.documents import check_document, document_of
from scoring.queries.sources import now_sources
from scoring.queries.words import reader, stage_name
from studio.draft.document import RulePlace, digest_of, rule_at
from studio.draft.store import working_document
from studio.models import Effect
from studio.queries.effect import BINS, EffectTimeoutError, leads_of_effect, reading
from studio.queries.effect_summary import BEFORE, document_behind, edits_of
from studio.queries.hot_counts import inner_lines
from studio.queries.lint.finding import LintRule, hot_and_stages, rules_of
from studio.queries.lint.lead_counts import swallowed_test
from studio.queries.without_rule import document_without
from studio.statements import LEADS_SCORED
from web.formats import span

DRAFT, EFFECT, WITHOUT = "draft", "effect", "without"
DIGITS = 12  # of a digest: enough to tell the few states of a model apart


def draft_sets(model: ScoringModel, document: Document) -> str:
    """What the names of all sets of a model's document begin with."""
    return f"{DRAFT}.{model.pk}.{digest_of(document)[:DIGITS]}"


def effect_sets(effect: Effect) -> str:
    """The same of the effect of a draft; an effect that is counted again for the same draft has the same names."""
    return f"{EFFECT}.{effect.model_id}.{effect.revision}"


def draft_set(parts: list[str], now: datetime) -> FoundSet:
    """Who meets a rule or a condition of a model's draft, or of its version in force."""
    try:
        pk, digest, kind, *place = parts
        model = ScoringModel.objects.get(pk=int(pk))
        document = _document(model, digest)
        if kind == "moving":
            words, advances = _of_stage(*place)
            return words, _timed(partial(leads_of_effect, document, model=model, t=now, test=advances))
        words, asked, test = TESTS[kind](document, *place)
    except (ValueError, TypeError, KeyError, IndexError, StopIteration, ScoringModel.DoesNotExist) as error:
        raise _gone() from error
    return words, _timed(partial(_leads_scored, asked, test, model=model, now=now))


def effect_set(parts: list[str], now: datetime) -> FoundSet:
    """Who is in a part of the effect of a draft, as of the instant it was counted."""
    try:
        pk, revision, kind, *place = parts
        effects = Effect.objects.filter(model=int(pk), revision=int(revision)).select_related("model")
        effect = effects.latest("pk")
        if kind == "fate" and place[0] in Fate.values:
            moves = effect.moves.filter(fate=place[0]).order_by("lead")
            return str(Fate(place[0]).label), lambda: tuple(moves.values_list("lead", flat=True))
        document = document_behind(effect)
        if kind == "edit":
            edit = edits_of(effect)[int(place[0])]
            document, words = edit.document, f"{edit.change.name}: {Fate(place[1]).label}"
            test: Composable = SQL("fate = {}").format(Literal(place[1]))
        else:
            words, test = EFFECT_TESTS[kind](*place)
    except (ValueError, TypeError, KeyError, IndexError, Effect.DoesNotExist) as error:
        raise _gone() from error
    return words, _timed(partial(leads_of_effect, document, model=effect.model, t=effect.at, test=test))


def without_sets(model: ScoringModel, place: RulePlace) -> str:
    """The same of the version in force with one rule off."""
    assert model.current_version is not None, "there is a rule"
    digest = digest_of(document_of(model.current_version))[:DIGITS]
    return f"{WITHOUT}.{model.pk}.{digest}.{place.group}.{place.rule}"


def without_set(parts: list[str], now: datetime) -> FoundSet:
    """Who would become hot, or stop being so, with one rule off."""
    try:
        pk, digest, group, rule, fate = parts
        model = ScoringModel.objects.select_related("current_version").get(pk=int(pk), current_version__isnull=False)
        place = RulePlace(group=int(group), rule=int(rule))
        if not without_sets(model, place).split(".")[2] == digest or fate not in Fate.values:
            raise ValueError(digest)
        entry = rule_at(model.current_version.document, place)  # type: ignore[union-attr]
        document, words = document_without(model, place), f"{(entry or {})['name']}: {Fate(fate).label}"
    except (ValueError, TypeError, KeyError, IndexError, ScoringModel.DoesNotExist) as error:
        raise _gone() from error
    test = SQL("fate = {}").format(Literal(fate))
    return words, _timed(partial(leads_of_effect, document, model=model, t=now, test=test))


def _gone() -> LeadSetError:
    return LeadSetError(_("The rules have changed since these leads were counted. Open the number again."))


def _timed(find: Callable[[], tuple[int, ...]]) -> Callable[[], tuple[int, ...]]:
    def found() -> tuple[int, ...]:
        try:
            return find()
        except EffectTimeoutError as error:
            raise LeadSetError(
                _("Too many leads to list right now. Try again later, or narrow the list of leads with its filters.")
            ) from error

    return found


# --- by a rule or a condition ----------------------------------------------------------------------------------------

DraftTest = tuple[str, Document, Composable]
"""What the leads have in common, the document to ask the engine about, and the test of what it says of a lead."""


def _document(model: ScoringModel, digest: str) -> Document:
    """The draft or the version in force, whichever says what was counted. Raises ValueError."""
    document, _problems = check_document(working_document(model))
    published = document_of(model.current_version) if model.current_version else None
    for known in (document, published):
        if known is not None and digest_of(known).startswith(digest) and len(digest) == DIGITS:
            return known
    raise ValueError(digest)


def _leads_scored(document: Document, test: Composable, *, model: ScoringModel, now: datetime) -> tuple[int, ...]:
    compiled = compile_document(document, catalog(), sources=now_sources(model=model), t=now, next_change=False)
    query = SQL(LEADS_SCORED).format(scored=compiled.query, test=test)
    with reading() as cursor:
        cursor.execute(query.as_string(None), compiled.parameters)
        return tuple(cursor.fetchone()[0])


def _place(document: Document, group: str, rule: str) -> LintRule:
    path = f"groups[{int(group)}].rules[{int(rule)}]"
    return next(place for place in rules_of(document) if place.path == path)


def _of_rule(document: Document, group: str, rule: str) -> DraftTest:
    place = _place(document, group, rule)
    words = _("matches rule “%(name)s”") % {"name": place.rule.name}
    return words, document, SQL("uncapped[{}] <> 0").format(Literal(place.index))


def _of_capped_rule(document: Document, group: str, rule: str) -> DraftTest:
    place = _place(document, group, rule)
    words = _("rule “%(name)s” adds nothing because of a cap") % {"name": place.rule.name}
    return words, document, swallowed_test(place)


def _of_definition(path: str, document: Document, name: str, line: str = "") -> DraftTest:
    """All that a hot definition or a stage asks for, or one of its conditions: asked as a hot definition."""
    definition = dict(hot_and_stages(document))[path % name]
    words, condition = _("matches “%(name)s”") % {"name": definition.name}, definition.when
    if line:
        part, _inner = list(inner_lines(reader().lines(definition.when)))[int(line)]
        words, condition = part.text, part.condition
    hot = (HotDefinition(name=definition.name, when=condition),)
    return words, replace(document, hot=hot), SQL("hot[1]")


TESTS: dict[str, Callable[..., DraftTest]] = {
    "rule": _of_rule,
    "capped": _of_capped_rule,
    "hot": partial(_of_definition, "hot[%s]"),
    "stages": partial(_of_definition, "stages.%s"),
}

# --- by a part of an effect ------------------------------------------------------------------------------------------

EffectTest = tuple[str, Composable]


def _of_band(column: str, band: str) -> EffectTest:
    words = {"band_before": _("now: %(level)s"), "band": _("after publishing: %(level)s")}[column]
    return words % {"level": Band(band).label}, SQL("{} = {}").format(SQL(column), Literal(band))


def _of_band_move(before: str, after: str) -> EffectTest:
    words = _("from %(before)s to %(after)s") % {
        "before": Band(before or Band.COLD).label,
        "after": Band(after).label,
    }
    return words, SQL("coalesce(band_before, '') = {} AND band = {}").format(Literal(before), Literal(after))


def _of_bin(column: str, number: str) -> EffectTest:
    words = {"bin_before": _("now: %(points)s points"), "bin_after": _("after publishing: %(points)s points")}[column]
    first = 100 // BINS * int(number)
    points = span(str(first), str(first + 100 // BINS))
    return words % {"points": points}, SQL("{} = {}").format(SQL(column), Literal(int(number)))


def _of_fate(which: str) -> EffectTest:
    hot = SQL("fate NOT IN ({})").format(SQL(", ").join(map(Literal, BEFORE)))
    return {
        "cooling": (_("stays hot only for the grace period"), SQL("fate = 'cooling'")),
        "now": (_("hot now"), hot),
        "after": (_("hot after publishing"), SQL("fate IN ('entering', 'staying', 'cooling')")),
    }[which]


def _of_stage(code: str) -> EffectTest:
    return _("becomes %(stage)s") % {"stage": stage_name(code)}, SQL("advances = {}").format(Literal(code))


EFFECT_TESTS: dict[str, Callable[..., EffectTest]] = {
    "now": partial(_of_band, "band_before"),
    "after": partial(_of_band, "band"),
    "moved": _of_band_move,
    "bin-now": partial(_of_bin, "bin_before"),
    "bin-after": partial(_of_bin, "bin_after"),
    "fate": _of_fate,
    "stage": _of_stage,
    "regraded": lambda: (_("grade changes"), SQL("regraded")),
}
