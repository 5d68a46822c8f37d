from typing import Any

from django.db import migrations

from leads.shipped import ship


def add_shipped_rows(apps: Any, schema_editor: Any) -> None:
    ship(apps)


class Migration(migrations.Migration):
    dependencies = [("leads", "0002_partition_activities")]
    operations = [migrations.RunPython(add_shipped_rows, migrations.RunPython.noop)]
