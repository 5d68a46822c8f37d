from __future__ import annotations

import pytest

from web.cleaning.romaji import katakana


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("mori", "モリ"), ("sato", "サト"), ("shimizu", "シミズ"), ("tsuchiya", "ツチヤ"), ("junichi", "ジュニチ"),
        ("kenta", "ケンタ"), ("hattori", "ハットリ"), ("ohno", "オノ"), ("kyoko", "キョコ"), ("honma", "ホンマ"),
        ("homma", "ホンマ"), ("itchi", "イッチ"), ("si", "シ"), ("tu", "ツ"), ("hu", "フ"), ("acme", ""), ("xyz", ""),
        ("", ""), ("田中", ""), ("mori@", ""),
    ],
)  # fmt: skip
def test_latin_letters_are_read_as_a_japanese_name_or_not_at_all(typed: str, read: str) -> None:
    assert katakana(typed) == read
