"""What is read in people's own words, in Japanese and English (S48, S97, S116)."""

from __future__ import annotations

import subprocess
import sys
import time
import unicodedata

import pytest

from intake.enquiries import read_enquiry
from intake.enquiries.folded_text import fold
from intake.enquiries.numbers import number
from intake.enquiries.reader import READ_AT_MOST
from leads.enquiry import LONGEST, RESERVED, enquiry_of, with_reading

# text | temperature | headcount | timing | c: comparison, q: quote
READ = """
30名での導入を検討中です                               | hot     | 30   |                 |
検討はしていません                                     | cold    |      |                 |
資料ください                                           | neutral |      |                 |
他社製品と比較しています                               | hot     |      |                 | c
サービスAのお見積りをお願いします                      | hot     |      |                 | q
I want service A, please quote                         | hot     |      |                 | q
8000個の単価は？                                       | hot     |      |                 | q
8000 sets unit price?                                  | hot     |      |                 | q
can you add this function?                             | hot     |      |                 | q
材質をセラミックに変更できますか                       | hot     |      |                 | q
在庫ありますか今すぐ                                   | hot     |      | now             | q
stock now?                                             | hot     |      | now             | q
検討していない                                         | cold    |      |                 |
まだ予定はありません                                   | cold    |      |                 |
導入予定はございません                                 | cold    |      |                 |
We are not considering it                              | cold    |      |                 |
We aren't planning to buy anything this year           | cold    |      | this_year       |
３０名で検討しています                                 | hot     | 30   |                 |
三十名での利用を検討しております                       | hot     | 30   |                 |
約50人で使いたいです                                   | hot     | 50   |                 |
We need a tool for 50 people                           | hot     | 50   |                 |
We are a team of 12 and want to start using it         | hot     | 12   |                 |
We are looking for a CRM for 30 users                  | hot     | 30   |                 |
来月から導入予定です                                   | hot     |      | next_month      |
今期中に導入したいと考えています                       | hot     |      | this_term       |
We plan to implement within 3 months                   | hot     |      | within_3_months |
2026年4月から利用予定です                              | hot     |      | 2026-04         |
３か月以内に使い始めたい                               | hot     |      | within_3_months |
半年以内に入れ替え予定                                 | hot     |      | within_6_months |
4月から使いたいのですが                                | hot     |      | month_04        |
Rollout planned, we plan a rollout for 40 people.      | hot     | 40   |                 |
We compare you with two other products.                | hot     |      |                 | c
We are switching from another tool                     | hot     |      |                 | c
競合製品と比べて検討中                                 | hot     |      |                 | c
相見積もりを取っています                               | hot     |      |                 | c
A社からの乗り換えを考えています                        | hot     |      |                 | c
他社とは比較していません                               | neutral |      |                 |
興味があります                                         | neutral |      |                 |
面白そうですね                                         | neutral |      |                 |
いつか検討するかもしれません                           | neutral |      |                 |
いずれ導入を検討したいと思います                       | neutral |      |                 |
情報収集のため拝見しました                             | neutral |      |                 |
We might consider it someday                           | neutral |      |                 |
Maybe we are considering this for 30 users             | neutral | 30   |                 |
Just browsing, thanks                                  | neutral |      |                 |
Interesting product!                                   | neutral |      |                 |
I would like to see the documentation.                 | neutral |      |                 |
Please send me the brochure                            | neutral |      |                 |
資料を拝見したいです。                                 | neutral |      |                 |
社員300名の会社です                                    | neutral | 300  |                 |
社員300名の会社ですが、30名で導入を検討しています      | hot     | 30   |                 |
30名ではなく50名で導入予定です                         | hot     | 50   |                 |
見積は不要です                                         | cold    |      |                 |
We do not need a quote                                 | cold    |      |                 |
お見積りをいただけませんか                             | hot     |      |                 | q
すみません、見積書を送ってください                     | hot     |      |                 | q
急ぎではありませんが、概算見積をお願いします           | hot     |      |                 | q
見積書を受け取りました、ありがとうございます           | neutral |      |                 |
お見積りをお願いするかもしれません                     | neutral |      |                 |
見積作成システムを探しています                         | neutral |      |                 |
1,000個発注したいのですが納期はいつですか              | hot     |      |                 | q
価格を教えてください                                   | hot     |      |                 | q
100ライセンスでいくらになりますか                      | hot     | 100  |                 | q
How much is it for 25 seats?                           | hot     | 25   |                 | q
What would be the price for twelve users?              | hot     | 12   |                 | q
Could you customize the color?                         | hot     |      |                 | q
Can you add me to the mailing list?                    | neutral |      |                 |
Do you have 500 pcs in stock?                          | hot     |      |                 | q
We are ready to place an order                         | hot     |      |                 | q
この機能の導入予定はありますか                         | neutral |      |                 |
検討しましたが、今回は見送ることになりました           | cold    |      |                 |
A社の導入予定はありませんが、御社製品を30名で検討中です | hot    | 30   |                 |
We are not interested                                  | cold    |      |                 |
No plans at the moment                                 | cold    |      |                 |
We have no ERP and are considering yours               | hot     |      |                 |
来月までに導入しなければなりません、検討中です         | hot     |      | next_month      |
他社に決まりました                                     | cold    |      |                 |
ｻｰﾋﾞｽＡを２００名で導入検討しています                  | hot     | 200  |                 |
1万人規模での導入を計画しています                      | hot     | 10000 |                |
Thank you for the quote                                | neutral |      |                 |
お世話になっております                                 | neutral |      |                 |
今は検討していませんが来期に導入を検討予定です         | hot     |      | next_term       |
Can't you send me a quotation?                         | hot     |      |                 | q
Not urgent, but please quote 500 pcs                   | hot     |      |                 | q
ご検討のほどよろしくお願いします                       | neutral |      |                 |
一人ひとりに合わせたい                                 | neutral |      |                 |
ASAP: we need 3 licenses                               | hot     | 3    | now             |
in April 2026 we plan to switch from Acme              | hot     |      | 2026-04         | c
"""


