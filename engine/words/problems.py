"""The sentence for every problem, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SENTENCES: Mapping[str, tuple[str, str]] = {
    # shape
    "not_a_mapping": ("This must be a set of named values.", "名前と値の組で書いてください。"),
    "unknown_key": ("There is no such entry; these exist: {allowed}.", "この項目はありません。使える項目: {allowed}"),
    "missing": ("This is missing.", "この項目が必要です。"),
    "not_a_list": ("This must be a list.", "リストで書いてください。"),
    "too_many": ("{count} are too many; {limit} are allowed.", "{count}件は多すぎます。上限は{limit}件です。"),
    "empty_list": ("This list is empty.", "リストが空です。"),
    "duplicate_name": ("The name “{name}” is used twice.", "「{name}」という名前が重複しています。"),
    # values
    "not_text": ("This must be text.", "文字列で入力してください。"),
    "unstorable_text": ("This text has a character that cannot be stored.", "保存できない文字が含まれています。"),
    "too_long": ("At most {limit} characters.", "{limit}文字以内で入力してください。"),
    "empty": ("This must not be empty.", "空にはできません。"),
    "not_a_number": ("This must be a number.", "数値で入力してください。"),
    "not_finite": ("This must be a finite number.", "有限の数値で入力してください。"),
    "not_a_whole_number": ("This must be a whole number.", "整数で入力してください。"),
    "out_of_range": ("This must be between {low} and {high}.", "{low}から{high}までの値にしてください。"),
    "not_a_boolean": ("This must be true or false.", "true か false で入力してください。"),
    "not_a_choice": ("Choose one of: {choices}.", "次のいずれかを選んでください: {choices}"),
    "not_a_duration": ("Write a duration such as 14d or 36h.", "期間は 14d や 36h のように書いてください。"),
    "duration_out_of_range": (
        "A duration is longer than nothing and at most {limit} days.",
        "期間は0より長く、{limit}日以内にしてください。",
    ),
    "not_a_date": ("Write a date as 2026-06-01.", "日付は 2026-06-01 の形で書いてください。"),
    "no_such_date": ("This date does not exist.", "存在しない日付です。"),
    "not_an_instant": (
        "Write a date as 2026-06-01, or a time as 2026-06-01T10:00:00+09:00.",
        "日付は 2026-06-01、日時は 2026-06-01T10:00:00+09:00 の形で書いてください。",
    ),
    "instant_without_offset": ("A time needs its offset, such as +09:00.", "日時には +09:00 のような時差が必要です。"),
    "not_a_value": ("This cannot be compared with anything.", "比較できない値です。"),
    "value_not_wanted": ("“{op}” takes no value.", "「{op}」に値は要りません。"),
    "unknown_timezone": ("There is no such time zone.", "存在しないタイムゾーンです。"),
    # conditions and rules
    "too_deep": ("Conditions may be nested {limit} deep.", "条件の入れ子は{limit}段までです。"),
    "too_many_leaves": (
        "{count} conditions are too many; {limit} are allowed.",
        "条件が{count}個あります。上限は{limit}個です。",
    ),
    "too_many_rules": (
        "{count} rules are too many; {limit} are allowed.",
        "ルールが{count}個あります。上限は{limit}個です。",
    ),
    "not_one_kind": ("Write exactly one of: {kinds}.", "次のうち1つだけを書いてください: {kinds}"),
    "each_or_when": (
        "A rule has exactly one of “each”, “when” and “answer”.",
        "ルールには each、when、answer のうち1つだけを書いてください。",
    ),
    "only_with_each": ("This belongs to a rule with “each”.", "each のルールでだけ使えます。"),
    "only_what_fades": ("This belongs to a rule with “each” or “answer”.", "each か answer のルールでだけ使えます。"),
    "not_points_by_option": (
        "Write the points of each answer beside its code, such as approved: 25.",
        "回答のコードごとに点数を approved: 25 のように書いてください。",
    ),
    "duplicate_cell": (
        "This cell of the matrix has an action already.",
        "マトリクスのこのマスには、すでに対応が書かれています。",
    ),
    "empty_decay": ("Say how the points fade, or leave this out.", "減衰の方法を指定するか、項目ごと省いてください。"),
    "two_decays": ("Choose either a half-life or a linear decay.", "半減期と直線減衰はどちらか一方にしてください。"),
    "min_above_max": ("The lower bound is above the upper one.", "下限が上限を超えています。"),
    "thresholds_rise": ("“{lower}” must not be above “{upper}”.", "「{lower}」は「{upper}」以下にしてください。"),
    # against the catalog
    "unknown_field": ("There is no field “{field}”.", "「{field}」という項目はありません。"),
    "unknown_where_field": (
        "An activity has “object” and “properties.NAME”, not “{field}”.",
        "行動で使えるのは object と properties.名前 です（「{field}」は使えません）。",
    ),
    "unknown_activity": ("There is no activity type “{activity}”.", "「{activity}」という行動の種類はありません。"),
    "unknown_criterion": ("There is no criterion “{criterion}”.", "「{criterion}」という評価項目はありません。"),
    "unknown_option": (
        "There is no answer “{option}”; these exist: {options}.",
        "「{option}」という回答はありません。使える回答: {options}",
    ),
    "no_matrix": (
        "Only a hot definition or a stage of a model with a decision matrix can ask for its action.",
        "対応を条件に使えるのは、判断マトリクスを持つモデルのホットリード条件とステージの条件だけです。",
    ),
    "action_nowhere": (
        "No cell of the decision matrix leads to: {actions}.",
        "判断マトリクスのどのマスにもない対応です: {actions}",
    ),
    "unknown_segment": ("There is no segment “{segment}”.", "「{segment}」というセグメントはありません。"),
    "segment_circle": ("The segment “{segment}” leads back to itself.", "セグメント「{segment}」が循環しています。"),
    "segment_too_large": (
        "Written out, the segment “{segment}” has more than {limit} conditions.",
        "セグメント「{segment}」を展開すると条件が{limit}個を超えます。",
    ),
    "segment_unsound": (
        "The segment “{segment}” has a problem of its own, or looks at scores.",
        "セグメント「{segment}」自体に問題があるか、スコアを参照しています。",
    ),
    "score_in_rule": (
        "A rule cannot look at the score it makes; hot definitions and stages can.",
        "ルールの中ではスコアを参照できません（ホットリード条件とステージの条件では使えます）。",
    ),
    "stage_of_itself": (
        "A stage cannot depend on the stage that a lead is in.",
        "ステージの条件に、リードの今のステージは使えません。",
    ),
    "operator_not_offered": (
        "“{op}” does not fit here; these do: {allowed}.",
        "ここで「{op}」は使えません。使えるもの: {allowed}",
    ),
}


def sentence(code: str, params: Mapping[str, Any], language: str) -> str:
    """The words of a problem; lists in it are joined as the language does."""
    english, japanese = SENTENCES[code]
    comma = "、" if language == "ja" else ", "
    said = {name: comma.join(map(str, value)) if isinstance(value, list) else value for name, value in params.items()}
    return (japanese if language == "ja" else english).format_map(said)
