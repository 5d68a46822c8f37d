"""What the scorer writes names a model and a version that it has just read: not to be looked up row by row again."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0011_stage_rules"),
    ]

    operations = [
        migrations.AlterField(
            model_name="leadscore",
            name="model",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="scoring.scoringmodel",
            ),
        ),
        migrations.AlterField(
            model_name="leadscore",
            name="version",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="scoring.version",
            ),
        ),
        migrations.AlterField(
            model_name="scorechange",
            name="model",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="scoring.scoringmodel",
            ),
        ),
        migrations.AlterField(
            model_name="scorechange",
            name="version",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="scoring.version",
            ),
        ),
    ]
