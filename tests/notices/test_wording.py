"""Words are made when they are read, from kind and params."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from notices import kinds
from notices.kinds import NoticeKind, register_notice_kinds
from notices.wording import one_line, words_of
from web.drawing import icon


def test_a_text_in_two_languages_follows_the_reader():
    params = {"by": "Ren", "lead": "Acme", "reason_en": "No budget", "reason_ja": "予算がない"}
    with translation.override("en"):
        assert words_of("handoff.rejected", params).line == "Ren rejected Acme: No budget"
    with translation.override("ja"):
        assert "予算がない" in words_of("handoff.rejected", params).line


def test_a_missing_param_is_a_dash_and_never_an_error():
    with translation.override("en"):
        assert words_of("handoff.hot", {}).line == "– is hot (– points)"


def test_a_kind_that_is_gone_stays_readable():
    with translation.override("en"):
        assert words_of("no.longer", {"lead": "x"}).line == "Something has changed."


def test_a_percent_sign_in_a_name_is_only_a_percent_sign():
    with translation.override("en"):
        assert words_of("handoff.hot", {"lead": "100 %(score)s", "score": 5}).line == "100 %(score)s is hot (5 points)"


def test_a_kind_is_registered_once():
    with pytest.raises(ValueError, match=r"handoff\.hot is registered twice"):
        register_notice_kinds(NoticeKind(code="handoff.hot", topic=kinds.OTHER, line="again"))


@pytest.mark.parametrize("code", sorted(kinds._kinds))
@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_kind_has_an_icon_and_words_that_can_be_filled(code, language):
    with translation.override(language):
        words = words_of(code, {"lead": "L", "due_at": "2026-11-22T01:00:00+00:00"})
        shared = words_of(code, {"lead": "L"}, shared=True)
    assert "<svg" in icon(words.icon)
    assert "%(" not in words.line + words.body + shared.line + shared.body


@pytest.mark.parametrize("code", sorted(kinds._kinds))
def test_what_many_read_speaks_to_nobody(code):
    if kinds.kind_of(code).topic.is_personal:
        return
    with translation.override("en"):
        shared = words_of(code, {}, shared=True)
    assert not re.search(r"\byou\b|\byour\b|yourself", f"{shared.line} {shared.body}", re.IGNORECASE)


def test_one_line_has_no_breaks_and_no_control_characters():
    assert one_line("a\r\nb\tc\x00d\u2029e") == "a b c d e"
