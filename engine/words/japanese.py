"""The engine in Japanese."""

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
    Op.EQ: "が{}",
    Op.NE: "が{}以外",
    Op.GT: "が{}より大きい",
    Op.GE: "が{}以上",
    Op.LT: "が{}未満",
    Op.LE: "が{}以下",
    Op.IN: "が{}のいずれか",
    Op.NOT_IN: "が{}のいずれでもない",
    Op.CONTAINS: "に{}を含む",
    Op.STARTS_WITH: "が{}で始まる",
    Op.KNOWN: "が判明している",
    Op.UNKNOWN: "が不明",
    Op.BEFORE: "が{}より前",
    Op.AFTER: "が{}より後",
    Op.WITHIN_NEXT: "が今後{}以内",
    Op.WITHIN_LAST: "が過去{}以内",
}
TIMES = {
    Op.EQ: "がちょうど{}{}",
    Op.NE: "が{}{}以外",
    Op.GT: "が{}{}より多い",
    Op.GE: "が{}{}以上",
    Op.LT: "が{}{}未満",
    Op.LE: "が{}{}以下",
}
REPEATS = {
    Repeat.ONCE: "1回のみ",
    Repeat.ONCE_PER_OBJECT: "対象ごとに1回",
    Repeat.ONCE_PER_DAY: "1日1回",
}
LINES = {
    "rule": "{}",
    "decay": "「{}」の時間経過による減衰",
    "cap": "「{}」の上限",
    "max": "グループ「{}」の上限",
    "min": "グループ「{}」の下限",
    "inactivity": "グループ「{}」の無活動による減衰",
    "adjustment": "{}",
    "floor": "0点を下回らない",
    "ceiling": "100点を上回らない",
}


class Japanese(Language):
    code = "ja"
    any_activity = "行動"
    yes_no = ("はい", "いいえ")
    scores = {
        "total": "総合スコア",
        Dimension.FIT: "適合度スコア",
        Dimension.ENGAGEMENT: "関心度スコア",
        Dimension.QUALIFICATION: "案件化度スコア",
    }

    actions = {
        MatrixAction.HAND_OVER: "営業へ引き渡す",
        MatrixAction.QUALIFY: "ヒアリングで見極める",
        MatrixAction.NURTURE_MORE: "育成を強化する",
        MatrixAction.NURTURE: "育成を続ける",
        MatrixAction.WAIT: "様子を見る",
    }
    levels = {MatrixLevel.HIGH: "高", MatrixLevel.MIDDLE: "中", MatrixLevel.LOW: "低"}

    def both(self, parts: list[str]) -> str:
        return "、かつ".join(parts)

    def either(self, parts: list[str]) -> str:
        return "、または".join(parts)

    def bracket(self, text: str) -> str:
        return f"（{text}）"

    def negation(self, text: str) -> str:
        return f"{text if text.startswith('（') else f'「{text}」'}に当てはまらない"

    def comparison(self, subject: str, op: Op, value: str) -> str:
        return subject + COMPARED[op].format(value)

    def activity(self, leaf: ActivityLeaf) -> str:
        name = self.activity_name(leaf.activity) + self.where(leaf.where)
        span = f"直近{self.duration(leaf.within)}以内に" if leaf.within else ""
        if leaf.distinct:
            return f"{span}異なる対象の{name}{self._times(leaf.count, '件')}"
        if leaf.count == CountComparison():
            return f"{span}{name}がある"
        if leaf.count in (
            CountComparison(op=Op.EQ, value=0),
            CountComparison(op=Op.LT, value=1),
            CountComparison(op=Op.LE, value=0),
        ):
            return f"{span}{name}がない"
        return f"{span}{name}{self._times(leaf.count, '回')}"

    def _times(self, count: CountComparison, counter: str) -> str:
        return TIMES[count.op].format(count.value, counter)

    def where(self, node: Condition | None) -> str:
        return f"（{self.condition(node)}）" if node else ""

    def recently(self, condition: str, span: str) -> str:
        return f"{condition}（直近{span}以内の回答）"

    def action(self, actions: list[str]) -> str:
        return f"判断マトリクスの対応が{'または'.join(actions)}"

    def cell(self, cell: MatrixCell) -> str:
        levels = f"関心度{self.levels[cell.engagement]}・案件化度{self.levels[cell.qualification]}"
        return f"{levels}：{self.actions[cell.action]}"

    def segment(self, name: str) -> str:
        return f"セグメント「{name}」に属する"

    def plain_field(self, name: str) -> str:
        return "対象" if name == "object" else property_words(name, "ja")

    def quoted(self, text: str) -> str:
        return f"「{text}」"

    def listed(self, texts: list[str]) -> str:
        return "、".join(texts)

    def duration(self, length: Duration) -> str:
        return f"{length.amount}{'日' if length.unit == 'd' else '時間'}"

    def each(self, points: str, stream: str, policies: list[str]) -> str:
        return f"{stream}ごとに{points}点{self._aside(policies)}"

    def when(self, points: str, condition: str, policies: list[str]) -> str:
        return f"{condition}：{points}点{self._aside(policies)}"

    def _aside(self, policies: list[str]) -> str:
        return f"（{'、'.join(policies)}）" if policies else ""

    def answered(self, criterion: str, options: list[str], policies: list[str]) -> str:
        given = "、".join(f"{option}点" for option in options)
        return f"「{criterion}」の回答に応じて：{given}{self._aside(policies)}"

    def details(self, rule: Rule) -> list[RuleDetail]:
        said = [RuleDetail("repeat", REPEATS[rule.repeat])] if rule.repeat in REPEATS else []
        if rule.at_most:
            said.append(RuleDetail("at_most", f"直近{rule.at_most}件まで"))
        if rule.decay and rule.decay.half_life:
            said.append(RuleDetail("decay_length", f"{self.duration(rule.decay.half_life)}ごとに半減"))
        if rule.decay and rule.decay.linear:
            said.append(RuleDetail("decay_length", f"{self.duration(rule.decay.linear)}かけて0点まで減衰"))
        if rule.decay and rule.decay.window:
            said.append(RuleDetail("window", f"{self.duration(rule.decay.window)}間有効"))
        if rule.cap is not None:
            said.append(RuleDetail("cap", f"合計{number(rule.cap)}点まで"))
        return [*said, RuleDetail("disabled", "停止中")] if rule.disabled else said

    def group(self, group: Group) -> str:
        said = [self.scores[group.dimension].removesuffix("スコア")]
        if group.min is not None:
            said.append(f"下限{number(group.min)}点")
        if group.max is not None:
            said.append(f"上限{number(group.max)}点")
        if group.inactivity:
            after, half_life = self.duration(group.inactivity.after), self.duration(group.inactivity.half_life)
            said.append(f"{after}間行動がないと{half_life}ごとに半減")
        return f"{group.name}（{'、'.join(said)}）"

    def hot(self, definition: HotDefinition) -> str:
        said = f"ホットの条件：{self.condition(definition.when)}"
        if definition.exit_total is not None:
            said += f"。総合スコアが{number(definition.exit_total)}より大きい間は継続"
        return f"{said}。猶予{self.duration(definition.grace)}" if definition.grace else said

    def stage(self, rule: StageRule) -> str:
        return f"{rule.stage.upper()}の条件：{self.condition(rule.when)}"

    def line(self, kind: str, name: str) -> str:
        return LINES[kind].format(name)
