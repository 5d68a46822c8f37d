"""Files are read back in slices, which is quick only where they are not compressed."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE intake_leadimport ALTER COLUMN content SET STORAGE EXTERNAL",
            "ALTER TABLE intake_leadimport ALTER COLUMN content SET STORAGE EXTENDED",
        )
    ]
