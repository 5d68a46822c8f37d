"""Japanese names typed in Latin letters, read as katakana: who types “mori” finds モリ."""

from __future__ import annotations

ROWS = {
    "": "アイウエオ", "k": "カキクケコ", "s": "サシスセソ", "t": "タチツテト", "n": "ナニヌネノ", "h": "ハヒフヘホ",
    "m": "マミムメモ", "r": "ラリルレロ", "g": "ガギグゲゴ", "z": "ザジズゼゾ", "d": "ダヂヅデド", "b": "バビブベボ",
    "p": "パピプペポ",
}  # fmt: skip
SYLLABLES = {f"{head}{vowel}": kana for head, row in ROWS.items() for vowel, kana in zip("aiueo", row, strict=True)}
SYLLABLES |= {"ya": "ヤ", "yu": "ユ", "yo": "ヨ", "wa": "ワ", "wo": "ヲ", "ji": "ジ", "fu": "フ", "vu": "ヴ"}
SYLLABLES |= {"shi": "シ", "chi": "チ", "tsu": "ツ", "she": "シェ", "che": "チェ", "je": "ジェ", "ti": "ティ"}
SYLLABLES |= {"fa": "ファ", "fi": "フィ", "fe": "フェ", "fo": "フォ"}
GLIDES = {"ky": "キ", "gy": "ギ", "ny": "ニ", "hy": "ヒ", "by": "ビ", "py": "ピ", "my": "ミ", "ry": "リ"}
GLIDES |= {"sh": "シ", "ch": "チ", "j": "ジ", "sy": "シ", "ty": "チ", "zy": "ジ", "jy": "ジ", "cy": "チ"}
SYLLABLES |= {
    f"{head}{vowel}": kana + small
    for head, kana in GLIDES.items()
    for vowel, small in zip("auo", "ャュョ", strict=True)
}
VOWELS = "aiueo"


def katakana(word: str) -> str:
    """The word as katakana; "" for what is no Japanese in Latin letters. Letters are small; o and u are read short."""
    kana, at = "", 0
    while at < len(word):
        syllable = next((word[at : at + size] for size in (3, 2, 1) if word[at : at + size] in SYLLABLES), "")
        if syllable:
            kana, at = kana + SYLLABLES[syllable], at + len(syllable)
        elif word[at] in "nm" and (at + 1 == len(word) or word[at + 1] not in f"{VOWELS}y"):
            kana, at = kana + "ン", at + 1
        elif word[at : at + 2] == "tc" or (word[at].isalpha() and word[at : at + 1] == word[at + 1 : at + 2]):
            kana, at = kana + "ッ", at + 1
        elif word[at] == "h" and at and word[at - 1] == "o":  # Ohno, Satoh
            at += 1
        else:
            return ""
    return kana
