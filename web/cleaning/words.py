"""Yes and no, and the words that people write into a cell that is empty."""

from __future__ import annotations

from web.cleaning.text import CleaningError, excerpt, folded

YES_WORDS = (
    "yes y true t 1 on ok agreed opt-in opted-in subscribed はい 有 有り あり 同意 同意する 同意します 同意済 同意済み"
    " 可 許可 承諾 ○ 〇 ◯ ◎ ✓ ✔ ☑ レ 希望する 希望します 希望 必要 済 済み 要"
    " する 受け取る 配信する 配信可 連絡可 オプトイン"
)
NO_WORDS = (
    "no n false f 0 off refused opt-out opted-out unsubscribed いいえ 無 無し なし 不同意 同意しない 不可 拒否 不要 ×"
    " ✕ x ✗ ☐ 希望しない 希望しません 未 しない 受け取らない 配信しない 配信不可 連絡不可 停止 配信停止 オプトアウト"
)
YES, NO = frozenset(YES_WORDS.split()), frozenset(NO_WORDS.split())
# In a column of refusals a plain yes refuses, and so does a word that is a refusal by itself.
REFUSING_WORDS = (
    "yes y true t 1 on はい 有 有り あり ○ 〇 ◯ ◎ ✓ ✔ ☑ レ 必要 済 済み 要 する x × ✕ ✗ 希望する 希望します 希望"
    " refused opt-out opted-out unsubscribed 不同意 同意しない 不可 拒否 不要 受け取らない 配信しない 配信不可 連絡不可"
    " 停止 配信停止 オプトアウト"
)
REFUSING = frozenset(REFUSING_WORDS.split())
# Said for nothing at all. "0" and "no" are answers.
PLACEHOLDERS = frozenset(
    folded(word)
    for word in (
        "-", "--", "---", "ー", "―", "–", "—", "−", "…", "...", "?", "？", "/", "／", "*", "n/a", "na", "#n/a", "n.a.",
        "null", "(null)", "none", "nil", "nan", "undefined", "unknown", "not set", "not specified", "not provided",
        "(blank)", "blank", "(empty)", "empty", "tbd", "select", "--select--", "-- select --", "select one",
        "please select", "(no value)", "no value", "不明", "未定", "未入力", "未回答", "無回答", "非公開",
        "該当なし", "特になし", "選択", "選択なし", "選択してください", "空欄",
        "空白", "#value!", "#ref!", "#name?",
    )
)  # fmt: skip
# Nothing in most columns, an answer where one can say yes or no.
NO_OR_NOTHING = frozenset({"なし", "無し", "無", "ナシ"})


def clean_boolean(text: str) -> bool:
    """Yes or no in either language. Raises `boolean`."""
    word = folded(text)
    if word not in YES and word not in NO:
        raise CleaningError("boolean", value=excerpt(text))
    return word in YES


def clean_refusal(text: str) -> bool:
    """Whether a cell of a column such as “Do not email” or 配信停止 refuses. Raises `boolean`."""
    word = folded(text)
    if word not in YES and word not in NO:
        raise CleaningError("boolean", value=excerpt(text))
    return word in REFUSING


def is_placeholder(text: str) -> bool:
    """Whether a cell says that nothing is known: "-", "N/A", "Select", 不明."""
    return folded(text) in PLACEHOLDERS


def is_no_or_nothing(text: str) -> bool:
    """Whether a cell says なし: an answer where one can say yes or no, else a placeholder."""
    return folded(text) in NO_OR_NOTHING
