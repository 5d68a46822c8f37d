"""The engine in English."""

from __future__ import annotations

import re
from decimal import Decimal

from engine.catalog import Unit
from engine.matrix import MatrixAction, MatrixCell, MatrixLevel
from engine.measures import number, span
from engine.nodes import (
    ANY_ACTIVITY,
    ActivityLeaf,
    CountComparison,
    Dimension,
    Duration,
    Group,
    HotDefinition,
    Op,
    Repeat,
    Rule,
    StageRule,
)
from engine.words.known import OBJECTS, SIGNS, Sign
from engine.words.outline import NO_COUNTS, Join
from engine.words.phrases import SHOWN, Language
from engine.words.speech import RuleDetail

COMPARED = {
    Op.EQ: "{} is {}",
    Op.NE: "{} isn’t {}",
    Op.GT: "{} is more than {}",
    Op.GE: "{} is at least {}",
    Op.LT: "{} is less than {}",
    Op.LE: "{} is up to {}",
    Op.IN: "{} is {}",
    Op.NOT_IN: "{} isn’t {}",
    Op.CONTAINS: "{} contains {}",
    Op.STARTS_WITH: "{} starts with {}",
    Op.KNOWN: "{} is filled in",
    Op.UNKNOWN: "{} is empty",
    Op.BEFORE: "{} is before {}",
    Op.AFTER: "{} is after {}",
    Op.WITHIN_NEXT: "{} is within the next {}",
    Op.WITHIN_LAST: "{} is within the last {}",
}
DENIED = {
    Op.CONTAINS: "{} doesn’t contain {}",
    Op.STARTS_WITH: "{} doesn’t start with {}",
    Op.WITHIN_NEXT: "{} isn’t within the next {}",
    Op.WITHIN_LAST: "{} isn’t within the last {}",
}
DATED = COMPARED | {Op.GE: "{} is on or after {}", Op.LE: "{} is on or before {}"}
RANKED = {
    Op.GT: "above {}",
    Op.GE: "{} or above",
    Op.LT: "below {}",
    Op.LE: "{} or below",
}
MEASURED = {
    Op.EQ: "exactly {}",
    Op.NE: "not exactly {}",
    Op.GT: "more than {}",
    Op.GE: "at least {}",
    Op.LT: "fewer than {}",
    Op.LE: "up to {}",
    Op.IN: "{}",
    Op.NOT_IN: "not {}",
}
SCORED = {
    Op.EQ: "exactly {}",
    Op.NE: "anything but {}",
    Op.GT: "more than {}",
    Op.GE: "{} or more",
    Op.LT: "less than {}",
    Op.LE: "{} or less",
}
ABOUT = {
    Op.EQ: "{}",
    Op.NE: "not {}",
    Op.IN: "{}",
    Op.NOT_IN: "not {}",
    Op.CONTAINS: "containing {}",
    Op.STARTS_WITH: "starting with {}",
    Op.KNOWN: "with its name",
}
ANSWERED = {
    Op.EQ: "{} answered {}",
    Op.NE: "{} answered other than {}",
    Op.IN: "{} answered {}",
    Op.NOT_IN: "{} answered other than {}",
    Op.KNOWN: "{} answered",
    Op.UNKNOWN: "{} not answered",
}
REPEATS = {
    Repeat.ONCE: "once only",
    Repeat.ONCE_PER_OBJECT: "once per {}",
    Repeat.ONCE_PER_DAY: "once per day",
}
LINES = {
    "rule": "{}",
    "decay": "Decay: “{}”",
    "cap": "Rule cap: “{}”",
    "max": "Group maximum: “{}”",
    "min": "Group minimum: “{}”",
    "inactivity": "Inactivity: “{}”",
    "adjustment": "{}",
    "floor": "Adjusted to the minimum of 0",
    "ceiling": "Adjusted to the maximum of 100",
}
WORD = re.compile(r"[A-Za-z]+\Z")
DONE = re.compile(r"(?:[^e]ed|(?:^|\W)(?:sent|seen|made|done|met))\Z")
"""How a name ends that says what was done ("Trial booked"), and is no noun."""
HISS, CONSONANT_Y = re.compile(r"(?:s|x|z|ch|sh)\Z"), re.compile(r"[^aeiou]y\Z")


