from django.db import migrations

from leads.shipped import ship


def add_shipped_rows(apps, schema_editor):
    ship(apps)


class Migration(migrations.Migration):
    dependencies = [("leads", "0002_partition_activities")]
    operations = [migrations.RunPython(add_shipped_rows, migrations.RunPython.noop)]
