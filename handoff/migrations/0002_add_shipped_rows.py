from typing import Any

from django.db import migrations

from handoff.shipped import ship


def add_shipped_rows(apps: Any, schema_editor: Any) -> None:
    ship(apps)


class Migration(migrations.Migration):
    dependencies = [("handoff", "0001_initial")]
    operations = [migrations.RunPython(add_shipped_rows, migrations.RunPython.noop)]
