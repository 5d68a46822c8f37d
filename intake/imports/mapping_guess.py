"""A first mapping for a file nobody has mapped before: by the words of its header, and by what its cells look like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from intake.imports.kinds import FileKind
from intake.imports.layout import Cells
from web.cleaning import folded

# Field, and the headers it is known by, without space and punctuation.
WORDS: dict[str, str] = {
    "lead.email": "email mail emailaddress mailaddress メール メールアドレス eメール 電子メール アドレス",
    "lead.external_id": "externalid id leadid contactid customerid crmid"
    " mqlid リードid 顧客id 顧客番号 会員番号 管理番号 外部id",
    "lead.name": "name fullname contactname person 氏名 名前 お名前 担当者名 担当者 顧客名",
    "lead.title": "title jobtitle position role 役職 役職名 肩書 肩書き 職位",
    "lead.title_level": "titlelevel seniority 役職区分 役職レベル 職位区分",
    "lead.department": "department division 部署 部署名 所属 所属部署 部門",
    "lead.phone": "phone tel telephone mobile phonenumber 電話 電話番号 携帯 携帯電話 連絡先電話番号",
    "lead.language": "language lang 言語",
    "lead.country": "country 国 国名",
    "lead.region": "region prefecture state city address 都道府県 地域 住所 所在地",
    "lead.source": "source leadsource channel utmsource 流入元"
    " 流入経路 獲得経路 リードソース 経路 チャネル きっかけ",
    "lead.campaign": "campaign utmcampaign キャンペーン 施策 施策名 イベント名 展示会名",
    "lead.origin": "leadorigin 発生元 発生区分",
    "lead.stage": "stage status leadstatus ステージ ステータス 状態",
    "lead.created_at": "createdat created createdate date firstcontactdate registeredat"
    " 登録日 作成日 登録日時 受付日 獲得日 初回接触日 日付",
    "lead.planned_on": "plannedon plan timing introductiondate 導入予定日 導入予定 導入時期 導入予定時期 検討時期",
    "lead.consent": "consent optin permission 同意 メール配信同意 個人情報同意 配信可否 オプトイン",
    "company.name": "company companyname organization organisation account accountname"
    " 会社 会社名 企業 企業名 法人名 勤務先 貴社名",
    "company.domain": "domain website url ドメイン 会社url ホームページ",
    "company.industry": "industry sector 業種 業界",
    "company.employees": "employees employeecount headcount companysize size 従業員数 社員数 従業員規模 規模 人数",
    "company.revenue": "revenue annualrevenue sales 売上 売上高 年商",
    "activity.type": "activity activitytype event eventtype type 行動 行動種別 種別 アクション",
    "activity.occurred_at": "occurredat timestamp time datetime date at 日時 発生日時 行動日時 日付 アクセス日時",
    "activity.object": "object page pageurl url path document 対象 ページ 資料名 資料 コンテンツ",
    "activity.key": "key activityid eventid 行動id イベントid",
}  # fmt: skip
KNOWN = {name: frozenset(words.split()) for name, words in WORDS.items()}
AT_SIGN = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def guess_mapping(columns: Sequence[str], sample: Sequence[Cells], kind: FileKind, *, timezone: str) -> dict[str, Any]:
    """A mapping as a document. It may be incomplete: a person looks at it next."""
    fields = kind.fields()
    mapped: dict[str, str] = {}
    for column in columns:
        name = field_of_header(column, [name for name in KNOWN if name in fields and name not in mapped.values()])
        if name:
            mapped[column] = name
    if "lead.email" not in mapped.values():
        free = (place for place, column in enumerate(columns) if column not in mapped)
        place = next((place for place in free if has_addresses(sample, place)), None)
        if place is not None:
            mapped[columns[place]] = "lead.email"
    names = mapped.values()
    identity = "email" if "lead.email" in names or "lead.external_id" not in names else "external_id"
    return {"identity": identity, "columns": mapped, "timezone": timezone}


def field_of_header(header: str, names: Sequence[str]) -> str:
    """The one of these fields that the header is a word for; else the one whose longer word it contains, or ""."""
    word = re.sub(r"[\W_]+", "", folded(header))
    for name in names:
        if word in KNOWN[name] or word == re.sub(r"[\W_]+", "", name.partition(".")[2]):
            return name
    parts = [(len(known), name) for name in names for known in KNOWN[name] if len(known) >= 3 and known in word]
    return max(parts)[1] if parts else ""


def has_addresses(sample: Sequence[Cells], place: int) -> bool:
    """Whether most cells of a column that are not empty are e-mail addresses."""
    cells = [cell for row in sample if place < len(row) and (cell := row[place].strip())]
    return bool(cells) and sum(bool(AT_SIGN.fullmatch(cell)) for cell in cells) > len(cells) / 2
