"""Sixty pairs of companies with what they are to each other, as a person reads them."""

from __future__ import annotations

from leads.identity.companies import company_name
from leads.identity.firms import Firm, judge_firms

TABLE = """
same: 株式会社アクメ = (株)アクメ
same: 株式会社アクメ = ㈱アクメ
same: 株式会社アクメ = ㍿アクメ
same: 株式会社アクメ = （株）ｱｸﾒ
same: 株式会社アクメ = カ)アクメ
same: アクメ株式会社 = アクメ（株）
same: アクメ = 株式会社アクメ
same: 有限会社山川 = ㈲山川
same: 合同会社みらい = (同)みらい
same: 合資会社共栄 = (資)共栄
same: 合名会社橘 = (名)橘
same: 一般社団法人こころ = (一社)こころ
same: 公益社団法人こころ = (公社)こころ
same: 一般財団法人北斗 = (一財)北斗
same: 医療法人誠心会 = (医)誠心会
same: 医療法人社団誠心会 = (医)誠心会
same: 学校法人東西学園 = (学)東西学園
same: 特定非営利活動法人そら = NPO法人そら
same: 社会福祉法人若葉 = (福)若葉
same: 宗教法人光寺 = (宗)光寺
same: Acme Inc. = ACME, Inc
same: Acme Co., Ltd. = Acme K.K.
same: ニチバン株式会社 = 二チバン株式会社
same: 株式会社データー = 株式会社デ一タ一
same: タカラ商事 = 夕カラ商事
same: 大阪工業 = 大阪エ業
same: キヤノン商会 = キャノン商会
same: 株式会社髙島 = 株式会社高島
same: 株式会社アクメ 大阪支店 = 株式会社アクメ
same: アクメ株式会社 営業部 = アクメ株式会社
same: 株式会社エー・ビー = 株式会社エービー
same: さくら システム = さくらシステム
unknown: 株式会社アクメ = アクメ株式会社
unknown: ㈱山川 = 山川(株)
unknown: 有限会社橘 = 橘有限会社
unknown: 株式会社アクメ = 合同会社アクメ
unknown: 株式会社アクメ = 有限会社アクメ
unknown: 学校法人明光 = 医療法人明光
unknown: Acme Inc. = Acme GmbH
unknown: Acme LLC = Acme Ltd
unknown: Acme Inc. = 株式会社アクメ
unknown: Sunrise = サンライズ
unknown: Microsoft = Microsft
unknown: 一般社団法人みどり = NPO法人みどり
different: 東京電力 = 東北電力
different: 東京電力株式会社 = 東北電力株式会社
different: 第一銀行 = 第二銀行
different: アクメ商事 = アクメ
different: アクメ商事 = アクメ物産
different: 日本データ = 日本データー通信
different: 株式会社山川 = 株式会社川山
different: 中央印刷 = 中央印刷機械
different: 大和証券 = 大和建設
different: Acme Foods = Acme Media
different: Northern Trust = Southern Trust
different: ABC = ABD
different: 三和 = 三河
different: 株式会社アルファ = 株式会社アルファー電機
different: 関東運輸 = 関西運輸
different: 西日本鉄道 = 東日本鉄道
"""


def pairs() -> list[tuple[str, str, str]]:
    """Both names and what they are to each other."""
    lines = [line.partition(": ") for line in TABLE.strip().splitlines()]
    return [(*names.split(" = "), wanted) for wanted, _colon, names in lines]  # type: ignore[misc]


def outcome() -> list[str]:
    """How many of the pairs are judged as a person does, and which are not."""
    wrong = [
        f"- {one} and {other}: {found} instead of {wanted}."
        for one, other, wanted in pairs()
        if (found := judge_firms(Firm(name=company_name(one)), Firm(name=company_name(other))).finding) != wanted
    ]
    return [f"{len(pairs()) - len(wrong)} of {len(pairs())} pairs of companies are judged as a person does.", *wrong]
