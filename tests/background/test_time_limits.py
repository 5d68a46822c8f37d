"""A question that takes too long is given up, in words, and leaves the connection as it was."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import HttpRequest
from django.utils import translation

from background.time_limits import TooSlowError, time_limit
from frame.errors import PatienceMiddleware

pytestmark = pytest.mark.django_db


def ask(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return str(cursor.fetchone()[0])


def test_a_slow_statement_is_given_up_and_the_next_one_runs() -> None:
    before = ask("SHOW statement_timeout")
    with pytest.raises(TooSlowError, match="This took too long with your data"), time_limit(0.05):
        ask("SELECT pg_sleep(5)")
    assert ask("SHOW statement_timeout") == before


def test_many_quick_statements_share_the_time() -> None:
    asked: list[str] = []
    with pytest.raises(TooSlowError), time_limit(0.3):
        asked.extend(ask("SELECT pg_sleep(0.05), 1") for _ in range(1000))
    assert len(asked) < 10


def test_what_is_quick_enough_is_left_alone() -> None:
    before = ask("SHOW statement_timeout")
    with time_limit(5):
        assert ask("SELECT 1") == "1"
    assert ask("SHOW statement_timeout") == before


def test_any_page_answers_in_words_of_both_languages() -> None:
    request = HttpRequest()
    words = []
    for language in ("en", "ja"):
        with translation.override(language):
            answer = PatienceMiddleware(lambda _: None).process_exception(request, TooSlowError())  # type: ignore[arg-type,return-value]
            assert answer is not None
            words.append((answer.status_code, answer.content.decode()))  # type: ignore[attr-defined]
    assert ["This took too long" in words[0][1], "時間がかかりすぎ" in words[1][1]] == [True, True]
    assert {status for status, _words in words} == {422}
    assert PatienceMiddleware(lambda _: None).process_exception(request, ValueError()) is None  # type: ignore[arg-type,return-value]
