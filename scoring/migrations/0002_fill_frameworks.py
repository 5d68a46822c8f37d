"""The four frameworks that ship as data (S18 to S22). Points are rules' business: `{answer: bant.authority, ...}`."""

from django.db import migrations

YES_NO = [("yes", "Yes", "はい"), ("partly", "Partly", "一部"), ("no", "No", "いいえ")]
AUTHORITY = [
    ("decides", "Decides", "決裁者"),
    ("influences", "Influences the decision", "決裁に影響力あり"),
    ("none", "No say", "権限なし"),
]
MONEY = [
    ("approved", "Budget approved", "予算確保済み"),
    ("planned", "Budget planned", "予算申請中"),
    ("none", "No budget", "予算なし"),
]
NEED = [("clear", "Clear need", "明確"), ("vague", "Vague need", "漠然"), ("none", "No need", "なし")]
TIMING = [
    ("three_months", "Within 3 months", "3か月以内"),
    ("half_year", "Within half a year", "半年以内"),
    ("later", "Later", "それ以降・未定"),
]

FRAMEWORKS = [
    ("bant", "BANT", "BANT", [
        ("budget", "Budget", "予算", MONEY), ("authority", "Authority", "決裁権", AUTHORITY),
        ("need", "Need", "ニーズ", NEED), ("timing", "Timing", "導入時期", TIMING),
    ]),
    ("champ", "CHAMP", "CHAMP", [
        ("challenges", "Challenges", "課題", NEED), ("authority", "Authority", "決裁権", AUTHORITY),
        ("money", "Money", "予算", MONEY), ("prioritization", "Prioritization", "優先度", TIMING),
    ]),
    ("meddic", "MEDDIC", "MEDDIC", [
        ("metrics", "Metrics", "測定指標", YES_NO), ("economic_buyer", "Economic buyer", "最終決裁者", YES_NO),
        ("decision_criteria", "Decision criteria", "意思決定基準", YES_NO),
        ("decision_process", "Decision process", "意思決定プロセス", YES_NO),
        ("identify_pain", "Identified pain", "課題の特定", YES_NO), ("champion", "Champion", "社内推進者", YES_NO),
    ]),
    ("anum", "ANUM", "ANUM", [
        ("authority", "Authority", "決裁権", AUTHORITY), ("need", "Need", "ニーズ", NEED),
        ("urgency", "Urgency", "緊急度", TIMING), ("money", "Money", "予算", MONEY),
    ]),
]  # fmt: skip


def fill(apps, schema_editor):
    framework_of, criterion_of, option_of = (
        apps.get_model("scoring", name) for name in ("Framework", "Criterion", "Option")
    )
    for code, english, japanese, criteria in FRAMEWORKS:
        framework = framework_of.objects.create(code=code, label_en=english, label_ja=japanese)
        for place, (code, english, japanese, options) in enumerate(criteria):
            criterion = criterion_of.objects.create(
                framework=framework, code=code, label_en=english, label_ja=japanese, position=place
            )
            option_of.objects.bulk_create(
                option_of(criterion=criterion, code=code, label_en=english, label_ja=japanese, position=number)
                for number, (code, english, japanese) in enumerate(options)
            )


def empty(apps, schema_editor):
    apps.get_model("scoring", "Framework").objects.filter(code__in=[row[0] for row in FRAMEWORKS]).delete()


class Migration(migrations.Migration):
    dependencies = [("scoring", "0001_initial")]
    operations = [migrations.RunPython(fill, empty)]
