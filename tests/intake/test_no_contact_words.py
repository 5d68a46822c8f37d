"""Words that wish no contact at all are read as that; words that choose a way or a time are not."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command

from intake.enquiries import read_enquiry

BANS = """
We wanted a quote for 30 seats. Please never contact us again.
We asked for a quote but no longer need it, please never contact us.
Please never call me back again
Stop contacting us.
Please do not contact me anymore.
Do not contact me.
DON’T CONTACT US AGAIN!
Please remove me from your mailing list.
Take us off your list
unsubscribe me
I want to unsubscribe
Could you stop sending me newsletters?
I do not want to receive your emails.
no more emails please
Leave me alone
見積もりをお願いしましたが不要です。今後一切連絡しないでください。
今後一切連絡しないでください。営業電話は迷惑です。
連絡しないで
連絡しないでもらえますか？
連絡不要です。
今後のご連絡はご遠慮ください。
もう連絡してこないでください
二度と電話してこないで
電話はしないで
お電話はしないでください。
今後一切の連絡を拒否します
配信停止してください
メルマガの配信停止をお願いします。
リストから削除してください。
""".strip().splitlines()
NO_BANS = """
no need to call, mail is fine
No need to call, just email me the quote.
Please don't call, email me the quote.
I'd prefer email, please don't call.
Please do not contact me by phone, email is fine.
Please don't call, I'm on leave.
Please don't call before Monday.
You never called me back.
If you no longer wish to hear from us, click unsubscribe.
Can users unsubscribe from the newsletter in your tool?
電話ではなくメールでお願いします。
電話は不要です。メールで見積もりをお願いします。
今後の電話は不要です。メールでお願いします。
資料だけ送ってください。電話はしないでください。
急ぎではないのでご連絡は不要です。資料だけください。
今週は連絡しないでください。
会社には連絡しないでください。携帯にお願いします。
連絡が不要の場合は配信停止とご返信ください。
配信停止機能はありますか
""".strip().splitlines()


@pytest.mark.parametrize("text", BANS)
def test_words_that_wish_no_contact_win_over_all_that_is_asked_for(text: str) -> None:
    read = read_enquiry(text)
    assert read.forbids_contact
    assert (read.kind, read.temperature, read.quote, read.wants) == ("enquiry", "cold", False, ())
    assert "no_contact" in read.refuses
    assert "contact_ban" in {tells for _begin, _end, tells in read.spans}


@pytest.mark.parametrize("text", NO_BANS)
def test_a_way_or_a_time_that_is_wished_for_and_words_about_others_forbid_nothing(text: str) -> None:
    assert not read_enquiry(text).forbids_contact


@pytest.mark.parametrize(
    "text", ["Please don't call, email me the quote.", "電話は不要です。メールで見積もりをお願いします。"]
)
def test_who_wants_the_quote_by_mail_stays_a_buyer(text: str) -> None:
    read = read_enquiry(text)
    assert (read.temperature, read.quote) == ("hot", True)


@pytest.mark.parametrize(
    "text", ["見積もりをお願いしましたが不要です。", "We asked for a quote but no longer need it."]
)
def test_a_quote_that_the_same_sentence_takes_back_is_not_asked_for(text: str) -> None:
    read = read_enquiry(text)
    assert (read.temperature, read.quote, "no_quote" in read.refuses) == ("cold", False, True)


@pytest.mark.parametrize(
    "text", ["見積もりをお願いしますが、訪問は不要です。", "見積もりを依頼しましたが、急ぎは不要です。"]
)
def test_a_quote_stands_where_something_else_is_not_needed(text: str) -> None:
    assert read_enquiry(text).quote


def test_the_command_says_so_in_both_languages() -> None:
    said = {}
    for language in ("en", "ja"):
        out = io.StringIO()
        call_command("read_enquiry", "Please remove me from your mailing list.", "--language", language, stdout=out)
        said[language] = out.getvalue().splitlines()[0]
    assert said["en"] == "Enquiry · No plans · Asks never to be contacted"
    assert said["ja"].endswith("今後の連絡を拒否")