class English(Language):
    code = "en"
    any_activity = "activity"
    object_name = "page or document"
    yes_no = ("yes", "no")
    heads = {"all": "All of these:", "any": "Any of these:"}
    scores = {
        "total": "total score",
        Dimension.FIT: "fit score",
        Dimension.ENGAGEMENT: "engagement score",
        Dimension.QUALIFICATION: "qualification score",
    }
    actions = {
        MatrixAction.HAND_OVER: "hand off to sales",
        MatrixAction.QUALIFY: "qualify by phone",
        MatrixAction.NURTURE_MORE: "step up nurturing",
        MatrixAction.NURTURE: "nurture",
        MatrixAction.WAIT: "wait",
    }
    levels = {MatrixLevel.HIGH: "high", MatrixLevel.MIDDLE: "medium", MatrixLevel.LOW: "low"}

    # --- joining

    def both(self, parts: list[str]) -> str:
        return " and ".join(parts)

    def either(self, parts: list[str]) -> str:
        return " or ".join(parts)

    def listed(self, texts: list[str]) -> str:
        return ", ".join(texts)

    def sentences(self, texts: list[str]) -> str:
        return "; ".join(texts)

    def bracket(self, text: str) -> str:
        return f"({text})"

    def bracketed(self, text: str) -> str:
        return f" ({text})"

    def quoted(self, text: str) -> str:
        return f"“{text}”"

    def labelled(self, label: str, text: str) -> str:
        return f"{label}: {text}"

    # --- attributes, answers, scores

    def compared(self, subject: str, op: Op, values: list[str], *, denied: bool) -> str:
        return (DENIED if denied else COMPARED)[op].format(subject, one_of(values))

    def dated(self, subject: str, op: Op, values: list[str], *, denied: bool) -> str:
        return (DENIED if denied else DATED)[op].format(subject, one_of(values))

    def ranked(self, subject: str, op: Op, values: list[str]) -> str:
        if op in RANKED:
            return RANKED[op].format(one_of(values))
        return COMPARED[op].format(subject, one_of(values))

    def measured(self, subject: str, op: Op, values: list[str], unit: Unit | None) -> str:
        if op not in MEASURED or unit is None:
            return COMPARED[op].format(subject, one_of(values))
        return f"{MEASURED[op].format(one_of(values))} {unit.one if values == ['1'] else unit.many}"

    def between(self, subject: str, low: tuple[Op, str], high: tuple[Op, str], unit: Unit | None) -> str:
        if (low[0], high[0]) == (Op.GE, Op.LE):
            ends = span(low[1], high[1], self.code)
            return f"{ends} {unit.many}" if unit else f"{subject} is {ends}"
        bounds = [COMPARED[op].format("", text).removeprefix(" is ") for op, text in (low, high)]
        return f"{subject} is {self.both(bounds)}"

    def truth(self, field: str, subject: str, *, is_true: bool) -> str:
        if field == "consent":
            return subject if is_true else f"no {subject}"
        return f"{subject} is {self.yes_no[0 if is_true else 1]}"

    def score(self, score: str, op: Op, points: str) -> str:
        return f"{score} of {SCORED[op].format(points)}"

    def score_between(self, score: str, low: tuple[Op, str], high: tuple[Op, str]) -> str:
        return f"{score} of {self.both([SCORED[op].format(points) for op, points in (low, high)])}"

    def answer(self, criterion: str, op: Op, values: list[str], within: Duration | None) -> str:
        return ANSWERED[op].format(criterion, one_of(values)) + self._lately(within)

    def segment(self, name: str, *, denied: bool) -> str:
        return f"{'not ' if denied else ''}in the segment “{name}”"

    def action(self, actions: list[str], *, denied: bool) -> str:
        return COMPARED[Op.NE if denied else Op.EQ].format("the matrix action", one_of(actions))

    def cell(self, cell: MatrixCell) -> str:
        levels = f"engagement {self.levels[cell.engagement]}, qualification {self.levels[cell.qualification]}"
        return f"{levels}: {self.actions[cell.action]}"

    # --- activities

    def noun(self, code: str) -> str:
        """In lower case; a name that is no English noun stands in quotation marks."""
        if code == ANY_ACTIVITY:
            return self.any_activity
        name = self.activity_name(code)
        return lowered(name) if is_noun(name) else self.quoted(name)

    def activities(self, code: str, count: int) -> str:
        noun = self.noun(code)
        return noun if count == 1 or noun.startswith("“") else plural(noun)

    def objects(self, code: str, count: int) -> str:
        known = OBJECTS.get(code)
        if known is None:
            return self.activities(code, count)
        return known.one if count == 1 else known.many

    def unit(self, unit: Unit, count: Decimal) -> str:
        return unit.one if abs(count) == 1 else unit.many

    def points(self, count: Decimal) -> str:
        return "point" if abs(count) == 1 else "points"

    def activity(self, leaf: ActivityLeaf) -> str:
        where, noun, lately = self.where(leaf.where), self.noun(leaf.activity), self._lately(leaf.within)
        if leaf.count in NO_COUNTS:
            return f"no {noun}{where}{lately}"
        if leaf.distinct and leaf.count != CountComparison():
            return f"{self._different(leaf.activity, leaf.count)}{where}{lately}"
        if leaf.count == CountComparison():
            return f"{noun}{where}{lately}"
        times = MEASURED[leaf.count.op].format(number(leaf.count.value))
        if noun.startswith("“"):
            return f"{noun}{where} {times} {'time' if leaf.count.value == 1 else 'times'}{lately}"
        return f"{times} {self.activities(leaf.activity, leaf.count.value)}{where}{lately}"

    def _different(self, activity: str, count: CountComparison) -> str:
        times, known = MEASURED[count.op].format(number(count.value)), OBJECTS.get(activity)
        doing = f"{known.doing} " if known else ""
        return f"{doing}{times} different {self.objects(activity, count.value)}"

    def alike(self, nouns: list[str], leaf: ActivityLeaf, join: Join) -> str:
        lately = self._lately(leaf.within)
        if leaf.count in NO_COUNTS:
            return f"no {joined(nouns, 'or')}{lately}"
        return f"{joined(nouns, 'and' if join == 'all' else 'or')}{lately}"

    def read(self, sign: str, activities: tuple[str, ...], within: Duration | None) -> str:
        lately = self._lately(within)
        if activities == (ANY_ACTIVITY,):
            return f"{SIGNS[sign].of_lead}{lately}"
        nouns = [self.noun(activity) for activity in activities]
        if len(nouns) == 1:
            return f"{self.saying(nouns[0], SIGNS[sign])}{lately}"
        more = len(nouns) - SHOWN
        named = f"{', '.join(nouns[:SHOWN])} and {more} more" if more > 0 else joined(nouns, "or")
        return f"{SIGNS[sign].of_lead}{lately} ({named})"

    def saying(self, noun: str, sign: Sign) -> str:
        return f"{noun} {sign.of_activity}"

    def about(self, op: Op, values: list[str]) -> str:
        return ABOUT[op].format(one_of(values))

    def _lately(self, span: Duration | None) -> str:
        return f" in the last {self.duration(span)}" if span else ""

    # --- rules

    def each(self, points: str, stream: str, policies: list[str]) -> str:
        return ", ".join([f"{points} for each {stream}", *policies])

    def when(self, points: str, condition: str, policies: list[str]) -> str:
        return ", ".join([f"{points} when {condition}", *policies])

    def answered(self, criterion: str, options: list[str], policies: list[str]) -> str:
        return ", ".join([f"by answer ({criterion}): {', '.join(options)}", *policies])

    def details(self, rule: Rule) -> list[RuleDetail]:
        known = OBJECTS.get(rule.each.activity) if rule.each else None
        about = known.one if known else "page, document…"
        said = [RuleDetail("repeat", REPEATS[rule.repeat].format(about))] if rule.repeat in REPEATS else []
        if rule.at_most:
            most = "only the most recent" if rule.at_most == 1 else f"only the {number(rule.at_most)} most recent"
            said.append(RuleDetail("at_most", most))
        if rule.decay and rule.decay.half_life:
            said.append(RuleDetail("decay_length", f"halves every {self.duration(rule.decay.half_life)}"))
        if rule.decay and rule.decay.linear:
            said.append(RuleDetail("decay_length", f"falls to 0 over {self.duration(rule.decay.linear)}"))
        if rule.decay and rule.decay.window:
            said.append(RuleDetail("window", f"counts for {self.duration(rule.decay.window)}"))
        if rule.cap is not None:
            said.append(RuleDetail("cap", f"up to {number(rule.cap)} {self.points(rule.cap)} in total"))
        return [*said, RuleDetail("disabled", "off")] if rule.disabled else said

    def group(self, group: Group) -> str:
        said = [self.scores[group.dimension].removesuffix(" score")]
        if group.min is not None and group.max is not None:
            said.append(f"{span(number(group.min), number(group.max), self.code)} points")
        elif group.min is not None:
            said.append(f"at least {number(group.min)} {self.points(group.min)}")
        elif group.max is not None:
            said.append(f"up to {number(group.max)} {self.points(group.max)}")
        if group.inactivity:
            after, half_life = self.duration(group.inactivity.after), self.duration(group.inactivity.half_life)
            said.append(f"halves every {half_life} after {after} without activity")
        return f"{group.name}: {', '.join(said)}"

    def hot(self, definition: HotDefinition) -> str:
        said = f"Hot when {self.condition(definition.when)}"
        if definition.exit_total is not None:
            said += f"; stays hot above {number(definition.exit_total)} {self.points(definition.exit_total)}"
        if definition.grace:
            length = self.duration(definition.grace)
            said += f"; {length}’ grace" if length.endswith("s") else f"; {length}’s grace"
        return said

    def stage(self, rule: StageRule) -> str:
        return f"{rule.stage.upper()} when {self.condition(rule.when)}"

    def line(self, kind: str, name: str) -> str:
        return LINES[kind].format(name)


def joined(texts: list[str], word: str) -> str:
    """`a`, `a or b`, `a, b or c`."""
    return f" {word} ".join(text for text in (", ".join(texts[:-1]), *texts[-1:]) if text)


def one_of(texts: list[str]) -> str:
    return joined(texts, "or")


def is_noun(name: str) -> bool:
    """Whether the name of a type of activity can be counted: it ends with an English word for a thing."""
    return bool(name.isascii() and WORD.search(name) and not DONE.search(name))


def lowered(name: str) -> str:
    """As it stands in a sentence; abbreviations and names of several capitalized words keep their capitals."""
    return name[:1].lower() + name[1:] if name[1:] == name[1:].lower() else name


def plural(noun: str) -> str:
    if CONSONANT_Y.search(noun):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if HISS.search(noun) else f"{noun}s"
