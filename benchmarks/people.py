"""A labelled set of leads with planted duplicates and traps, Japanese and English: the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

FAMILIES = (
    "佐藤サトウ 鈴木スズキ 高橋タカハシ 田中タナカ 伊藤イトウ 渡辺ワタナベ 山本ヤマモト 中村ナカムラ 小林コバヤシ"
    " 加藤カトウ 吉田ヨシダ 山田ヤマダ 佐々木ササキ 山口ヤマグチ 松本マツモト 井上イノウエ 木村キムラ 林ハヤシ"
    " 斎藤サイトウ 清水シミズ 山崎ヤマザキ 森モリ 池田イケダ 橋本ハシモト 阿部アベ 石川イシカワ 山下ヤマシタ"
    " 中島ナカジマ 石井イシイ 小川オガワ 前田マエダ 岡田オカダ 長谷川ハセガワ 藤田フジタ 後藤ゴトウ 近藤コンドウ"
    " 村上ムラカミ 遠藤エンドウ 青木アオキ 坂本サカモト 福田フクダ 太田オオタ 西村ニシムラ 藤井フジイ 金子カネコ"
    " 岡本オカモト 三浦ミウラ 藤原フジワラ 中野ナカノ 原田ハラダ 松田マツダ 竹内タケウチ 小野オノ 田村タムラ"
    " 中山ナカヤマ 和田ワダ 石田イシダ 森田モリタ 上田ウエダ 原ハラ 柴田シバタ 酒井サカイ 工藤クドウ 横山ヨコヤマ"
    " 宮崎ミヤザキ 高木タカギ 安藤アンドウ 宮本ミヤモト 大野オオノ 谷口タニグチ 今井イマイ 高田タカダ 丸山マルヤマ"
    " 増田マスダ 杉山スギヤマ 村田ムラタ 大塚オオツカ 新井アライ 小島コジマ 平野ヒラノ 広瀬ヒロセ 浜田ハマダ"
    " 沢田サワダ 桜井サクライ 千葉チバ 久保クボ 松井マツイ 岩崎イワサキ 木下キノシタ 野口ノグチ 松尾マツオ"
    " 菊地キクチ 野村ノムラ 佐野サノ"
)
# Homophones stand together: they are the traps of one reading with many characters.
GIVENS = (
    "一郎イチロウ 市郎イチロウ 健ケン 謙ケン 賢ケン 健太ケンタ 賢太ケンタ 浩コウ 浩二コウジ 孝二コウジ 幸治コウジ"
    " 誠マコト 真マコト 大輔ダイスケ 大介ダイスケ 裕子ユウコ 優子ユウコ 祐子ユウコ 恵子ケイコ 圭子ケイコ"
    " 美咲ミサキ 美沙ミサ 花子ハナコ 陽子ヨウコ 洋子ヨウコ 直樹ナオキ 直紀ナオキ 直美ナオミ 明アキラ 彰アキラ"
    " 章アキラ 翔ショウ 翔太ショウタ 拓也タクヤ 卓也タクヤ 哲也テツヤ 和也カズヤ 達也タツヤ 隆タカシ 孝タカシ"
    " 崇タカシ 修オサム 実ミノル 茂シゲル 進ススム 博ヒロシ 浩史ヒロシ 由美ユミ 真由美マユミ 久美子クミコ"
    " 幸子サチコ 和子カズコ 京子キョウコ 智子トモコ 朋子トモコ 純子ジュンコ 順子ジュンコ 麻衣マイ 舞マイ 愛アイ"
    " 彩アヤ 綾アヤ 沙織サオリ 香織カオリ 千尋チヒロ 正マサシ 雅史マサシ 勇気ユウキ 祐樹ユウキ 悠斗ユウト 蓮レン"
    " 大翔ヒロト 結衣ユイ 葵アオイ 凛リン 亮リョウ 涼リョウ 遼リョウ 慎一シンイチ 真一シンイチ 伸一シンイチ"
    " 健一ケンイチ 賢一ケンイチ 裕一ユウイチ 雄一ユウイチ 俊介シュンスケ 駿シュン 学マナブ 剛ツヨシ 毅ツヨシ"
    " 豊ユタカ 裕ユタカ 聡サトシ 智サトシ 仁ジン 光ヒカル 望ノゾミ 薫カオル 遥ハルカ 春香ハルカ"
)
OLD_FORMS = str.maketrans("高斎辺崎浜沢桜広島竜真恵", "髙齋邊﨑濱澤櫻廣嶋龍眞惠")
FIRST_WORDS = (
    "james mary robert patricia john jennifer michael linda david elizabeth william barbara richard susan joseph"
    " jessica thomas sarah charles karen christopher lisa daniel nancy matthew betty anthony sandra mark ashley"
    " donald emily steven kimberly andrew margaret paul donna joshua michelle kenneth carol kevin amanda brian"
    " melissa george deborah timothy stephanie ronald rebecca jason sharon edward laura jeffrey cynthia ryan"
    " dorothy jacob amy gary kathleen"
)
FIRST = FIRST_WORDS.split()
LAST_WORDS = (
    "smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson"
    " anderson thomas taylor moore jackson martin lee perez thompson white harris sanchez clark ramirez lewis"
    " robinson walker young allen king wright scott torres nguyen hill flores green adams nelson baker hall rivera"
    " campbell mitchell carter roberts gomez phillips evans turner diaz parker cruz edwards collins reyes stewart"
    " morris morales murphy cook rogers gutierrez ortiz morgan cooper peterson bailey reed kelly howard ramos kim"
    " cox ward richardson watson"
)
LAST = LAST_WORDS.split()
STEMS_WORDS = (
    "アクメ 東西 日本データ 山川 富士見 サンライズ みらい 大和 千代田 ニシキ 北斗 タカラ エムケー 三和 共栄 丸善"
    " オリオン 明光 新星 アルファ 太陽 協和 東亜 中央 関東 南海 朝日 ヒカリ ミズホ トキワ 青空 若葉 高砂 日光 双葉"
    " 橘 ロイヤル ハヤブサ カイト ナカノ"
)
STEMS = STEMS_WORDS.split()
TRADES_WORDS = (
    "商事 工業 製作所 電機 物産 システム 建設 運輸 化学 食品 印刷 精機 産業 エンジニアリング テクノロジー"
    " サービス 不動産 証券 薬品 ソフト ロジスティクス デザイン 通信 フーズ メディカル"
)
TRADES = TRADES_WORDS.split()
FORMS = ("株式会社", "株式会社", "株式会社", "株式会社", "有限会社", "合同会社", "一般社団法人", "医療法人", "学校法人")
SHORT = {
    "株式会社": ("(株)", "㈱", "（株）", "㍿", ""),
    "有限会社": ("(有)", "㈲", ""),
    "合同会社": ("(同)", ""),
    "一般社団法人": ("(一社)", ""),
    "医療法人": ("(医)", ""),
    "学校法人": ("(学)", ""),
}
BRANCHES = ("大阪支店", "名古屋営業所", "福岡支社", "営業部", "本社 総務部", "開発本部 第一課")
WESTERN_WORDS = "apex nova vertex summit harbor pioneer quantum sterling beacon granite lumen crest orbit falcon cobalt"
WESTERN = WESTERN_WORDS.split()
WESTERN_TRADES_WORDS = "systems logistics foods partners industries analytics robotics medical software energy"
WESTERN_TRADES = WESTERN_TRADES_WORDS.split()
WESTERN_FORMS = ("Inc.", "Co., Ltd.", "Corp.", "Ltd", "LLC", "")
REGIONS = ("東京都", "大阪府", "愛知県", "福岡県", "北海道", "神奈川県", "")
FREE = ("gmail.com", "yahoo.co.jp", "outlook.com", "icloud.com")
FILLER_PHONES = ("0120-000-111", "03-0000-0001")
FILLER_NAMES = ("ご担当者様", "担当者", "未定", "test")
PLAIN_KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"
VOICED_KANA = "ガギグゲゴザジズゼゾダデドバビブベボ"
PLAIN_ROMAJI = (
    "a i u e o ka ki ku ke ko sa shi su se so ta chi tsu te to na ni nu ne no ha hi fu he ho ma mi mu me mo ya yu yo"
    " ra ri ru re ro wa n ga gi gu ge go za ji zu ze zo da de do ba bi bu be bo"
)
ROMAJI = {
    "キャ": "kya", "キュ": "kyu", "キョ": "kyo", "シャ": "sha", "シュ": "shu", "ショ": "sho", "チャ": "cha",
    "チュ": "chu", "チョ": "cho", "リョ": "ryo", "リュ": "ryu", "ジュ": "ju", "ジョ": "jo", "ジャ": "ja",
} | dict(zip(PLAIN_KANA + VOICED_KANA, PLAIN_ROMAJI.split(), strict=True))  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Row:
    """One lead as it was typed; `person` is who it truly is."""

    person: int
    name: str = ""
    kana: str = ""
    email: str = ""
    phone: str = ""
    company: str = ""
    region: str = ""


@dataclass(kw_only=True)
class Firm:
    name: str
    form: str
    is_before: bool
    domain: str
    phone: str
    region: str
    is_western: bool
    staff: int = 0


@dataclass(kw_only=True)
class Truth:
    """A person as they are; every row of theirs is typed from it."""

    number: int
    firm: Firm
    family: tuple[str, str]
    given: tuple[str, str]
    email: str
    private: str
    mobile: str
    rows: list[Row] = field(default_factory=list)


def romaji(kana: str) -> str:
    """Hepburn without long vowels, as names are mostly written."""
    text, at = "", 0
    while at < len(kana):
        pair = kana[at : at + 2]
        size = 2 if pair in ROMAJI else 1
        text, at = text + ROMAJI.get(kana[at : at + size], ""), at + size
    return text.replace("ou", "o").replace("oo", "o").replace("uu", "u")


class Town:
    """Makes companies, people, and rows of them."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.families = [split_kana(word) for word in FAMILIES.split()]
        self.givens = [split_kana(word) for word in GIVENS.split()]
        self.taken: set[str] = set()
        self.people = 0

    def pick(self, things: tuple[str, ...] | list[str]) -> str:
        return self.dice.choice(things)

    def chance(self, share: float) -> bool:
        return self.dice.random() < share

    def firm(self) -> Firm:
        western = self.chance(0.25)
        while True:
            if western:
                name = f"{self.pick(WESTERN)} {self.pick(WESTERN)} {self.pick(WESTERN_TRADES)}"
            else:
                name = self.pick(STEMS) + self.pick(("", self.pick(STEMS))) + self.pick(TRADES)
            if name not in self.taken:
                break
        self.taken.add(name)
        number = len(self.taken)
        domain = f"{name.replace(' ', '-')}.example" if western else f"firm{number}.co.jp"
        return Firm(
            name=name, form=self.pick(WESTERN_FORMS if western else FORMS), is_before=self.chance(0.6), domain=domain,
            phone=self.line(), region=self.pick(REGIONS), is_western=western,
        )  # fmt: skip

    def line(self) -> str:
        area = self.pick(("03", "06"))
        return f"{area}-{self.dice.randint(3000, 6999)}-{self.dice.randint(1000, 9998)}"

    def mobile(self) -> str:
        return f"0{self.pick(('70', '80', '90'))}-{self.dice.randint(1000, 9998)}-{self.dice.randint(1000, 9998)}"

    def person(self, firm: Firm, family: tuple[str, str] | None = None, given: tuple[str, str] | None = None) -> Truth:
        if firm.is_western:
            family = family or ((word := self.pick(LAST)), word)
            given = given or ((word := self.pick(FIRST)), word)
            latin = (family[0], given[0])
        else:
            family, given = family or self.dice.choice(self.families), given or self.dice.choice(self.givens)
            latin = (romaji(family[1]), romaji(given[1]))
        self.people += 1
        firm.staff += 1
        forms = (f"{latin[1]}.{latin[0]}", f"{latin[1][0]}.{latin[0]}", f"{latin[0]}", f"{latin[0]}{firm.staff}")
        local = self.pick(forms)
        while f"{local}@{firm.domain}" in self.taken:
            local = f"{self.pick(forms)}{self.dice.randint(2, 99)}"
        self.taken.add(f"{local}@{firm.domain}")
        private = f"{latin[1]}{latin[0]}{self.dice.randint(1, 9999)}@{self.pick(FREE)}"
        return Truth(
            number=self.people, firm=firm, family=family, given=given, email=f"{local}@{firm.domain}", private=private,
            mobile=self.mobile(),
        )  # fmt: skip

    def row(self, who: Truth, *, again: bool) -> Row:
        """A lead of this person; `again` is typed by somebody else, at another time."""
        rich = not again
        return Row(
            person=who.number,
            name=self.name_of(who, again),
            kana=f"{who.family[1]} {who.given[1]}" if not who.firm.is_western and self.chance(0.35) else "",
            email=self.email_of(who, again),
            phone=self.phone_of(who, again),
            company=self.company_of(who, again) if rich or self.chance(0.85) else "",
            region=who.firm.region if self.chance(0.5) else "",
        )

    def row_again(self, who: Truth, first: Row) -> Row:
        """Another row of the person that has more in common with the first than the name: else nobody could tell."""
        row = self.row(who, again=True)
        if row.company or (row.email and row.email == first.email):
            return row
        return replace(row, company=self.company_of(who, again=True))

    def name_of(self, who: Truth, again: bool) -> str:
        (family, family_kana), (given, given_kana) = who.family, who.given
        if who.firm.is_western:
            family, given = family.title(), given.title()
            if not again:
                return f"{given} {family}"
            other = self.dice.random()
            if other < 0.08:
                return typo(f"{given} {family}", self.dice)
            choices = (
                f"{given} {family}", f"{family}, {given}", f"{given[0]}. {family}", f"{family} {given}".upper(),
                f"Mr. {given} {family}", f"{given.lower()} {family.lower()}",
            )  # fmt: skip
            return self.pick(choices)
        plain = f"{family} {given}"
        if not again:
            return plain if self.chance(0.9) else plain.replace(" ", "　")
        latin = f"{romaji(given_kana).title()} {romaji(family_kana).title()}"
        spellings = (
            plain, plain, plain, plain.replace(" ", ""), plain.replace(" ", "　"), f"{family}{given}様",
            f"部長 {plain}", f"{family_kana} {given_kana}", f"{family_kana}{given_kana}", plain.translate(OLD_FORMS),
            latin, latin.upper(),
            f"{plain}（{family_kana} {given_kana}）", family,
        )  # fmt: skip
        return self.pick(spellings)

    def email_of(self, who: Truth, again: bool) -> str:
        if not again:
            return who.email if self.chance(0.85) else ""
        at = self.dice.random()
        if at < 0.3:
            return who.email
        if at < 0.35:
            return who.email.replace("@", "+fair@")
        if at < 0.38:
            return typo(who.email.partition("@")[0], self.dice) + "@" + who.firm.domain
        if at < 0.55:
            return who.private
        return f"info@{who.firm.domain}" if at < 0.6 else ""

    def phone_of(self, who: Truth, again: bool) -> str:
        at = self.dice.random()
        number = who.mobile if at < 0.55 else who.firm.phone if at < 0.85 else ""
        if not again or not number:
            return number
        spelt = (
            number,
            number.replace("-", ""),
            f"+81 {number[1:]}".replace("-", " "),
            wide(number),
            f"{number} 内線12",
        )
        return self.pick(spelt)

    def company_of(self, who: Truth, again: bool) -> str:
        firm = who.firm
        if firm.is_western:
            forms = WESTERN_FORMS[:4] if firm.form in WESTERN_FORMS[:4] else (firm.form,)
            name = f"{firm.name.title()} {self.pick(forms) if again else firm.form}".strip()
            return name.upper() if again and self.chance(0.1) else name
        form = self.pick(SHORT[firm.form]) if again and self.chance(0.7) else firm.form
        core = firm.name
        if again and self.chance(0.1):
            core = core.replace("ニ", "二").replace("タ", "夕").replace("エ", "工").replace("ー", "一")
        name = f"{form}{core}" if firm.is_before else f"{core}{form}"
        return f"{name} {self.pick(BRANCHES)}" if again and self.chance(0.2) else name


