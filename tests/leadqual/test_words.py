"""The texts keep to docs/words.md: one word for a thing in each language, and one way to write it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from devserver.catalogs import ROOT
from tests.leadqual.words import JAPANESE, Text, modules, pairs, templates, texts, translated

PLACEHOLDER = re.compile(r"%\(\w+\)[+.\d]*[sdf]|%[sd](?!\w)|\{\w*\}")
TAG = re.compile(r"</?[a-z]+>")
NOT_SAID = re.compile(r"^\|(?:[^|]*\|){3}([^|]*)\|$", re.MULTILINE)
# What is typed as it is stands between spaces in Japanese, and keeps its own hyphens and colons.
TYPED = re.compile(
    r"Asia/Tokyo|acme\.co\.jp|\bJPY\b|03-1234-5678|lucide\.dev|import_leads|company\.name|lead\.%\(field\)s"
    r"|external_id|anonymous_id|\bemail\b|\bload\b|%\(name\)s(?= に1)|manage\.py [^”」]*[”」]|・_|\b_\b"
    r"|2026年11月22日|\d{4}-\d\d-\d\d(?:[T ][\d:+]+)?"
    r"|\d+:\d\d-\d+:\d\d(?:, \d+:\d\d-\d+:\d\d)?|\d+:\d\d(?=[. ])"
    r"|\b(?:true|false|14d|36h|each|when|answer|object|approved: 25|problems|properties\.名前)\b"
    r"|\b3(?= のように)|名前: 値"
)
# Dates are the one place of half-width brackets, a list for Django's `yesno` that of commas; the gallery shows a name.
AS_IT_IS = re.compile(r"日\(D\)|日\($|該当,非該当,–|佐藤 花子")
JA = r"[ぁ-んァ-ヶー一-龠]"
# Buttons whose Japanese is no verb.
ALONE = {"保存", "削除", "編集", "検索", "追加", "キャンセル", "ログイン", "ログアウト"}
NAMES_WHAT_IT_OPENS = {
    "メニュー", "その他", "キーボードショートカット", "プロフィール", "対応漏れの確認", "バージョン",
    "対象リード", "引き渡し待ちのリード", "受信中のイベント", "トラッキングプラン",
    "ホットリード条件・関心レベル・ステージ",
}  # fmt: skip
DIRECTION = {"前へ", "次へ"}
CHOICES = {"ライト", "ダーク"}
NOT_PRESSED = {
    "frame/templates/frame/gallery.html": "shows how buttons look, not what they do",
    "handoff/templates/handoff/_news.html": "tells inside the button what came",
}
BUTTON_TABLES = {"handoff/buttons.py"}
VALUE_LAST = re.compile(r"[：:／（]%\(\w+\)[sd]）?$|：%\(\w+\)[sd]（超過）。|^%\(\w+\)s$")
ENDS = ((".", "。"), ("?", "？"))
VERB = re.compile(r"[うくぐすつぬぶむる]$|しない$|を(?:すべて)?[一-龠ァ-ヶーA-Z]+$")
BUTTON = re.compile(r"<(c-button|c-action|button)\b(.*?)(?:/>|</\1>)", re.DOTALL)
MENU = re.compile(r"<c-menu\b[^>]*>(.*?)</c-menu>", re.DOTALL)
TOLD_AFTERWARDS = re.compile(r"data-copied=\"[^\"]*\"")
PRESSED = re.compile(r"\s(?:submit|action)=\"(\{%.*?%\})\"", re.DOTALL)
NAMES = {
    "Asia", "Default", "Demand", "English", "Excel", "Friday", "Japanese", "Lucide", "Monday", "New", "Notifications",
    "Settings", "Shift", "Tokyo", "Waterfall", "Year", "Bearer", "Chatwork", "Latin", "Post", "Slack", "Standard",
    "Teams", "Webhooks", "Workflows", "Idempotency",
}  # fmt: skip


IDIOMS = {"様子を見る"}  # to wait and see: nobody looks at anything


def in_english() -> list[Text]:
    return [text for text in texts() if text.language == "en"]


def in_japanese() -> list[Text]:
    return [text for text in texts() if text.language == "ja"]


def words_not_said() -> list[str]:
    """Those of the last column of the tables."""
    cells = NOT_SAID.findall((ROOT / "docs/words.md").read_text(encoding="utf-8"))
    return [word for cell in cells for word in re.findall(r"`([^`]+)`", cell)]


def says(text: Text, word: str) -> bool:
    """Whether the text has the word; one that begins with = has to be the whole text."""
    words, alone, word = PLACEHOLDER.sub("", text.words), word.startswith("="), word.removeprefix("=")
    if alone:
        return words.strip().lower() == word.lower() and not PLACEHOLDER.search(text.words)
    if JAPANESE.search(word):
        return word in words and text.words not in IDIOMS
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", words.replace("’", "'"), re.IGNORECASE) is not None


def test_the_glossary_says_which_words_are_not_said() -> None:
    words = words_not_said()
    assert {"却下", "=対象", "somebody", "notice"} <= set(words)
    assert sorted(word for word in set(words) if words.count(word) > 1) == []


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_text_says_a_word_that_is_not_said(language: str) -> None:
    words = [word for word in words_not_said() if (JAPANESE.search(word) is not None) == (language == "ja")]
    said = [f"{text.place}: {word}: {text.words}" for text in texts() if text.language == language
            for word in words if says(text, word)]  # fmt: skip
    assert said == []


@pytest.mark.parametrize(
    ("words", "word", "expected"),
    [
        ("Notices for you", "notice", False),
        ("A notice for you", "notice", True),
        ("Ignore %(notice)s", "notice", False),
        ("対象", "=対象", True),
        ("対象リード", "=対象", False),
        ("却下しました。", "却下", True),
    ],
)
def test_a_word_is_found_where_it_is_said(words: str, word: str, expected: bool) -> None:
    assert says(Text("here", "en", words), word) == expected


def pressed() -> Iterator[tuple[str, str | None, str]]:
    """Place, context and English text of every button: of templates, and of the tables that Python draws them from."""
    for path in templates():
        name = path.relative_to(ROOT).as_posix()
        source = TOLD_AFTERWARDS.sub("", path.read_text(encoding="utf-8"))
        for piece in _pieces(source) if name not in NOT_PRESSED else ():
            for context, words in translated(piece):
                yield name, context, words
    for path in modules():
        name, tree = path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))
        for context, words in _translated_in(tree) if name in BUTTON_TABLES else _pressed_in(tree):
            yield name, context, words


def _pieces(source: str) -> list[str]:
    """The buttons of a template, the entries of its menus, and what it gives its forms to be pressed."""
    found = [
        match.group(0)
        for match in BUTTON.finditer(source)
        if not re.search(r"lq-tab|lq-chip|role=\"tab\"", match.group(2))
    ]
    entries = [entry for menu in MENU.findall(source) for entry in re.findall(r"<a\b.*?</a>", menu, re.DOTALL)]
    return [*found, *entries, *PRESSED.findall(source)]


def _pressed_in(tree: ast.Module) -> Iterator[tuple[str | None, str]]:
    """What is given as `submit`, `action` or `add`, bound as a label of buttons, or given to what draws a button."""
    for node in ast.walk(tree):
        given: list[ast.expr] = []
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            given += [each.value for each in node.keywords if each.arg in {"submit", "action", "add"}]
            given += node.args if name == "button" else []
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name | ast.Tuple):
            names = {each.id for each in ast.walk(node.targets[0]) if isinstance(each, ast.Name)}
            given += [node.value] if names & {"save_label", "NEW", "OFF", "ON", "TITLES"} else []
        for expression in given:
            yield from _translated_in(expression)


def _translated_in(expression: ast.AST) -> Iterator[tuple[str | None, str]]:
    for node in ast.walk(expression):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            said = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            if node.func.id in {"_", "gettext", "gettext_lazy"} and said:
                yield None, said[0]
            elif node.func.id in {"pgettext", "pgettext_lazy"} and len(said) == 2:
                yield said[0], said[1]


def buttons() -> list[tuple[str, str, str]]:
    """Place, English and Japanese of every button."""
    japanese = {(pair.context, pair.english): pair.japanese for pair in pairs()}
    return [(place, words, japanese[context, words]) for place, context, words in pressed() if words in KNOWN]


KNOWN = {pair.english for pair in pairs()}


def test_the_buttons_are_found() -> None:
    found = {english for _place, english, _japanese in buttons()}
    assert {"Claim", "Log contact", "Save", "Publish", "Next", "Load demo data", "Record result", "New team"} <= found
    assert len(found) > 100


def test_a_button_is_a_verb_in_japanese() -> None:
    nouns = []
    for place, english, japanese in buttons():
        words = re.sub(r"（[^）]*）$|…$", "", TAG.sub("", japanese))
        if words not in ALONE | NAMES_WHAT_IT_OPENS | DIRECTION | CHOICES and not VERB.search(words):
            nouns.append(f"{place}: {english}: {japanese}")
    assert nouns == []


def test_a_button_ends_without_a_full_stop() -> None:
    assert [button for button in buttons() if button[1].endswith(".") or button[2].endswith("。")] == []


def untyped(text: Text) -> str:
    """The words without what is to be typed as it is."""
    return TAG.sub("", re.sub(rf" ?(?:{TYPED.pattern}) ?", "・", AS_IT_IS.sub("", text.words)))


def wrong(found: list[Text], pattern: str) -> list[str]:
    """The texts in which the pattern occurs, each with its place."""
    return [f"{text.place}: {text.words}" for text in found if re.search(pattern, untyped(text))]


def test_japanese_has_no_space_beside_digits_and_latin_letters() -> None:
    assert wrong(in_japanese(), rf"{JA} [\w%(−]|[\w)%] {JA}|[。、）」：] |%\(\w+\)s {JA}|{JA} %\(") == []


def test_japanese_has_full_width_punctuation() -> None:
    assert wrong(in_japanese(), rf"{JA}[:?!(),]|[:?!,)]{JA}|\w\)s?:[^/\d]") == []


def test_a_minus_is_a_minus() -> None:
    assert wrong(list(texts()), r"(?<![\w%)}-])-(?=\d|%\(|\{)") == []


def test_a_range_has_the_sign_of_its_language() -> None:
    assert wrong(in_english(), r"\d-\d|%\(\w+\)s-%|〜") == []
    assert wrong(in_japanese(), r"\d[-–~～]\d|%\(\w+\)s[-–~～]%|～") == []


def test_no_space_stands_before_a_percent_sign() -> None:
    assert wrong(list(texts()), r"[\ds] %%|\d %(?!\()") == []


def test_english_has_typographic_quotes() -> None:
    assert wrong(in_english(), r"\w'\w|s' |\w\"|\"\w") == []


def test_japanese_keeps_long_vowels() -> None:
    short = r"(?:ユーザ|サーバ|ブラウザ|マネージャ|フォルダ|フォロ|ヘッダ|パラメータ|メンバ|カレンダ)(?!ー)"
    assert wrong(in_japanese(), short) == []


def test_english_is_in_sentence_case() -> None:
    titled = []
    for pair in pairs():
        words = PLACEHOLDER.sub("x", TAG.sub("", pair.english))
        inside = re.findall(r"(?<=[a-z,;] )([A-Z][a-z]+)", words)
        if set(inside) - NAMES:
            titled.append(f"{pair.place}: {pair.english}: {sorted(set(inside) - NAMES)}")
    assert titled == []


def test_a_sentence_ends_alike_in_both_languages() -> None:
    different = []
    for pair in pairs():
        if "例：" in pair.japanese or VALUE_LAST.search(pair.japanese) or pair.english.endswith(":"):
            continue
        ends = [
            (sign in pair.english.rstrip("”)")[-1:], mark in pair.japanese.rstrip("」）")[-1:]) for sign, mark in ENDS
        ]
        if any(english != japanese for english, japanese in ends):
            different.append(f"{pair.place}: {pair.english}: {pair.japanese}")
    assert different == []


def test_what_the_documents_quote_from_the_pages_is_said_there() -> None:
    said = {PLACEHOLDER.sub("…", text.words) for text in in_english()}
    where = [row.split("|")[3] for row in _document("requirements.md").split("\n") if row.startswith("| S")]
    paths = re.findall(
        r"\*\*([^*]+ → [^*]+)\*\*|(?<=under )(Settings > \w+(?: data)?)", _document("import.md", "operations.md")
    )
    pressed_on = [step for path in paths for step in re.split(r" → | > ", "".join(path))]
    quoted = [words for cell in where for words in re.findall("“([^”]+)”", cell)] + pressed_on
    assert len(quoted) > 25
    assert [words for words in quoted if words not in said] == []


def _document(*names: str) -> str:
    return "\n".join((ROOT / "docs" / name).read_text(encoding="utf-8") for name in names)
