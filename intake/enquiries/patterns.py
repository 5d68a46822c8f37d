"""The words that tell how near somebody is to a decision. Data: a name, what it tells, and how it is written.

Texts are folded (NFKC, small letters). Only white space is repeated without a bound, and nothing repeated stands inside
something repeated, so reading takes time in proportion to the text, whatever somebody sends. `<A>` is a letter inside a
Japanese sentence, `<E>` one inside an English sentence; names end in the language, or in none for both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from intake.enquiries.numbers import NUMBER
from leads.enums import EnquirySign


@dataclass(frozen=True)
class Pattern:
    name: str
    kind: EnquirySign
    regex: re.Pattern[str]

    @property
    def is_japanese_only(self) -> bool:
        return self.name.endswith("_ja")

    @property
    def is_english_only(self) -> bool:
        return self.name.endswith("_en")


def _patterns(kind: EnquirySign, **written: str) -> list[Pattern]:
    spelled = {name: text.replace("<A>", r"[^。\n]").replace("<E>", r"[^.!?\n]") for name, text in written.items()}
    return [Pattern(name, kind, re.compile(text, re.MULTILINE)) for name, text in spelled.items()]


ASKS = (
    r"(?:お願い|おねがい|下さい|ください|頂け|いただけ|頂きたい|いただきたい|欲し|ほし|希望|依頼|もらえ|貰え|"
    r"送|出して|可能|でき|知りた|取りた|とりた|至急|必要|\?)"
)
ANSWER = (
    r"(?:\?|いくら|教え|知りた|お願い|お知らせ|下さい|ください|いただけ|頂け|どの(?:くらい|ぐらい|程度|位)|"
    r"ですか|でしょうか|(?:わ|分)かりますか)"
)
PRODUCT = (
    r"(?:機能|材質|素材|材料|仕様|色|カラー|サイズ|寸法|形状|数量|設計|部品|オプション|項目|画面|ロゴ|連携|"
    r"製品|商品)"
)

QUOTES = _patterns(
    EnquirySign.QUOTE,
    quote_ja=(
        rf"(?:お|御|概算)?(?<!相)見積(?:も?り)?書?(?!作成|管理|システム|ソフト|業務|機能|ツール)(?!<A>{{0,30}}"
        rf"(?:ありがと|受け?取|拝受|届き))<A>{{0,16}}?{ASKS}"
    ),
    quote_written_ja=r"見積(?:も?り)?書?の?作成[をの]?(?:お願い|依頼|して(?:くだ|下さ|頂|いただ|ほし|もら))",
    unit_price_ja=rf"(?:単価|卸値|仕切り?価格)(?:は\s*$|<A>{{0,16}}?{ANSWER})",
    price_ja=rf"(?:価格|値段|料金|費用|金額|代金)(?!ページ|表|体系)[^。、\n]{{0,14}}?{ANSWER}",
    how_much_ja=r"(?:いくら|幾ら)(?:です|でしょう|になり|かかり|で(?:買|購)|くらい|ぐらい|ほど|\?)",
    stock_ja=(
        r"在庫(?!管理)[^。、\n]{0,8}?(?:ありますか|ありませんか|ございますか|ありますでしょうか|あるか|ある\?|"
        r"\?|(?:確認|状況)<A>{0,6}?(?:お願い|教え|くだ|下さ))"
    ),
    delivery_ja=rf"納期[^。、\n]{{0,10}}?(?:いつ|最短|{ANSWER})",
    order_ja=(
        r"(?:発注|注文)[^。、\n]{0,8}?(?:したい|希望|お願い|できますか|可能ですか|方法|いたします|致します|"
        r"したく)"
    ),
    change_ja=(
        rf"{PRODUCT}<A>{{0,24}}?(?:変更|カスタマイズ|追加|対応|加工|改造|特注)[はもがを]?(?:する"
        rf"(?:こと)?[はがも]?)?(?:して)?(?:可能|でき(?:ます|る)|(?:いただ|頂)けます|もらえます)<A>{{0,6}}?"
        rf"(?:か|\?)"
    ),
    quote_en=(
        r"\b(?:please|pls|kindly|requests?|requesting|needs?|want|get|send|give|provide|share|like|(?:could|"
        r"can|would) you)\b<E>{0,40}?\bquot(?:es?|ations?)\b"
    ),
    quote_us_en=r"\bquot(?:e|ation)\b(?:\s+(?:please|pls|for|us|me)\b|\s*\?)",
    unit_price_en=r"\bunit prices?\b",
    how_much_en=(
        r"\bhow much\b(?!\s+(?:time|longer|data|memory|storage|experience))(?:\s+(?:is|are|does|do|would|will|"
        r"for|per)\b|<E>{0,30}\?)"
    ),
    price_asked_en=(
        r"\b(?:what(?:'s| is| are| would)?|tell|send|share|give|know|need|provide)\b<E>{0,30}?\b(?:prices?|"
        r"pricing|costs?)\b"
    ),
    price_en=r"\b(?:prices?|pricing|costs?)\b(?!\s+pages?)(?:<E>{0,30}?\?|\s+for\s+\d)",
    change_en=(
        r"\b(?:can|could|would) you\s+(?:also\s+|please\s+)?(?:add|change|customi[sz]e|modify|make|produce|"
        r"manufacture|deliver|supply|integrate|adapt)\b(?!\s+(?:me|us|my|our)\b)(?!<E>{0,24}\b(?:meeting|"
        r"appointment|address|e-?mail|password|date|call)\b)"
    ),
    possible_en=r"\bpossible to\s+(?:add|change|customi[sz]e|modify)\b",
    material_en=r"\bchange (?:the )?materials?\b",
    stock_en=(
        r"\bstock(?:\s+(?:now|today|available|availability))?\s*\?|\bstock now\b|\b(?:have|is|are|"
        r"any)\b<E>{0,30}?\bin stock\b"
    ),
    delivery_en=r"\b(?:lead|delivery) times?\b<E>{0,30}?\?",
    order_en=(
        r"\b(?:place|submit) an? order\b|\bready to (?:order|buy|purchase|sign)\b|\bwant to "
        r"(?:place an )?order\b|\bpurchase order\b"
    ),
)

COMPARISONS = _patterns(
    EnquirySign.COMPARISON,
    compare_ja=r"比較(?:し|中|検討|段階|を(?:し|行|進))",
    others_ja=r"(?:他社|競合|他の(?:製品|会社|サービス|ベンダ))<A>{0,16}?(?:比較|比べ|検討)(?:し|中|て)?",
    rival_quotes_ja=r"相見積(?:も?り)?|あいみつ",
    replace_ja=r"(?:乗り?換え|乗り?替え|切り?替え|リプレース|置き?換え)<A>{0,8}?(?:検討|考え|予定|たい)",
    compare_en=(
        r"\bcompar(?:e|es|ed|ing)\b(?!\s+(?:pages?|tables?|charts?)\b)|\b(?:doing|making|"
        r"running) a comparison\b|\bversus\b|\bvs\b"
    ),
    switch_en=(
        r"\b(?:switch|migrat)(?:e|ing)?(?: over)? from\b|\breplac(?:e|ing) (?:our|the|an?)\b|"
        r"\balternatives? to\b"
    ),
    others_en=r"\bother (?:vendors|suppliers|providers)\b|\bshort-?list(?:ed|ing)?\b",
)

BUYING = (
    r"(?:buy|introduc|implement|adopt|purchas|deploy|roll|us(?:e|ing)\b|switch|start|install|subscrib|replac|"
    r"expand|invest)"
)
ASKED_OF_US = r"(?!<A>{0,6}?(?:ありますか|ございますか|あるの|いつ))"

INTERESTS = _patterns(
    EnquirySign.INTEREST,
    considering_ja=r"検討[はもを]?(?:中|(?:する)?予定|段階|開始|始め|進め|して(?:い|お|る|ます))",
    plan_ja=rf"(?:導入|購入|採用|利用|契約|入れ?替え|更新)(?:の|する|を)?(?:予定|計画|決定|準備){ASKED_OF_US}",
    will_ja=r"(?:導入|購入|採用|契約)[をも]?(?:したい|したく|希望|進めたい|決め|が決ま)",
    considering_en=(
        r"(?<!for )\b(?:considering|evaluating|assessing|piloting)\b|\bunder (?:consideration|evaluation)\b"
    ),
    plan_en=(
        rf"(?<!you )\bplan(?:s|ned|ning)? (?:to|on) (?:\w{{1,12}} )?{BUYING}|(?<!you )\bplan(?:s|ning)? (?:an?|"
        rf"the) (?:\w{{1,12}} )?(?:roll-?out|introduction|purchase|implementation|deployment|pilot|launch)"
    ),
    will_en=rf"\b(?:want|wish|like|intend|going|looking) to (?:\w{{1,12}} )?{BUYING}",
)

WISHES = _patterns(
    EnquirySign.WISH,
    wish_ja=r"(?:使い|使って(?:み)?|使え|利用し|利用させ|試し|入れ|始め|検討し|使用し)たい",
    want_ja=r"(?<!資料が)(?<!資料を)(?<!カタログが)(?<!情報が)(?:欲しい|ほしい)",
    like_ja=r"(?:興味|関心)[がは]?(?:あり|ある|ござい)",
    wish_en=(
        r"\b(?:wants?|needs?|would like|looking for|interested in)\b(?!<E>{0,24}\b(?:documents?|documentation|"
        r"brochures?|catalog(?:ue)?s?|information|info|white ?papers?|newsletter|see|know|learn)\b)"
    ),
)

VAGUES = _patterns(
    EnquirySign.VAGUE,
    someday_ja=r"いつか|いずれ|そのうち|機会があれば|将来(?:的に)?は?<A>{0,12}?(?:検討|導入)",
    perhaps_ja=r"かもしれ|もしかし(?:たら|て)|未定",
    browsing_ja=r"情報収集|なん?となく|何となく|気になって",
    someday_en=r"\b(?:some ?day|one day|eventually|at some point|in the (?:distant )?future)\b",
    perhaps_en=r"\b(?:maybe|perhaps|might|possibly|not sure)\b",
    browsing_en=r"\bjust (?:curious|browsing|looking)\b|\bgathering information\b|\bcurious\b",
)

REFUSALS = _patterns(
    EnquirySign.REFUSAL,
    none_ja=(
        r"(?:予定|計画|つもり|必要|検討|導入|購入|採用|興味|関心|意思)[はもが]?(?:今のところ|現在|現状|当面|"
        r"まだ|特に|全く|一切)?(?:あり|ござい|して(?:い|おり)|し)?(?:ません|ない|無い)(?!と|か|わけ|で(?:す|"
        r"しょう)か)"
    ),
    declined_ja=(
        r"見送|見合わせ|不要です|(?:要|い)りません|お断り|結構です|断念|他社(?:製品|様|さん)?に(?:決|し(?:た|"
        r"まし))|(?:導入|検討|計画|購入)[はをが]?中止"
    ),
    none_en=(
        r"\bnot (?:\w{1,12} )?interested\b|\bno (?:interest|plans?|intention|longer)\b|\bno need for\b|\b"
        r"(?:do not|don't|does not|doesn't) need\b"
    ),
    declined_en=(
        r"\bdecided (?:against|not)\b|\b(?:went|gone|going) with (?:another|a different|a competitor)\b|"
        r"\bno,? thank|\bstop (?:contacting|sending|e-?mailing)\b|\bunsubscribe\b"
    ),
)

# The groups `used` (how many will use it) are taken before those that only tell how many there are.
HEADCOUNTS = _patterns(
    EnquirySign.HEADCOUNT,
    people_ja=(
        rf"(?P<number>{NUMBER})\s?(?:名|人|ユーザー?|アカウント|ライセンス|シート|席)"
        rf"(?![前称気工間口事材物生目柄月])(?!ひとり)様?(?:(?=(?P<used>(?:分|程度|ほど|くらい|ぐらい|規模|"
        rf"前後)?(?:で(?!は|す|あ|ござ)|分|の(?:導入|利用|使用)|が(?:利用|使)))))?"
    ),
    people_en=(
        rf"(?P<used>\bfor (?:about |around |approximately |some |up to )?)?(?P<number>{NUMBER})[\s-]?(?:new |"
        rf"active |sales |internal )?(?:people|persons?|users?|seats?|licen[cs]es?|accounts?|employees|staff|"
        rf"members|colleagues|engineers|reps|workers)\b"
    ),
    team_en=(
        rf"\b(?:team|group|staff|department|company) of (?:about |around |approximately |some )?"
        rf"(?P<number>{NUMBER})(?P<used>)"
    ),
)

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
SOME = rf"(?P<number>{NUMBER})"

# Their names are what `timing` says, but for those that hold a number, a year or a month (see timing.py).
TIMINGS = _patterns(
    EnquirySign.TIMING,
    now=(
        r"今すぐ|すぐに(?:でも)?|大?至急|早急|(?:なるべく|できるだけ)早|\b(?:asap|immediately|right away|"
        r"right now|urgent(?:ly)?|as soon as possible)\b|\bnow\s*\?"
    ),
    this_week=r"今週|\bthis week\b",
    next_week=r"来週|\bnext week\b",
    this_month=r"今月|\bthis month\b",
    next_month=r"(?<!再)来月|\bnext month\b",
    this_quarter=r"今四半期|\bthis quarter\b",
    next_quarter=r"[来次]四半期|\bnext quarter\b",
    this_term=r"今期|当期|今年度|\bthis (?:fiscal|financial) year\b",
    next_term=r"来期|来年度|\bnext (?:fiscal|financial) year\b",
    this_year=r"年内|今年(?!度)|\bthis year\b|\bend of the year\b",
    next_year=r"来年(?!度)|\bnext year\b",
    half_year=r"半年(?:以内|後|ほど|くらい)|\b(?:within|in) (?:half a year|six months)\b",
    months=(
        rf"{SOME}\s?[かヶヵカケ箇]?月(?:以内|後|くらい|ほど)|\b(?:within|in) (?:the )?(?:next )?"
        rf"(?P<english>{NUMBER}) months?\b"
    ),
    weeks=rf"{SOME}\s?週間(?:以内|後|くらい|ほど)|\b(?:within|in) (?:the )?(?:next )?(?P<english>{NUMBER}) weeks?\b",
    month_of_year=r"(?<!\d)(?P<year>20\d\d)(?:年\s?|[/-])(?P<month>1[0-2]|0?[1-9])(?!\d)月?",
    month=r"(?<![\d年か])(?P<month>1[0-2]|0?[1-9])月(?:から|まで|に|頃|ごろ|末|中|上旬|下旬|開始|以降)",
    month_en=rf"\b(?:in|by|from|starting|until|before) (?P<name>{'|'.join(MONTHS)})\b(?: (?P<year>20\d\d)\b)?",
)

PATTERNS = [*QUOTES, *COMPARISONS, *INTERESTS, *WISHES, *VAGUES, *REFUSALS, *HEADCOUNTS, *TIMINGS]
ENGLISH = [pattern for pattern in PATTERNS if not pattern.is_japanese_only]
JAPANESE = [pattern for pattern in PATTERNS if not pattern.is_english_only]
LATIN = re.compile(r"[a-z]{2}")


def patterns_for(text: str) -> list[Pattern]:
    """Those that can be found in a folded text at all: most texts are in one language."""
    if text.isascii():
        return ENGLISH
    return PATTERNS if LATIN.search(text) else JAPANESE


# "Not" stands behind what it denies in Japanese and before it in English.
NEGATION_JA = re.compile(r"ません|ない|無い|なく|ずに|不要|無し|なし(?=$|。)")
NEGATION_EN = re.compile(r"\b(?:not|never|no|nor|neither|without|cannot|stopped)\b|n't\b")
# What looks like "not" and is none: asking politely, must, may be, sorry, not only.
NO_NEGATION = re.compile(
    r"す[みい]ません|(?:ません|ない)(?:です|でしょう)?(?:か|\?)|な(?:ければ|くて|きゃ)[はも]?(?:な[りら]|いけ)"
    r"(?:ません|ない)|ないと(?:いけ|な[りら]|困)"
    r"|かもしれ(?:ません|ない)|違い(?:あり|ござい)?(?:ません|ない)|(?:だけ|のみ)で[はも]?なく|間違いな[いく]|"
    r"問題な[いく]|少な[いく]|遠くない"
    r"|\b(?:why not|not only|if not|no problem|not hesitate|don't hesitate|no doubt)\b|\b(?:can't|couldn't|"
    r"won't|don't) you\b"
)

CLAUSE_END = re.compile(
    r"[、。!?;\n]|[.,](?!\d)|(?:です|ます|ました|ません|でした|ない|たい)(?:が|けれど|けど|ので|から|し)|ものの"
    r"|\b(?:but|and|so|because|however|although|though|then)\b"
)
SENTENCE_END = re.compile(r"[。!?\n]|\.(?!\d)")
