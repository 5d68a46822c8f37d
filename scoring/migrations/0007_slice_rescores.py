import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0002_add_mail_opt_out"),
        ("scoring", "0006_effects"),
    ]

    operations = [
        migrations.CreateModel(
            name="RescoreSlice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("after", models.BigIntegerField(help_text="the last lead that was scored")),
                ("last", models.BigIntegerField(help_text="where the range ends; NULL for never", null=True)),
                ("is_done", models.BooleanField(default=False)),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="slices", to="notices.jobrun"
                    ),
                ),
            ],
            options={
                "ordering": ["job", "pk"],
            },
        ),
    ]
