"""An activity can be left out of the scores, with the reason on record, and be counted again."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# All that rules mostly ask of a row stands in the index that scoring and timelines read, in the order of leads and of
# time: scores of everybody need neither the table nor a sort.
WITH_FLAG = """
CREATE INDEX activity_of_lead_and_flag ON leads_activity (lead_id, occurred_at) INCLUDE (type_id, is_excluded, object);
DROP INDEX activity_of_lead;
ALTER INDEX activity_of_lead_and_flag RENAME TO activity_of_lead;
"""
WITHOUT_FLAG = """
DROP INDEX activity_of_lead;
CREATE INDEX activity_of_lead ON leads_activity (lead_id, occurred_at) INCLUDE (type_id);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0006_merges"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="activity",
            name="is_excluded",
            field=models.BooleanField(db_default=False, default=False, help_text="not counted; an Exclusion says why"),
        ),
        migrations.RunSQL(WITH_FLAG, WITHOUT_FLAG),
        migrations.CreateModel(
            name="Exclusion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("activity_id", models.BigIntegerField()),
                ("occurred_at", models.DateTimeField(help_text="of the activity")),
                (
                    "reason",
                    models.CharField(choices=[("scanner", "Mail scanner"), ("by_hand", "By hand")], max_length=8),
                ),
                ("note", models.CharField(blank=True, db_default="", default="", max_length=500)),
                ("at", models.DateTimeField()),
                ("reverted_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="leads.lead",
                    ),
                ),
                (
                    "reverted_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["lead", "occurred_at"], name="exclusion_of_lead")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("reverted_at", None)),
                        fields=("activity_id",),
                        name="activity_excluded_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reverted_by", None), ("reverted_at__isnull", False), _connector="OR"),
                        name="exclusion_reverted_at_an_instant",
                    ),
                ],
            },
        ),
    ]
