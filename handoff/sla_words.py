"""The SLA section of the hand-off policy in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from engine.words.phrases import Language
from handoff.enums import Counts, Promise, RungAct
from handoff.policy.sla import Marketing, Rung, Sla, SlaPolicy, Terms, read_sla
from handoff.policy_words import Names, names_now, unused_name
from handoff.promises import DUE, span_in_words
from scoring.queries.catalog import catalog
from scoring.queries.changes import Section
from scoring.queries.words import ConditionText, condition_in_words, reader
from web import formats


def policy_condition(policy: SlaPolicy, words: Language) -> str:
    """For which leads a policy is."""
    if policy.is_broken:
        return _("Can no longer be read")
    return condition_in_words(words, policy.when) if policy.when else ""


def policy_name(sla: Sla, place: int) -> str:
    """The name of a policy; the last one has none of its own."""
    if sla.policies[place].name:
        return sla.policies[place].name
    return _("All other leads") if len(sla.policies) > 1 else _("All leads")


def document_policy_name(document: dict[str, Any], place: int) -> str:
    """The same, of a document as it is stored; empty where it has no such place."""
    policies = document.get("policies", [])
    if place >= len(policies):
        return ""
    return str(policies[place].get("name") or (_("All other leads") if len(policies) > 1 else _("All leads")))


def terms_in_words(terms: Terms) -> str:
    """What is promised, as a sentence of its own."""
    span = {"span": span_in_words(terms.mode, terms.amount)}
    if terms.promise == Promise.FIRST_CONTACT:
        if terms.counts == Counts.ATTEMPT:
            return _("First contact within %(span)s; an attempt counts, even if no one is reached") % span
        return _("First contact within %(span)s; a conversation counts") % span
    if terms.promise == Promise.RESULT:
        return _("Result within %(span)s of first contact") % span
    return _("Next step planned within %(span)s of acceptance") % span


def target_in_words(target: int) -> str:
    return _("target %(percent)s") % {"percent": formats.percent(target)}


def rung_in_words(rung: Rung, names: Names) -> str:
    """When a rung is climbed and what it does: "at 80% of the time: tell the owner"."""
    acts = {
        RungAct.OWNER: _("tell the owner"),
        RungAct.MANAGERS: _("tell the owner and the managers"),
        RungAct.PERSON: _("tell %(name)s") % {"name": names.person(rung.person)},
        RungAct.TOP: _("on top of the queue"),
        RungAct.POOL: _("return it to the team and route it again"),
    }
    return pgettext("label and value", "%(label)s: %(value)s") % {"label": _when(rung), "value": acts[rung.act]}


def _when(rung: Rung) -> str:
    if rung.after:
        return _("%(span)s after the deadline") % {"span": span_in_words(rung.unit, rung.after)}
    if rung.percent == DUE:
        return _("at the deadline")
    return _("at %(percent)s of the time") % {"percent": formats.percent(rung.percent)}


def marketing_in_words(marketing: Marketing | None) -> str:
    """What marketing promises in return."""
    if marketing is None:
        return _("Nothing agreed yet")
    return _("%(number)s hand-offs a week; sales accepts %(percent)s of them") % {
        "number": formats.number(marketing.per_week),
        "percent": formats.percent(marketing.accepted),
    }


def _times(number: int) -> str:
    """How often in the last 30 days, behind a rung; nothing where never."""
    if not number:
        return ""
    words = ngettext(" (%(n)s time in 30 days)", " (%(n)s times in 30 days)", number)
    return words % {"n": formats.number(number)}


def policy_lines(policy: SlaPolicy, names: Names, climbed: Mapping[tuple[str, int], int] | None = None) -> list[str]:
    """Every promise of a policy with its ladder, a line each; `climbed` says how often each rung was."""
    lines = []
    for terms in policy.promises.values():
        ladder = [
            rung_in_words(rung, names) + _times((climbed or {}).get((terms.promise, place), 0))
            for place, rung in enumerate(terms.ladder)
        ]
        target = [target_in_words(terms.target)] if terms.target else []
        lines.append(" · ".join([terms_in_words(terms), *target, *ladder]))
    return lines or [_("No deadline set")]


def sla_lines(raw: dict[str, Any]) -> dict[str, Section]:
    """The section in sentences, by part and name, to be compared with another one."""
    sla, words, names = read_sla(raw, catalog()), reader(), names_now()
    policies: Section = {}
    for policy in sla.policies:
        condition = policy_condition(policy, words)
        lines = [*([condition] if condition else []), *policy_lines(policy, names)]
        policies[unused_name(policy.name or _("All other leads"), policies)] = ConditionText(text=" → ".join(lines))
    marketing = {_("Marketing’s SLA"): ConditionText(text=marketing_in_words(sla.marketing))}
    return {_("SLA policies"): policies, _("Marketing’s SLA"): marketing}
