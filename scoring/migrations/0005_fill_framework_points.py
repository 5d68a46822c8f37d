"""What the shipped answers are worth, and how long each stays true. What somebody has given points is left alone."""

from django.db import migrations

YES_NO = {"yes": 16, "partly": 8, "no": 0}
AUTHORITY = {"decides": 25, "influences": 15, "none": 0}
MONEY = {"approved": 25, "planned": 10, "none": -10}
NEED = {"clear": 25, "vague": 10, "none": -10}
TIMING = {"three_months": 25, "half_year": 15, "later": 0}

# framework -> criterion -> the points of its options, and after how many days to ask again
SHIPPED = {
    "bant": {"budget": (MONEY, 180), "authority": (AUTHORITY, 365), "need": (NEED, 180), "timing": (TIMING, 90)},
    "champ": {
        "challenges": (NEED, 180), "authority": (AUTHORITY, 365), "money": (MONEY, 180), "prioritization": (TIMING, 90),
    },
    "meddic": dict.fromkeys(
        ("metrics", "economic_buyer", "decision_criteria", "decision_process", "identify_pain", "champion"),
        (YES_NO, 180),
    ),
    "anum": {"authority": (AUTHORITY, 365), "need": (NEED, 180), "urgency": (TIMING, 90), "money": (MONEY, 180)},
}  # fmt: skip


def fill(apps, schema_editor):
    criterion_of, option_of = (apps.get_model("scoring", name) for name in ("Criterion", "Option"))
    for framework, criteria in SHIPPED.items():
        for code, (points, days) in criteria.items():
            own = {"framework__code": framework, "code": code}
            criterion_of.objects.filter(**own, confirm_after_days=None).update(confirm_after_days=days)
            for option, worth in points.items():
                found = option_of.objects.filter(
                    criterion__framework__code=framework, criterion__code=code, code=option, points=0
                )
                found.update(points=worth * 100)


class Migration(migrations.Migration):
    dependencies = [("scoring", "0004_framework_points")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