def rows() -> list[tuple[str, ...]]:
    cells = [[cell.strip() for cell in line.split("|")] for line in READ.strip().splitlines()]
    return [(text, temperature, count, timing, (*flags, "")[0]) for text, temperature, count, timing, *flags in cells]


@pytest.mark.parametrize(("text", "temperature", "headcount", "timing", "flags"), rows())
def test_a_sentence_is_read(text: str, temperature: str, headcount: str, timing: str, flags: str) -> None:
    read = read_enquiry(text)
    told = (read.temperature, read.headcount, read.timing, read.comparison, read.quote)
    assert told == (temperature, int(headcount) if headcount else None, timing, "c" in flags, "q" in flags)


@pytest.mark.parametrize(
    "text",
    ["電気料金を見直しませんか？弊社なら15%削減できます。お見積りは無料です。",
     "Want to cut your software costs in half? Our platform replaces five tools. Book a demo today!",
     "貴社の新規開拓をお手伝いいたします。デモをご覧いただけませんか。",
     "We are a manufacturer of LED lights. Please find our best prices attached, we can quote within a day."],
)  # fmt: skip
def test_a_sales_pitch_is_neither_hot_nor_in_the_fast_lane(text: str) -> None:
    read = read_enquiry(text)
    assert (read.kind, read.temperature, read.quote, read.wants) == ("pitch", "neutral", False, ())


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("貴社の営業職の求人を拝見し、応募させていただきたくご連絡いたしました。", "job"),
        ("I would like to apply for the position of sales manager.", "job"),
        ("ログインできません。パスワードを再設定したいです。", "support"),
        ("My order arrived damaged, I want a refund.", "support"),
        ("取材のお願いです。代表にインタビューさせていただきたく存じます。", "other"),
        ("30名での導入を検討中です", "enquiry"),
    ],
)
def test_who_writes_is_told(text: str, kind: str) -> None:
    read = read_enquiry(text)
    assert (read.kind, read.temperature == "hot") == (kind, kind == "enquiry")


