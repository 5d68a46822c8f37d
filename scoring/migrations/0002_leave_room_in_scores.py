"""Scores are rewritten in place: with room on the page, a rewrite that changes no indexed column touches no index."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("scoring", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE scoring_leadscore SET (fillfactor = 80)", "ALTER TABLE scoring_leadscore RESET (fillfactor)"
        )
    ]
