"""The engine in Japanese."""

from __future__ import annotations

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
    Op.EQ: "{}が{}",
    Op.NE: "{}が{}以外",
    Op.GT: "{}が{}を超える",
    Op.GE: "{}が{}以上",
    Op.LT: "{}が{}未満",
    Op.LE: "{}が{}以下",
    Op.IN: "{}が{}",
    Op.CONTAINS: "{}に{}が含まれる",
    Op.STARTS_WITH: "{}が{}で始まる",
    Op.KNOWN: "{}が入力されている",
    Op.UNKNOWN: "{}が未入力",
    Op.BEFORE: "{}が{}より前",
    Op.AFTER: "{}が{}より後",
    Op.WITHIN_NEXT: "{}が今後{}以内",
    Op.WITHIN_LAST: "{}が過去{}以内",
}
DENIED = {
    Op.CONTAINS: "{}に{}が含まれない",
    Op.STARTS_WITH: "{}が{}で始まらない",
    Op.WITHIN_NEXT: "{}が今後{}以内ではない",
    Op.WITHIN_LAST: "{}が過去{}以内ではない",
}
NONE_OF = {
    Op.NOT_IN: "{}が{}のいずれにも該当しない",
    Op.CONTAINS: "{}に{}のいずれも含まれない",
    Op.STARTS_WITH: "{}が{}のいずれでも始まらない",
}
DATED = {Op.GE: "{}が{}以降", Op.LE: "{}が{}以前"}
TIMES = {
    Op.EQ: "ちょうど{}",
    Op.NE: "{}以外",
    Op.GT: "{}を超える",
    Op.GE: "{}以上",
    Op.LT: "{}未満",
    Op.LE: "{}以下",
}
COUNTED = TIMES | {Op.NE: "{}ではない"}
ABOUT = {
    Op.EQ: "{}",
    Op.NE: "{}以外",
    Op.IN: "{}",
    Op.NOT_IN: "{}以外",
    Op.CONTAINS: "{}を含む",
    Op.STARTS_WITH: "{}で始まる",
    Op.KNOWN: "ページ・資料名あり",
}
ANSWERED = {
    Op.EQ: "{}の回答が{}",
    Op.NE: "{}の回答が{}以外",
    Op.IN: "{}の回答が{}",
    Op.KNOWN: "{}が確認済み",
    Op.UNKNOWN: "{}が未確認",
}
REPEATS = {
    Repeat.ONCE: "1回のみ",
    Repeat.ONCE_PER_OBJECT: "同じ{}では1回",
    Repeat.ONCE_PER_DAY: "1日1回",
}
LINES = {
    "rule": "{}",
    "decay": "日数経過による減点（{}）",
    "cap": "「{}」の上限による調整",
    "max": "グループ「{}」の上限による調整",
    "min": "グループ「{}」の下限による調整",
    "inactivity": "行動がない期間の減点（{}）",
    "adjustment": "{}",
    "floor": "下限0点の調整",
    "ceiling": "上限100点の調整",
}