@pytest.mark.parametrize(
    ("text", "temperature", "wants", "refuses"),
    [
        ("打ち合わせはオンラインで結構です。お見積りをお願いいたします。", "hot", ["quote"], []),
        ("導入を検討しています。打ち合わせはオンラインで結構です。", "hot", [], []),
        ("紙の資料は不要です。30名での導入を検討しています。", "hot", [], ["no_documents"]),
        ("Our current vendor no longer supports us, so we are evaluating alternatives.", "hot", [], []),
        ("We don't need onboarding, just the price for the basic plan.", "hot", ["quote"], []),
        ("デモは結構ですので、パンフレットだけいただけますか。", "neutral", ["documents"], ["no_demo"]),
        ("前回は見送りましたが、予算が取れたので改めて導入を検討しています。", "hot", [], []),
    ],
)
def test_a_polite_no_to_something_else_leaves_a_buyer_hot(
    text: str, temperature: str, wants: list[str], refuses: list[str]
) -> None:
    read = read_enquiry(text)
    assert (read.temperature, [*read.wants], [*read.refuses]) == (temperature, wants, refuses)


@pytest.mark.parametrize(
    "text",
    ["見積もりの件はキャンセルでお願いします。", "先日お願いした見積もりですが、取り下げさせてください。",
     "Please disregard my request for a quote.", "見積もりは必要なくなりました。"],
)  # fmt: skip
def test_a_quote_that_is_called_off_opens_no_hand_off(text: str) -> None:
    read = read_enquiry(text)
    assert (read.quote, read.temperature, "no_quote" in read.refuses) == (False, "cold", True)


@pytest.mark.parametrize(
    ("text", "headcount", "most"),
    [("30〜50名で使う予定です", 30, 50),
     ("30名から50名での導入を検討しています", 30, 50), ("between 30 and 50 users", 30, 50),
     ("数十名規模での導入を考えております", 20, None), ("how much for twenty-five users?", 25, None),
     ("30 seatsで見積もりお願いします", 30, None), ("従業員は300名ですが、まず30名で導入したいです", 30, None),
     ("500 employees but only 60 would use it, what would that cost?", 60, None)],
)  # fmt: skip
def test_of_a_range_of_people_the_lower_end_counts_and_the_upper_is_told(
    text: str, headcount: int, most: int | None
) -> None:
    read = read_enquiry(text)
    assert (read.headcount, read.headcount_to) == (headcount, most)


def test_each_clause_that_tells_something_is_named() -> None:
    text = "紙の資料は不要ですが、30名分のお見積りをお願いします。"
    clauses = read_enquiry(text).clauses
    assert [(text[begin:end], kind) for begin, end, kind in clauses] == [
        ("紙の資料は不要ですが、", "no_documents"),
        ("30名分のお見積りをお願いします。", "headcount"),
        ("30名分のお見積りをお願いします。", "quote"),
    ]


def test_an_empty_text_says_nothing() -> None:
    for text in ("", "  \n", "。", "\ud800"):
        assert read_enquiry(text).kind in ("other", "enquiry")
        assert (read_enquiry(text).temperature, read_enquiry(text).quote) == ("neutral", False)


def test_no_dictionary_is_loaded_before_something_is_read() -> None:
    code = (
        "import django, sys; django.setup(); import intake.enquiries; "
        "print('sudachipy' in sys.modules, 'intake.enquiries.grammars.japanese' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False False"


def test_there_are_at_least_sixty_sentences_in_two_languages() -> None:
    english = [row for row in rows() if row[0].isascii()]
    assert len(rows()) >= 60
    assert len(english) >= 25


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("30名での導入を検討中です", [("30名", "headcount"), ("検討中", "interest")]),
        ("ｻｰﾋﾞｽの単価は？", [("単価は？", "quote")]),
        ("紙の資料は不要です、デモを見たい", [("資料は不要", "no_documents"), ("デモを見たい", "demo")]),
        ("検討はしていません", [("検討はしていません", "refusal")]),
        ("We are NOT considering it", [("are NOT considering", "refusal")]),
        ("㌔２０名、比較しています", [("２０名", "headcount"), ("比較し", "comparison")]),
        ("資料ください", [("資料ください", "documents")]),
    ],
)
def test_the_words_that_decided_are_found_in_the_text_as_it_was_sent(text: str, words: list[tuple[str, str]]) -> None:
    assert [(text[begin:end], kind) for begin, end, kind in read_enquiry(text).spans] == words


