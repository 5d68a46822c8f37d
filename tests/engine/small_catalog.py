"""A catalog of the tests' own: the columns of the tables, with words that the tests of sentences expect."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from engine.catalog import Catalog, CatalogActivity, CatalogCriterion, CatalogField, Choice, FieldType, Label, Unit
from engine.nodes import Condition


def _choices(*rows: tuple[str, str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(code=code, label=Label(en, ja), rank=rank) for rank, (code, en, ja) in enumerate(rows, start=1))


TITLE_LEVELS = _choices(
    ("staff", "staff", "一般社員"),
    ("lead", "team lead", "係長・主任"),
    ("manager", "manager", "課長・マネージャー"),
    ("director", "director", "部長"),
    ("executive", "executive", "役員・経営者"),
)
ORIGINS = _choices(("marketing", "from marketing", "マーケティング発"), ("sales", "from sales", "営業発（引き合い）"))
STAGES = _choices(
    ("inquiry", "Inquiry", "問い合わせ"),
    ("mql", "MQL", "MQL"),
    ("sql", "SQL", "SQL"),
    ("opportunity", "Opportunity", "商談"),
    ("customer", "Customer", "顧客"),
    ("nurture", "Nurture", "育成中"),
    ("disqualified", "Disqualified", "対象外"),
)
CHANNELS = _choices(
    ("search", "search", "検索"),
    ("ads", "advertising", "広告"),
    ("social", "social media", "SNS"),
    ("email", "email", "メール"),
    ("web", "website", "Webサイト"),
    ("webinar", "webinar", "ウェビナー"),
    ("event", "exhibition or seminar", "展示会・セミナー"),
    ("phone", "phone", "電話"),
    ("referral", "referral", "紹介"),
    ("other", "other", "その他"),
)
TEXT, CHOICE = FieldType.TEXT, FieldType.CHOICE


def base_fields(*, sources: tuple[Choice, ...] = ()) -> tuple[CatalogField, ...]:
    return (
        _lead("email", TEXT, "email", "メールアドレス"),
        _lead("external_id", TEXT, "external id", "外部ID"),
        _lead("name", TEXT, "name", "氏名"),
        _lead("title", TEXT, "job title", "役職"),
        _lead("title_level", FieldType.ORDERED, "title level", "役職レベル", TITLE_LEVELS),
        _lead("department", TEXT, "department", "部署"),
        _lead("phone", TEXT, "phone", "電話番号"),
        _lead("language", TEXT, "language", "言語"),
        _lead("country", TEXT, "country", "国"),
        _lead("region", TEXT, "region", "地域"),
        _field("source", CHOICE, ("source", "code"), "lead", "source", "流入元", sources),
        _field("channel", CHOICE, ("source", "channel"), "lead", "channel", "チャネル", CHANNELS),
        _lead("campaign", TEXT, "campaign", "キャンペーン"),
        _lead("origin", CHOICE, "origin", "発生元", ORIGINS),
        _lead("stage", CHOICE, "stage", "ステージ", STAGES),
        _lead("created_at", FieldType.DATETIME, "created", "登録日時"),
        _lead("planned_on", FieldType.DATE, "planned start", "導入予定日"),
        _lead("consent", FieldType.BOOLEAN, "consent to contact", "連絡の同意"),
        _company("name", TEXT, "company name", "企業名"),
        _company("domain", TEXT, "company domain", "企業ドメイン"),
        _company("industry", TEXT, "industry", "業種"),
        _company(
            "employees", FieldType.INTEGER, "number of employees", "従業員数", Unit("employee", "employees", "名")
        ),
        _company("revenue", FieldType.INTEGER, "annual revenue", "年商"),
        _company("country", TEXT, "company country", "企業の国"),
        _company("region", TEXT, "company region", "企業の地域"),
    )


def _field(
    code: str, kind: FieldType, path: tuple[str, ...], group: str, en: str, ja: str, choices: tuple[Choice, ...] = ()
) -> CatalogField:
    return CatalogField(code=code, type=kind, path=path, label=Label(en, ja), group=group, choices=choices)


def _lead(name: str, kind: FieldType, en: str, ja: str, choices: tuple[Choice, ...] = ()) -> CatalogField:
    return _field(name, kind, ("lead", name), "lead", en, ja, choices)


def _company(name: str, kind: FieldType, en: str, ja: str, unit: Unit | None = None) -> CatalogField:
    return replace(_field(f"company.{name}", kind, ("company", name), "company", en, ja), unit=unit)


def small_catalog(
    *,
    activities: Iterable[CatalogActivity],
    criteria: Iterable[CatalogCriterion] = (),
    sources: Iterable[Choice] = (),
    custom: Iterable[CatalogField] = (),
    segments: Mapping[str, Condition] | None = None,
) -> Catalog:
    fields = [*base_fields(sources=tuple(sources)), *custom]
    return Catalog(
        fields={each.code: each for each in fields},
        activities={activity.code: activity for activity in activities},
        criteria={criterion.code: criterion for criterion in criteria},
        segments=segments or {},
    )
