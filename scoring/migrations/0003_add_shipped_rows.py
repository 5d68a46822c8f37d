from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from scoring.shipped import ship


def add_shipped_rows(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    ship(apps)


class Migration(migrations.Migration):
    dependencies = [("scoring", "0002_leave_room_in_scores")]
    operations = [migrations.RunPython(add_shipped_rows, migrations.RunPython.noop)]