def test_every_letter_of_a_folded_text_knows_where_it_came_from() -> None:
    text = "ｶﾞｷﾞ㍿Ａé\u0301\u0301İﬁ２"
    folded = fold(text, LONGEST)
    assert folded.text == unicodedata.normalize("NFKC", text).lower()
    assert len(folded.text) == len(folded.begins) == len(folded.ends)
    assert [text[slice(*folded.origin(place, place + 1))] for place in range(2)] == ["ｶﾞ", "ｷﾞ"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("30", 30), ("1,000", 1000), ("2万", 20_000), ("三十", 30), ("百二十", 120), ("二万五千", 25_000), ("三〇", 30),
     ("千", 1000), ("twelve", 12), ("0", None), ("〇", None), ("数十", 20), ("十数", 10), ("数百", 200), ("数", 2),
     ("twenty-five", 25), ("one hundred and fifty", 150), ("two thousand", 2000), ("dozens of", 24), ("a dozen", 12),
     ("a couple of", 2), ("1万2000", 12_000), ("2k", 2000)],
)  # fmt: skip
def test_a_number_is_read_as_people_write_it(text: str, value: int | None) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    "unit",
    ["a", " ", "1", "1,", "30名", "検討", "検討して", "見積", "ない", "not ", "please ", "\u0301", "ﷺ", "ﾞ", "、", "。",
     "千", "for ", "within 3 ", "かもしれません", "価格", "(((", "導入予定日", "2026年", "can you add ", "\n", "quote ",
     "\U0001f600"],
)  # fmt: skip
def test_a_hostile_text_of_a_megabyte_is_read_in_a_moment(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    read_enquiry("見積 quote")  # loads what is loaded once
    begun = time.process_time()
    read_enquiry(text)
    assert time.process_time() - begun < 1


def test_what_comes_after_the_first_four_thousand_characters_is_not_read() -> None:
    assert read_enquiry("。" * READ_AT_MOST + "見積をお願いします").quote is False
    assert read_enquiry("。" * (READ_AT_MOST - 9) + "見積をお願いします").quote is True


def test_a_reading_is_kept_flat_beside_the_text_and_what_is_unknown_is_left_out() -> None:
    kept = with_reading({"message": "30名での導入を検討中です", "page": "/contact"})
    assert kept == {
        "message": "30名での導入を検討中です", "page": "/contact",
        "reading_kind": "enquiry", "reading_temperature": "hot", "reading_headcount": 30,
        "reading_comparison": False, "reading_quote": False,
        "reading_spans": [[0, 3, "headcount"], [8, 11, "interest"]],
        "reading_clauses": [[0, 13, "headcount"], [0, 13, "interest"]],
    }  # fmt: skip


def test_what_a_sender_claims_to_have_read_is_dropped() -> None:
    claimed = dict.fromkeys(RESERVED, "hot")
    assert with_reading(claimed | {"page": "/"}) == {"page": "/"}
    assert with_reading(claimed | {"text": "資料ください"})["reading_temperature"] == "neutral"


def test_all_words_of_an_activity_are_read_as_one_text() -> None:
    properties = {"question": "在庫はありますか", "text": "こんにちは", "comment": "", "message": 7}
    assert enquiry_of(properties) == "こんにちは\n在庫はありますか"
    assert with_reading(properties)["reading_quote"] is True
