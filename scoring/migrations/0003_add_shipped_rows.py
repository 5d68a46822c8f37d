from django.db import migrations

from scoring.shipped import ship


def add_shipped_rows(apps, schema_editor):
    ship(apps)


class Migration(migrations.Migration):
    dependencies = [("scoring", "0002_leave_room_in_scores")]
    operations = [migrations.RunPython(add_shipped_rows, migrations.RunPython.noop)]
