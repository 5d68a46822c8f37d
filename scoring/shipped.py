"""The four frameworks that ship as data (S18 to S22): what answers are worth, and after how many days to ask again."""

from __future__ import annotations

from django.apps.registry import Apps

# Each answer: code, English, Japanese, points.
YES_NO = [("yes", "Yes", "はい", 16), ("partly", "Partly", "一部確認済み", 8), ("no", "No", "いいえ", 0)]
AUTHORITY = [
    ("decides", "Decides", "決裁者", 25),
    ("influences", "Influences the decision", "決裁に影響力あり", 15),
    ("none", "No authority", "決裁権なし", 0),
]
MONEY = [
    ("approved", "Budget approved", "予算確保済み", 25),
    ("planned", "Budget planned", "予算化を予定", 10),
    ("none", "No budget", "予算なし", -10),
]
NEED = [("clear", "Clear need", "明確", 25), ("vague", "Vague need", "漠然", 10), ("none", "No need", "なし", -10)]
TIMING = [
    ("three_months", "Within 3 months", "3か月以内", 25),
    ("half_year", "Within half a year", "半年以内", 15),
    ("later", "Later", "それ以降・未定", 0),
]

# Each framework: code, and its criteria: code, English, Japanese, answers, days.
FRAMEWORKS = [
    ("bant", "BANT", [
        ("budget", "Budget", "予算", MONEY, 180), ("authority", "Authority", "決裁権", AUTHORITY, 365),
        ("need", "Need", "ニーズ", NEED, 180), ("timing", "Timing", "導入時期", TIMING, 90),
    ]),
    ("champ", "CHAMP", [
        ("challenges", "Challenges", "課題", NEED, 180), ("authority", "Authority", "決裁権", AUTHORITY, 365),
        ("money", "Money", "予算", MONEY, 180), ("prioritization", "Prioritization", "優先度", TIMING, 90),
    ]),
    ("meddic", "MEDDIC", [
        ("metrics", "Metrics", "期待効果（指標）", YES_NO, 180),
        ("economic_buyer", "Economic buyer", "最終決裁者", YES_NO, 180),
        ("decision_criteria", "Decision criteria", "意思決定基準", YES_NO, 180),
        ("decision_process", "Decision process", "意思決定プロセス", YES_NO, 180),
        ("identify_pain", "Identified pain", "課題の特定", YES_NO, 180),
        ("champion", "Champion", "社内推進者", YES_NO, 180),
    ]),
    ("anum", "ANUM", [
        ("authority", "Authority", "決裁権", AUTHORITY, 365), ("need", "Need", "ニーズ", NEED, 180),
        ("urgency", "Urgency", "緊急度", TIMING, 90), ("money", "Money", "予算", MONEY, 180),
    ]),
]  # fmt: skip


def ship(apps: Apps) -> None:
    """Add the rows to an installation that has none of them; `apps` gives the models as a migration knows them."""
    framework_model = apps.get_model("scoring", "Framework")
    criterion_model = apps.get_model("scoring", "Criterion")
    option_model = apps.get_model("scoring", "Option")
    for code, name, criteria in FRAMEWORKS:
        framework = framework_model.objects.create(code=code, label_en=name, label_ja=name)
        for place, (code, english, japanese, answers, days) in enumerate(criteria):
            criterion = criterion_model.objects.create(
                framework=framework,
                code=code,
                label_en=english,
                label_ja=japanese,
                position=place,
                confirm_after_days=days,
            )
            option_model.objects.bulk_create(
                option_model(
                    criterion=criterion,
                    code=code,
                    label_en=english,
                    label_ja=japanese,
                    position=number,
                    points=points * 100,
                )
                for number, (code, english, japanese, points) in enumerate(answers)
            )
