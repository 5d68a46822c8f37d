"""The engine in English."""

from __future__ import annotations

from engine.matrix import MatrixAction, MatrixCell, MatrixLevel
from engine.nodes import (
    ActivityLeaf,
    Condition,
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
from engine.words.phrases import Language, RuleDetail, number
from engine.words.properties import property_words

COMPARED = {
    Op.EQ: "is {}",
    Op.NE: "is not {}",
    Op.GT: "is more than {}",
    Op.GE: "is at least {}",
    Op.LT: "is less than {}",
    Op.LE: "is at most {}",
    Op.IN: "is one of {}",
    Op.NOT_IN: "is none of {}",
    Op.CONTAINS: "contains {}",
    Op.STARTS_WITH: "starts with {}",
    Op.KNOWN: "is known",
    Op.UNKNOWN: "is unknown",
    Op.BEFORE: "is before {}",
    Op.AFTER: "is after {}",
    Op.WITHIN_NEXT: "is within the next {}",
    Op.WITHIN_LAST: "is within the last {}",
}
TIMES = {
    Op.EQ: "exactly {}",
    Op.NE: "not exactly {}",
    Op.GT: "more than {}",
    Op.GE: "at least {}",
    Op.LT: "fewer than {}",
    Op.LE: "at most {}",
}
REPEATS = {
    Repeat.ONCE: "once in all",
    Repeat.ONCE_PER_OBJECT: "once per object",
    Repeat.ONCE_PER_DAY: "once per day",
}
LINES = {
    "rule": "{}",
    "decay": "Faded since: “{}”",
    "cap": "Cap of “{}”",
    "max": "Upper bound of “{}”",
    "min": "Lower bound of “{}”",
    "inactivity": "Inactivity in “{}”",
    "adjustment": "{}",
    "floor": "Nothing below 0",
    "ceiling": "Nothing above 100",
}


class English(Language):
    code = "en"
    any_activity = "activity"
    yes_no = ("yes", "no")
    scores = {
        "total": "the total score",
        Dimension.FIT: "the fit score",
        Dimension.ENGAGEMENT: "the engagement score",
        Dimension.QUALIFICATION: "the qualification score",
    }

    actions = {
        MatrixAction.HAND_OVER: "hand over to sales",
        MatrixAction.QUALIFY: "qualify in a talk",
        MatrixAction.NURTURE_MORE: "nurture more",
        MatrixAction.NURTURE: "nurture",
        MatrixAction.WAIT: "wait",
    }
    levels = {MatrixLevel.HIGH: "high", MatrixLevel.MIDDLE: "middle", MatrixLevel.LOW: "low"}

    def both(self, parts: list[str]) -> str:
        return " and ".join(parts)

    def either(self, parts: list[str]) -> str:
        return " or ".join(parts)

    def bracket(self, text: str) -> str:
        return f"({text})"

    def negation(self, text: str) -> str:
        return f"not {text if text.startswith('(') else f'({text})'}"

    def comparison(self, subject: str, op: Op, value: str) -> str:
        return f"{subject} {COMPARED[op].format(value)}"

    def activity(self, leaf: ActivityLeaf) -> str:
        name = self.activity_name(leaf.activity) + self.where(leaf.where)
        span = f" within {self.duration(leaf.within)}" if leaf.within else ""
        if leaf.distinct:
            return f"{name} of {self._times(leaf.count)} different objects{span}"
        if leaf.count == CountComparison():
            return f"{name}{span}"
        if leaf.count in (
            CountComparison(op=Op.EQ, value=0),
            CountComparison(op=Op.LT, value=1),
            CountComparison(op=Op.LE, value=0),
        ):
            return f"no {name}{span}"
        return f"{name} {self._times(leaf.count)} {'time' if leaf.count.value == 1 else 'times'}{span}"

    def _times(self, count: CountComparison) -> str:
        return TIMES[count.op].format(count.value)

    def where(self, node: Condition | None) -> str:
        return f" ({self.condition(node)})" if node else ""

    def recently(self, condition: str, span: str) -> str:
        return f"{condition} (answered within {span})"

    def action(self, actions: list[str]) -> str:
        return f"the decision matrix says {' or '.join(actions)}"

    def cell(self, cell: MatrixCell) -> str:
        levels = f"engagement {self.levels[cell.engagement]}, qualification {self.levels[cell.qualification]}"
        return f"{levels}: {self.actions[cell.action]}"

    def segment(self, name: str) -> str:
        return f"belongs to the segment “{name}”"

    def plain_field(self, name: str) -> str:
        return "the object" if name == "object" else property_words(name, "en")

    def quoted(self, text: str) -> str:
        return f"“{text}”"

    def listed(self, texts: list[str]) -> str:
        return ", ".join(texts)

    def duration(self, length: Duration) -> str:
        unit = "day" if length.unit == "d" else "hour"
        return f"{length.amount} {unit}" if length.amount == 1 else f"{length.amount} {unit}s"

    def each(self, points: str, stream: str, policies: list[str]) -> str:
        return ", ".join([f"{points} for each {stream}", *policies])

    def when(self, points: str, condition: str, policies: list[str]) -> str:
        return ", ".join([f"{points} while {condition}", *policies])

    def answered(self, criterion: str, options: list[str], policies: list[str]) -> str:
        return ", ".join([f"by the answer to {criterion}: {'; '.join(options)}", *policies])

    def details(self, rule: Rule) -> list[RuleDetail]:
        said = [RuleDetail("repeat", REPEATS[rule.repeat])] if rule.repeat in REPEATS else []
        if rule.at_most:
            most = "only the most recent" if rule.at_most == 1 else f"only the {rule.at_most} most recent"
            said.append(RuleDetail("at_most", most))
        if rule.decay and rule.decay.half_life:
            said.append(RuleDetail("decay_length", f"halved every {self.duration(rule.decay.half_life)}"))
        if rule.decay and rule.decay.linear:
            said.append(RuleDetail("decay_length", f"falling to 0 over {self.duration(rule.decay.linear)}"))
        if rule.decay and rule.decay.window:
            said.append(RuleDetail("window", f"counted for {self.duration(rule.decay.window)}"))
        if rule.cap is not None:
            said.append(RuleDetail("cap", f"at most {number(rule.cap)} in all"))
        return [*said, RuleDetail("disabled", "switched off")] if rule.disabled else said

    def group(self, group: Group) -> str:
        said = [self.scores[group.dimension].removeprefix("the ").removesuffix(" score")]
        if group.min is not None:
            said.append(f"at least {number(group.min)}")
        if group.max is not None:
            said.append(f"at most {number(group.max)}")
        if group.inactivity:
            after, half_life = self.duration(group.inactivity.after), self.duration(group.inactivity.half_life)
            said.append(f"after {after} without activity halved every {half_life}")
        return f"{group.name}: {', '.join(said)}"

    def hot(self, definition: HotDefinition) -> str:
        said = f"Hot when {self.condition(definition.when)}"
        if definition.exit_total is not None:
            said += f"; stays hot while the total score is more than {number(definition.exit_total)}"
        return f"{said}; {self.duration(definition.grace)} of grace" if definition.grace else said

    def stage(self, rule: StageRule) -> str:
        return f"{rule.stage.upper()} when {self.condition(rule.when)}"

    def line(self, kind: str, name: str) -> str:
        return LINES[kind].format(name)
