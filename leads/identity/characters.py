"""Characters that are written in two ways, brought to one for comparing. What is stored stays as it was written."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from web.cleaning.text import DASHES, TO_KATAKANA

# Old and new forms of one character, the old ones first; and the variants that names have.
_FORMS = """
髙高 﨑崎 嵜崎 碕崎 濵浜 濱浜 邊辺 邉辺 齋斎 齊斉 澤沢 廣広 國国 櫻桜 嶋島 嶌島 眞真 龍竜 瀧滝
德徳 惠恵 榮栄 與与 瀨瀬 濟済 淸清 彌弥 壽寿 條条 寬寛 寳宝 寶宝 實実 將将 增増 藏蔵 莊荘 總総
聰聡 對対 團団 鐵鉄 傳伝 圖図 豐豊 冨富 峯峰 舘館 壯壮 會会 學学 樂楽 關関 觀観 氣気 龜亀 驅駆
區区 圓円 鹽塩 奧奥 應応 假仮 價価 畫画 壞壊 懷懐 繪絵 擴拡 覺覚 嶽岳 卷巻 陷陥 歡歓 勸勧 罐缶
戲戯 犧犠 舊旧 據拠 擧挙 峽峡 狹狭 曉暁 勳勲 薰薫 徑径 惡悪 輕軽 繼継 雞鶏 藝芸 擊撃 縣県 儉倹
劍剣 險険 圈圏 檢検 權権 獻献 顯顕 驗験 嚴厳 恆恒 黃黄 號号 碎砕 劑剤 雜雑 參参 慘惨 蠶蚕 贊賛
殘残 絲糸 兒児 辭辞 濕湿 舍舎 寫写 釋釈 收収 從従 澁渋 獸獣 縱縦 肅粛 處処 緖緒 敍叙 燒焼 奬奨
稱称 乘乗 淨浄 剩剰 疊畳 繩縄 壤壌 孃嬢 讓譲 釀醸 觸触 囑嘱 愼慎 晉晋 寢寝 盡尽 圍囲 醫医 壹壱
稻稲 飮飲 隱隠 營営 衞衛 驛駅 悅悦 閱閲 緣縁 艷艶 鷗鴎 溫温 穩穏 數数 聲声 靜静 攝摂 竊窃 專専
戰戦 淺浅 潛潜 纖繊 踐践 錢銭 禪禅 雙双 騷騒 爭争 搜捜 插挿 巢巣 裝装 屬属 續続 墮堕 體体 帶帯
滯滞 臺台 擇択 單単 擔担 膽胆 斷断 彈弾 遲遅 癡痴 晝昼 蟲虫 鑄鋳 廳庁 聽聴 鎭鎮 遞逓 轉転 點点
黨党 盜盗 燈灯 當当 稅税 鬪闘 獨独 讀読 屆届 貳弐 惱悩 腦脳 霸覇 拜拝 廢廃 賣売 麥麦 發発 髮髪
拔抜 蠻蛮 祕秘 甁瓶 拂払 佛仏 竝並 變変 辨弁 瓣弁 辯弁 舖舗 步歩 穗穂 襃褒 豫予 餘余 譽誉 搖揺
樣様 謠謡 來来 賴頼 亂乱 覽覧 畧略 兩両 獵猟 綠緑 壘塁 淚涙 勵励 禮礼 隸隷 靈霊 齡齢 戀恋 爐炉
勞労 樓楼 祿禄 錄録 灣湾 萬万 桒桑 栁柳 槇槙 曻昇 曾曽 檜桧 淵渕 渊渕 籠篭 蠅蝿 諫諌 賤賎 迯逃
遙遥 靱靭 頚頸 鷄鶏 郞郎
"""
NEW_FORMS = str.maketrans({"𠮷": "吉"} | {pair[0]: pair[1] for pair in _FORMS.split()})

# What looks alike in most fonts and is typed for one another in names of companies. Only for comparing: 大阪工業
# becomes 大阪エ業 on both sides.
LOOK_ALIKES = str.maketrans(
    {
        "二": "ニ", "夕": "タ", "工": "エ", "力": "カ", "口": "ロ", "八": "ハ", "卜": "ト", "一": "ー", "三": "ミ",
        "千": "チ", "才": "オ", "丿": "ノ", "又": "ヌ", "~": "ー", "〜": "ー", "-": "ー",
    }
)  # fmt: skip
SMALL_KANA = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")

IDEOGRAPH = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0002ffff々〆]")
KANA = re.compile(r"[\u3041-\u30ff]")
KANA_ONLY = re.compile(r"[\u30a1-\u30ff・ ]+")
LATIN = re.compile(r"[a-z]")
VARIATION = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\u200b-\u200f\ufeff]")
LONG_VOWEL = re.compile(
    "(?<=[オコソトノホモヨロヲゴゾドボポウクスツヌフムユルグズヅブプ])ウ|(?<=[オコソトノホモヨロゴゾドボポ])オ"
)
SAME_SOUND = str.maketrans("ヅヂヲヰヱ", "ズジオイエ")


def plain(text: str) -> str:
    """One width, one kind of dash, small letters, katakana for hiragana, new forms for old, one space between words."""
    one_width = unicodedata.normalize("NFKC", VARIATION.sub("", text)).translate(DASHES)
    return " ".join(one_width.translate(TO_KATAKANA).translate(NEW_FORMS).lower().split())


def same_looking(text: str) -> str:
    """A plain text in which look-alikes are one character, small kana large, and neither space nor dots are left."""
    return re.sub(r"[\s・.,'’&＆]+", "", text.translate(LOOK_ALIKES).translate(SMALL_KANA))


def kana_key(text: str) -> str:
    """Plain kana as furigana are compared: ャ as ヤ, ヅ as ズ, without space and dots."""
    return re.sub(r"[\s・]+", "", text.translate(SMALL_KANA).translate(SAME_SOUND))


@lru_cache(maxsize=16384)
def short_vowels(text: str) -> str:
    """A `kana_key` without long vowels: サトウ and what “Sato” reads as are one."""
    return LONG_VOWEL.sub("", text.replace("ー", ""))


def script(text: str) -> str:
    """What a plain text is written in: "ideographs", "kana", "latin", or "" for none of them."""
    if IDEOGRAPH.search(text):
        return "ideographs"
    return "kana" if KANA.search(text) else "latin" if LATIN.search(text) else ""


def edits(one: str, other: str, most: int) -> int:
    """How many characters were added, left out, changed or swapped with the next; `most` + 1 for more than `most`."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for down, letter in enumerate(one, 1):
        earlier, before, row = before, row, [down]
        for across, against in enumerate(other, 1):
            cost = min(before[across] + 1, row[-1] + 1, before[across - 1] + (letter != against))
            if earlier and across > 1 and letter == other[across - 2] and one[down - 2] == against:
                cost = min(cost, earlier[across - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
