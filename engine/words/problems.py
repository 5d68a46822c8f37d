"""The sentence for every problem, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.measures import number

SENTENCES: Mapping[str, tuple[str, str]] = {
    # shape
    "not_a_mapping": ("Write names and values, such as points: 10.", "「名前: 値」の形で書いてください。"),
    "unknown_key": ("Unknown entry. Available: {allowed}.", "この項目はありません。使える項目：{allowed}"),
    "missing": ("Required. Add it.", "必須です。追加してください。"),
    "not_a_list": ("Write a list, one “- ” entry per line.", "リストで書いてください。"),
    "too_many": ("{count} is too many. The limit is {limit}.", "{count}件あります。上限は{limit}件です。"),
    "empty_list": ("This list is empty. Add at least one entry.", "リストが空です。1件以上入力してください。"),
    "duplicate_name": (
        "The name “{name}” is used twice. Rename one.",
        "「{name}」という名前が重複しています。どちらかを変更してください。",
    ),
    # values
    "not_text": ("Enter text.", "テキストで入力してください。"),
    "unstorable_text": (
        "This text contains a character that can’t be saved. Remove it.",
        "保存できない文字が含まれています。削除してください。",
    ),
    "too_long": ("Enter at most {limit} characters.", "{limit}文字以内で入力してください。"),
    "empty": ("Required. Enter it.", "必須です。入力してください。"),
    "not_a_number": ("Enter a number.", "数値で入力してください。"),
    "not_finite": ("Enter an ordinary number.", "通常の数値を入力してください。"),
    "not_a_whole_number": ("Enter a whole number.", "整数で入力してください。"),
    "out_of_range": ("Enter a value from {low} to {high}.", "{low}〜{high}の範囲で入力してください。"),
    "not_a_boolean": ("Enter true or false.", "true か false で入力してください。"),
    "not_a_choice": ("Choose one of: {choices}.", "次のいずれかを選択してください：{choices}"),
    "not_a_duration": ("Write a duration such as 14d or 36h.", "期間は 14d や 36h のように書いてください。"),
    "duration_out_of_range": (
        "Enter a duration of up to {limit} days, more than 0.",
        "期間は{limit}日以内で、0より長くしてください。",
    ),
    "not_a_date": ("Write a date as 2026-06-01.", "日付は 2026-06-01 の形で書いてください。"),
    "no_such_date": ("This date doesn’t exist. Check it.", "存在しない日付です。確認してください。"),
    "not_an_instant": (
        "Write a date as 2026-06-01, or a time as 2026-06-01T10:00:00+09:00.",
        "日付は 2026-06-01、日時は 2026-06-01T10:00:00+09:00 の形で書いてください。",
    ),
    "instant_without_offset": ("Add a time zone, such as +09:00.", "日時に時差（例：+09:00）を付けてください。"),
    "not_a_value": ("Enter a value that can be compared.", "比較できる値を入力してください。"),
    "value_not_wanted": ("“{op}” has no value. Remove it.", "「{op}」では値を指定できません。値を削除してください。"),
    "unknown_timezone": (
        "Unknown time zone. Write it like Asia/Tokyo.",
        "不明なタイムゾーンです。Asia/Tokyo のように入力してください。",
    ),
    # conditions and rules
    "too_deep": (
        "Conditions can be nested up to {limit} levels. Use fewer.",
        "条件の入れ子は{limit}段までです。段を減らしてください。",
    ),
    "too_many_leaves": (
        "{count} conditions are too many. The limit is {limit}.",
        "条件が{count}件あります。上限は{limit}件です。",
    ),
    "too_many_rules": (
        "{count} rules are too many. The limit is {limit}.",
        "ルールが{count}件あります。上限は{limit}件です。",
    ),
    "not_one_kind": ("Write exactly one of: {kinds}.", "次のうち1つだけを書いてください：{kinds}"),
    "each_or_when": (
        "Write exactly one of “each”, “when” and “answer” in a rule.",
        "ルールには each、when、answer のうち1つだけを書いてください。",
    ),
    "only_with_each": (
        "Only rules with “each” can use this. Remove it.",
        "each のルールでだけ使えます。削除してください。",
    ),
    "only_what_fades": (
        "Only rules with “each” or “answer” can use this. Remove it.",
        "each か answer のルールでだけ使えます。削除してください。",
    ),
    "not_points_by_option": (
        "Write the points of each answer next to its code, such as approved: 25.",
        "回答のコードごとに点数を approved: 25 のように書いてください。",
    ),
    "duplicate_cell": (
        "This matrix cell already has an action. Remove one.",
        "このマスには、すでに対応が設定されています。どちらかを削除してください。",
    ),
    "empty_decay": ("Set a decay, or remove this.", "点数の減り方を指定するか、この項目を削除してください。"),
    "two_decays": (
        "Choose either a half-life or a linear decay.",
        "「一定期間ごとに半減」と「0点まで減る」は、どちらか一方にしてください。",
    ),
    "min_above_max": (
        "The minimum is above the maximum. Swap or change them.",
        "下限が上限を超えています。どちらかを直してください。",
    ),
    "thresholds_rise": (
        "“{lower}” can’t be above “{upper}”. Change one.",
        "「{lower}」は「{upper}」以下にしてください。",
    ),
    # against the catalog
    "unknown_field": (
        "No field “{field}”. Use an existing one.",
        "「{field}」という項目はありません。既存の項目を使ってください。",
    ),
    "unknown_where_field": (
        "Use “object” or “properties.NAME” instead of “{field}”.",
        "「{field}」は使えません。object か properties.名前 を使ってください。",
    ),
    "unknown_activity": (
        "No activity type “{activity}”. Use an existing one.",
        "「{activity}」という行動の種類はありません。既存の種類を使ってください。",
    ),
    "unknown_criterion": (
        "No criterion “{criterion}”. Use an existing one.",
        "「{criterion}」という評価項目はありません。既存の評価項目を使ってください。",
    ),
    "unknown_option": (
        "No answer “{option}”. Available: {options}.",
        "「{option}」という回答はありません。使える回答：{options}",
    ),
    "no_matrix": (
        "Matrix actions work only in hot definitions and stages of a model with a decision matrix. Add a matrix.",
        "「マトリクスの対応」を条件に使えるのは、判断マトリクスを使うモデルのホットリード条件とステージだけです。マトリクスを追加してください。",
    ),
    "action_nowhere": ("No matrix cell has: {actions}.", "判断マトリクスのどのマスにもない対応です：{actions}"),
    "unknown_segment": (
        "No segment “{segment}”. Use an existing one.",
        "「{segment}」というセグメントはありません。既存のセグメントを使ってください。",
    ),
    "segment_circle": (
        "Segment “{segment}” refers to itself. Remove that.",
        "セグメント「{segment}」が自分自身を参照しています。その条件を削除してください。",
    ),
    "segment_too_large": (
        "Written out, segment “{segment}” has more than {limit} conditions. Shorten it.",
        "セグメント「{segment}」を展開すると条件が{limit}件を超えます。条件を減らしてください。",
    ),
    "segment_unsound": (
        "Segment “{segment}” has problems, or uses scores. Fix it first.",
        "セグメント「{segment}」に問題があるか、スコアを使っています。先に直してください。",
    ),
    "score_in_rule": (
        "Rules can’t use scores. Hot definitions and stages can.",
        "ルールではスコアを使えません（ホットリード条件とステージでは使えます）。",
    ),
    "stage_of_itself": (
        "Stage rules can’t use the lead’s stage. Use other fields.",
        "ステージの条件には、リードの現在のステージを使えません。別の項目を使ってください。",
    ),
    "operator_not_offered": (
        "“{op}” can’t be used here. Available: {allowed}.",
        "ここでは「{op}」を使えません。使えるもの：{allowed}",
    ),
}


def sentence(code: str, params: Mapping[str, Any], language: str) -> str:
    """The words of a problem; lists in it are joined as the language does, numbers written for people."""
    english, japanese = SENTENCES[code]
    comma = "、" if language == "ja" else ", "
    said: dict[str, object] = {}
    for name, value in params.items():
        if isinstance(value, list):
            value = comma.join(map(str, value))
        said[name] = number(value) if isinstance(value, int | float | Decimal) else value
    return (japanese if language == "ja" else english).format_map(said)