def split_kana(word: str) -> tuple[str, str]:
    at = next(place for place, letter in enumerate(word) if "ァ" <= letter <= "ヶ")
    return word[:at], word[at:]


def typo(text: str, dice: random.Random) -> str:
    """The text with two letters swapped, or one left out."""
    at = dice.randrange(1, max(2, len(text) - 1))
    swapped = text[at + 1 : at + 2] + text[at : at + 1] if dice.random() < 0.5 else text[at + 1 : at + 2]
    return text[:at] + swapped + text[at + 2 :]


def wide(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


def rows(number: int, seed: int) -> list[Row]:
    """So many leads: three of ten are typed again, and one person in twenty is a trap for somebody else."""
    town = Town(seed)
    firms = [town.firm() for _ in range(max(4, number // 14))]
    made: list[Row] = []
    while len(made) < number:
        made.extend(people_of(town, town.dice.choice(firms)))
    made = made[:number]
    town.dice.shuffle(made)
    return made


def people_of(town: Town, firm: Firm) -> Iterator[Row]:
    """One person's rows, and now and then those of somebody who is taken for them."""
    who = town.person(firm)
    first = town.row(who, again=False)
    yield first
    for _ in range(town.dice.choice((0, 0, 0, 0, 0, 0, 0, 1, 1, 2)) + (3 if town.chance(0.02) else 0)):
        yield town.row_again(who, first)
    if town.chance(0.03) and not firm.is_western:  # a colleague who sounds the same
        like = [one for one in town.givens if one[1] == who.given[1] and one != who.given]
        if like:
            yield town.row(town.person(firm, who.family, town.dice.choice(like)), again=False)
    if town.chance(0.03):  # a colleague, or a relative, of the same family name
        yield town.row(town.person(firm, who.family), again=False)
    if town.chance(0.02):  # somebody without a name at the switchboard
        yield Row(person=-town.people * 3, name=town.pick(FILLER_NAMES), phone=firm.phone, company=firm.name)
    if town.chance(0.01):  # made-up numbers
        who = town.person(firm)
        made = town.row(who, again=False)
        yield Row(person=who.number, name=made.name, phone=town.pick(FILLER_PHONES), company=made.company)