class Japanese(Language):
    code = "ja"
    any_activity = "行動"
    object_name = "ページ・資料名"
    yes_no = ("はい", "いいえ")
    heads = {"all": "次の条件をすべて満たす：", "any": "次の条件のいずれかを満たす："}
    scores = {
        "total": "総合スコア",
        Dimension.FIT: "適合度スコア",
        Dimension.ENGAGEMENT: "関心度スコア",
        Dimension.QUALIFICATION: "案件化度スコア",
    }
    actions = {
        MatrixAction.HAND_OVER: "営業に引き渡す",
        MatrixAction.QUALIFY: "ヒアリングで見極める",
        MatrixAction.NURTURE_MORE: "育成を強化する",
        MatrixAction.NURTURE: "育成を続ける",
        MatrixAction.WAIT: "様子を見る",
    }
    levels = {MatrixLevel.HIGH: "高", MatrixLevel.MIDDLE: "中", MatrixLevel.LOW: "低"}

    # --- joining

    def both(self, parts: list[str]) -> str:
        return "、かつ".join(parts)

    def either(self, parts: list[str]) -> str:
        return "、または".join(parts)

    def listed(self, texts: list[str]) -> str:
        return "、".join(texts)

    def sentences(self, texts: list[str]) -> str:
        return "。".join(texts)

    def bracket(self, text: str) -> str:
        return f"（{text}）"

    def bracketed(self, text: str) -> str:
        return f"（{text}）"

    def quoted(self, text: str) -> str:
        return f"「{text}」"

    def labelled(self, label: str, text: str) -> str:
        return f"{label}：{text}"

    # --- attributes, answers, scores

    def compared(self, subject: str, op: Op, values: list[str], *, denied: bool) -> str:
        if op is Op.NOT_IN or (denied and len(values) > 1):
            return NONE_OF[op].format(subject, side_by_side(values))
        return (DENIED if denied else COMPARED)[op].format(subject, one_of(values))

    def dated(self, subject: str, op: Op, values: list[str], *, denied: bool) -> str:
        if op in (Op.GE, Op.LE):
            return DATED[op].format(subject, one_of(values))
        return self.compared(subject, op, values, denied=denied)

    def ranked(self, subject: str, op: Op, values: list[str]) -> str:
        if op is Op.GT:
            return f"{subject}が{one_of(values)}より上"
        return self.compared(subject, op, values, denied=False)

    def measured(self, subject: str, op: Op, values: list[str], unit: Unit | None) -> str:
        counter = unit.ja if unit else ""
        return self.compared(subject, op, [f"{value}{counter}" for value in values], denied=False)

    def between(self, subject: str, low: tuple[Op, str], high: tuple[Op, str], unit: Unit | None) -> str:
        return f"{subject}が{bounded(low, high, unit.ja if unit else '')}"

    def truth(self, field: str, subject: str, *, is_true: bool) -> str:
        if field == "consent":
            return f"{subject}{'あり' if is_true else 'なし'}"
        return f"{subject}が{self.quoted(self.yes_no[0 if is_true else 1])}"

    def score(self, score: str, op: Op, points: str) -> str:
        return f"{score}が{TIMES[op].format(f'{points}点')}"

    def score_between(self, score: str, low: tuple[Op, str], high: tuple[Op, str]) -> str:
        return f"{score}が{bounded(low, high, '点')}"

    def answer(self, criterion: str, op: Op, values: list[str], within: Duration | None) -> str:
        if op is Op.NOT_IN:
            said = self.compared(f"{criterion}の回答", op, values, denied=False)
        else:
            said = ANSWERED[op].format(criterion, one_of(values))
        return f"{said}（{self.duration(within)}以内の回答）" if within else said

    def segment(self, name: str, *, denied: bool) -> str:
        return f"セグメント「{name}」に{'属さない' if denied else '属する'}"

    def action(self, actions: list[str], *, denied: bool) -> str:
        return f"判断マトリクスの対応が{'または'.join(actions)}{'以外' if denied else ''}"

    def cell(self, cell: MatrixCell) -> str:
        levels = f"関心度{self.levels[cell.engagement]}・案件化度{self.levels[cell.qualification]}"
        return f"{levels}：{self.actions[cell.action]}"

    # --- activities

    def noun(self, code: str) -> str:
        return self.activity_name(code)

    def activities(self, code: str, count: int) -> str:
        return self.noun(code)

    def objects(self, code: str, count: int) -> str:
        known = OBJECTS.get(code)
        return known.name_ja if known else self.noun(code)

    def unit(self, unit: Unit, count: Decimal) -> str:
        return unit.ja

    def points(self, count: Decimal) -> str:
        return "点"

    def activity(self, leaf: ActivityLeaf) -> str:
        span, where = self._lately(leaf.within), self.where(leaf.where)
        noun = self.noun(leaf.activity)
        if leaf.count in NO_COUNTS:
            return f"{span}{noun}{where}がない"
        if leaf.distinct and leaf.count != CountComparison():
            return f"{span}{self._different(leaf, where)}"
        if leaf.count == CountComparison():
            return f"{span}{noun}{where}がある"
        return f"{span}{noun}{where}が{COUNTED[leaf.count.op].format(f'{number(leaf.count.value)}回')}"

    def _different(self, leaf: ActivityLeaf, where: str) -> str:
        kinds, objects = f"{number(leaf.count.value)}種類", OBJECTS.get(leaf.activity)
        if objects is None:
            return f"{self.noun(leaf.activity)}{where}が{COUNTED[leaf.count.op].format(kinds)}"
        between = "" if leaf.count.op is Op.GT else "の"
        return f"{TIMES[leaf.count.op].format(kinds)}{between}{objects.name_ja}{where}{objects.doing_ja}"

    def alike(self, nouns: list[str], leaf: ActivityLeaf, join: Join) -> str:
        span = self._lately(leaf.within)
        if leaf.count in NO_COUNTS:
            return f"{span}{'も'.join(nouns)}もない"
        return f"{span}{('と' if join == 'all' else 'または').join(nouns)}がある"

    def read(self, sign: str, activities: tuple[str, ...], within: Duration | None) -> str:
        said = SIGNS[sign].ja
        if activities == (ANY_ACTIVITY,):
            return f"{self._lately(within)}{said}"
        nouns = [self.noun(activity) for activity in activities]
        if len(nouns) == 1:
            lately = f"{self.duration(within)}以内の" if within else ""
            return f"{lately}{nouns[0]}で{said}"
        named = "・".join(nouns[:SHOWN])
        kinds = f"{named}など{len(nouns)}種類" if len(nouns) > SHOWN else named
        return f"{self._lately(within)}{said}（{kinds}）"

    def saying(self, noun: str, sign: Sign) -> str:
        return f"{noun}（{sign.ja}）"

    def about(self, op: Op, values: list[str]) -> str:
        return ABOUT[op].format("または".join(values))

    def _lately(self, span: Duration | None) -> str:
        return f"{self.duration(span)}以内に" if span else ""

    # --- rules

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
        known = OBJECTS.get(rule.each.activity) if rule.each else None
        about = known.name_ja if known else "ページ・資料"
        said = [RuleDetail("repeat", REPEATS[rule.repeat].format(about))] if rule.repeat in REPEATS else []
        if rule.at_most:
            said.append(RuleDetail("at_most", f"直近{number(rule.at_most)}件まで"))
        if rule.decay and rule.decay.half_life:
            said.append(RuleDetail("decay_length", f"{self.duration(rule.decay.half_life)}ごとに半減"))
        if rule.decay and rule.decay.linear:
            said.append(RuleDetail("decay_length", f"{self.duration(rule.decay.linear)}かけて0点まで減少"))
        if rule.decay and rule.decay.window:
            said.append(RuleDetail("window", f"{self.duration(rule.decay.window)}間有効"))
        if rule.cap is not None:
            said.append(RuleDetail("cap", f"合計{number(rule.cap)}点まで"))
        return [*said, RuleDetail("disabled", "停止中")] if rule.disabled else said

    def group(self, group: Group) -> str:
        said = [self.scores[group.dimension].removesuffix("スコア")]
        if group.min is not None and group.max is not None:
            said.append(f"{span(number(group.min), number(group.max), self.code)}点")
        elif group.min is not None:
            said.append(f"下限{number(group.min)}点")
        elif group.max is not None:
            said.append(f"上限{number(group.max)}点")
        if group.inactivity:
            after, half_life = self.duration(group.inactivity.after), self.duration(group.inactivity.half_life)
            said.append(f"{after}間行動がないと{half_life}ごとに半減")
        return f"{group.name}（{'、'.join(said)}）"

    def hot(self, definition: HotDefinition) -> str:
        said = f"ホットになる条件：{self.condition(definition.when)}"
        if definition.exit_total is not None:
            said += f"。総合スコアが{number(definition.exit_total)}点を超えている間は維持"
        return f"{said}。猶予期間{self.duration(definition.grace)}" if definition.grace else said

    def stage(self, rule: StageRule) -> str:
        return f"{rule.stage.upper()}の条件：{self.condition(rule.when)}"

    def line(self, kind: str, name: str) -> str:
        return LINES[kind].format(name)


def one_of(texts: list[str]) -> str:
    """「A」; 「A」または「B」; 「A」「B」「C」のいずれか."""
    return "または".join(texts) if len(texts) <= 2 else f"{side_by_side(texts)}のいずれか"


def side_by_side(texts: list[str]) -> str:
    return ("" if all(text.endswith("」") for text in texts) else "、").join(texts)


def bounded(low: tuple[Op, str], high: tuple[Op, str], unit: str) -> str:
    """`50〜299名`, or with a bound that does not belong to it `40点以上70点未満`."""
    if (low[0], high[0]) == (Op.GE, Op.LE):
        return f"{low[1]}〜{high[1]}{unit}"
    above = f"{low[1]}{unit}を超え" if low[0] is Op.GT else f"{low[1]}{unit}以上"
    return f"{above}{TIMES[high[0]].format(f'{high[1]}{unit}')}"
