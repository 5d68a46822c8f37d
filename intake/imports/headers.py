"""What columns are called in files of people, in Japanese and English, and which field a header means.

Headers are compared word by word: “Do Not Email” is no address, “Updates” no date, “Company Owner” nobody's owner.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from intake.imports.fields import REFUSAL, SEVERAL
from web.cleaning import folded

# Field -> the headers it is known by, the surest first. `|` stands between them.
PHRASES: dict[str, str] = {
    "lead.email": "email|e mail|mail|email address|e mail address|mail address|メールアドレス"
    "|電子メールアドレス|電子メール|eメール|メール|アドレス",
    "lead.other_emails": "other email|other emails|secondary email|email 2|additional email addresses"
    "|その他のメールアドレス|サブメールアドレス|メールアドレス2|予備メールアドレス",
    "lead.external_id": "external id|lead id|contact id|record id|record id contact|customer id|crm id"
    "|mql id|user id|id|外部id|リードid|顧客id|顧客番号|会員番号|管理番号|来場者id|受付番号|お客様番号",
    "lead.name": "name|full name|contact name|lead name|person|person name|contact|氏名|名前|お名前"
    "|担当者名|担当者|顧客名|来場者名|参加者名|お客様名",
    "lead.family_name": "last name|lastname|family name|surname|sei|姓|苗字|名字|氏|氏名姓|名前姓|お名前姓",
    "lead.given_name": "first name|firstname|given name|mei|forename|名|氏名名|名前名|お名前名",
    "lead.family_kana": "last name kana|family name kana|セイ|せい|姓カナ|姓かな|姓フリガナ|姓ふりがな"
    "|カナ姓|フリガナ姓|氏名カナ姓",
    "lead.given_kana": "first name kana|given name kana|メイ|めい|名カナ|名かな|名フリガナ|名ふりがな"
    "|カナ名|フリガナ名|氏名カナ名",
    "lead.kana": "kana|name kana|フリガナ|ふりがな|カナ|かな|氏名カナ|氏名かな|氏名フリガナ|名前カナ"
    "|お名前フリガナ|よみがな|読み",
    "lead.title": "title|job title|position|role|役職|役職名|肩書|肩書き|職位|お役職",
    "lead.title_level": "title level|seniority|job level|役職区分|役職レベル|職位区分|役職クラス",
    "lead.department": "department|division|job function|部署|部署名|所属|所属部署|部門|所属部署名|部課名|所属名",
    "lead.phone": "phone|telephone|tel|phone number|telephone number|mobile|mobile phone"
    "|mobile phone number|cell|cell phone|電話番号|電話|tel番号|連絡先電話番号|携帯電話番号|携帯電話"
    "|携帯番号|携帯",
    "lead.language": "language|lang|preferred language|言語|使用言語",
    "lead.country": "country|country region|country or region|国|国名",
    "lead.region": "region|prefecture|state|state region|state province|city|address|都道府県|地域|住所|所在地|県名",
    "lead.source": "lead source|source|original source|original traffic source|channel|utm source|流入元"
    "|流入経路|獲得経路|リードソース|経路|チャネル|きっかけ|情報源|リード獲得元|獲得元|認知経路",
    "lead.campaign": "campaign|campaign name|utm campaign|event name|キャンペーン|キャンペーン名|施策"
    "|施策名|イベント名|展示会名",
    "lead.origin": "origin|lead origin|発生元|発生区分",
    "lead.stage": "stage|lifecycle stage|lead status|lead stage|status|ステージ|リードステージ"
    "|リードステータス|ステータス|状態",
    "lead.created_at": "created at|create date|created date|date created|created|date added|registered at"
    "|first contact date|registration date|submitted at|submission date|date|登録日時|登録日|作成日時"
    "|作成日|受付日時|受付日|獲得日|初回接触日|来場日時|来場日|名刺交換日|問い合わせ日時|問い合わせ日"
    "|申込日時|申込日|日付",
    "lead.planned_on": "planned on|planned start|plan|timing|introduction date|purchase timeline|timeline"
    "|導入予定日|導入予定|導入時期|導入予定時期|検討時期|導入検討時期",
    "lead.consent": "consent|consent to contact|opt in|optin|email opt in|marketing consent|permission"
    "|agreed|opted in|opt ins|email subscription|subscribed|marketing opt in|newsletter"
    "|同意|メール配信同意|個人情報同意|配信可否|オプトイン|連絡の同意|メール配信可否"
    "|個人情報の取り扱いへの同意|情報提供の同意|連絡可否|メール可否|dm可否|案内可否|配信同意|メール配信|メール配信希望|メール配信の希望|配信希望|連絡希望"
    "|メルマガ|メルマガ配信|メルマガ希望|メールマガジン|メールマガジン配信|案内希望|ご案内の希望",
    "lead.refusal": "do not contact|do not email|do not e mail|do not mail|do not call|email opt out|opt out|opted out"
    "|unsubscribed from all email|unsubscribed|unsubscribe|has opted out of email|opted out of email|phone opt out"
    "|連絡不可|配信停止|メール配信停止|オプトアウト|dm不可|メール不可|配信不可|メール配信不可|電話不可|配信拒否|連絡拒否",
    "lead.owner": "owner|lead owner|contact owner|sales rep|assigned to|担当営業|担当営業名|営業担当"
    "|営業担当者|営業担当者名|自社担当|自社担当者|弊社担当|弊社担当者|当社担当|当社担当者",
    "lead.enquiry": "enquiry|inquiry|message|your message|comment|comments|question|questions|request"
    "|requests|remarks|memo|note|notes|booth memo|booth notes|visitor comment|how can we help"
    "|how can we help you|description|お問い合わせ内容|問い合わせ内容|お問合せ内容|問合せ内容|お問い合わせ"
    "|問い合わせ|備考|備考欄|ご要望|要望|ご質問|質問|コメント|メモ|名刺メモ|商談メモ|ブースメモ|メッセージ"
    "|ご相談内容|相談内容|自由記入欄|自由記述|ヒアリング内容|会話内容|特記事項",
    "company.name": "company|company name|organization|organisation|organization name|account|account name"
    "|employer|associated company|primary associated company|会社名|会社|企業名|企業|法人名|勤務先"
    "|勤務先名|貴社名|御社名|会社名・団体名|団体名|組織名|所属企業|所属会社名",
    "company.domain": "domain|company domain|company domain name|website|website url|web site"
    "|company website|url|ドメイン|会社url|ホームページ|ホームページurl|企業url",
    "company.industry": "industry|sector|company industry|業種|業界|業種名",
    "company.employees": "employees|number of employees|employee count|num employees|no of employees"
    "|headcount|company size|size|従業員数|社員数|従業員規模|企業規模|会社規模|規模|人数|従業員",
    "company.revenue": "annual revenue|revenue|yearly revenue|sales|売上高|売上|年商|年間売上",
    "company.country": "company country",
    "company.region": "company region|company state|company city|会社所在地|会社住所",
    "activity.type": "activity type|event type|activity|event|type|行動の種類|行動種別|行動|種別"
    "|アクション|イベント種別",
    "activity.occurred_at": "occurred at|timestamp|datetime|date time|activity date|time|date|at|発生日時"
    "|行動日時|日時|アクセス日時|実施日時|日付",
    "activity.object": "object|page|page url|url|path|document|subject|対象|ページ|資料名|資料|コンテンツ"
    "|件名|ページurl",
    "activity.key": "key|activity id|event id|行動id|イベントid",
    "outcome.result": "result|outcome|stage|deal stage|status|結果|商談結果|受注失注|ステージ|ステータス|フェーズ",
    "outcome.decided_at": "decided at|decided on|close date|closed at|won at|date|決定日|受注日|完了予定日"
    "|クローズ日|成約日|日付",
    "outcome.revenue": "amount|revenue|deal amount|value|金額|受注金額|売上|売上金額|契約金額",
    "outcome.currency": "currency|deal currency|通貨",
    "outcome.closes_on": "expected close|expected close date|close date expected|受注予定日|クローズ予定日",
    "outcome.lost_reason": "lost reason|loss reason|reason lost|closed lost reason|失注理由|敗因",
}
KNOWN = {name: [folded(phrase) for phrase in phrases.split("|")] for name, phrases in PHRASES.items()}
ALL_KNOWN = frozenset(phrase for phrases in KNOWN.values() for phrase in phrases)
# Words that say whose it is or which of several, not what it is.
FILLING_WORDS = "your primary main business work corporate contact lead person customer visitor of the a 1 no"
FILLING = frozenset(FILLING_WORDS.split())
HINTS = re.compile(r"[(（\[【［<＜].*?[)）\]】］>＞]|※.*|必須|任意|[*＊:：]")
POLITE = re.compile(r"^(?:(?:ご|御)?(?:お客様|来場者|参加者|担当者様?)の?|ご|御)")
# The last words of these headers say what the column is, whatever stands before.
BY_THE_END = (
    "lead.email", "lead.name", "lead.title", "lead.department", "lead.phone", "lead.owner", "lead.enquiry",
    "company.name", "company.employees", "company.industry",
)  # fmt: skip
SHORTEST_END = 3
# A header that says no: a yes under it is no consent. Of one that says both (opt-in or opt-out) the cells must say it.
SAYS_NO = re.compile(
    r"\b(?:do not|don t|dont|opt(?:ed)? ?outs?|unsubscribed?|unsubscription|refus\w+|declin\w+|suppress\w*"
    r"|blocked|never|no (?:longer|consent|contact|e ?mails?|mail|calls?|phone|marketing))\b"
    r"|不可|停止|拒否|不要|禁止|お断り|辞退|オプトアウト|不同意|(?:希望|同意|送信|配信|連絡)し(?:ない|ません)"
)
SAYS_YES_TOO = re.compile(r"\b(?:opt(?:ed)? ?in|subscribed)\b|可否|可 ?不可|オプトイン|希望(?!し)|同意(?!し)|必要")
CONTACT = re.compile(r"mail|contact|call|phone|marketing|opt ?out|メール|配信|連絡|電話|営業|案内|dm|コンタクト")
# When, why and who, of a refusal; other ways to be reached, which say nothing of these.
BESIDE_REFUSAL = re.compile(
    r"\b(?:date|time|at|on|reason|by|fax|sms|history|source)\b|日|理由|ファックス|fax|備考|者|件数"
)


def words_of(header: str) -> str:
    """The words of a header, one space between them: `EmailAddress`, `email_address` and “E-Mail address *” alike."""
    plain = HINTS.sub(" ", header).strip() or header
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain)
    return " ".join(re.sub(r"[\W_]+", " ", folded(plain)).split())


def rank_of(header: str, name: str) -> int | None:
    """How sure it is that a header means this field: 0 is surest, None for not at all."""
    known, words = KNOWN.get(name, []), words_of(header)
    whole = words_of(header.replace("(", "").replace(")", "").replace("（", "").replace("）", ""))
    bare = " ".join(word for word in words.split() if word not in FILLING)
    own = name.partition(".")[2].replace("_", " ")
    forms = (whole,) if whole in ALL_KNOWN else (words, bare, POLITE.sub("", words.replace(" ", "")))
    for form in forms:
        if form in known:
            return known.index(form)
        if form == own and not name.startswith("company."):
            return 0
    if name == REFUSAL:
        means = says_refusal(header) and CONTACT.search(words) and not BESIDE_REFUSAL.search(words)
        return len(known) if means else None
    return len(known) if name in BY_THE_END and _ends_with(words, known) else None


def says_refusal(header: str) -> bool:
    """Whether a yes under this header means that somebody does not want to be contacted."""
    words = words_of(header)
    return bool(SAYS_NO.search(words)) and not SAYS_YES_TOO.search(SAYS_NO.sub("", words))


def _ends_with(words: str, known: Sequence[str]) -> bool:
    """In Japanese the last word is the thing: ご担当者の電話番号 is a telephone number."""
    joined = words.replace(" ", "")
    ends = [word for word in known if len(word) >= SHORTEST_END and not word.isascii() and joined.endswith(word)]
    if not ends:
        return False
    longest = max(map(len, ends))
    others = (word for names in KNOWN.values() for word in names if len(word) > longest and joined.endswith(word))
    return next(others, None) is None


def fields_of_headers(columns: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """The field of `names` that each header means, the surest header where several mean the same; only those of SEVERAL
    are filled by several columns."""
    ranked = sorted(
        (rank, place, name)
        for name in names
        for place, column in enumerate(columns)
        if (rank := rank_of(column, name)) is not None
    )
    mapped: dict[str, str] = {}
    for _rank, place, name in ranked:
        column = columns[place]
        if column not in mapped and (name not in mapped.values() or name in SEVERAL):
            mapped[column] = name
    return {column: mapped[column] for column in columns if column in mapped}
