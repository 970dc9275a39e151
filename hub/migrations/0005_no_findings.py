"""A record without findings holds nothing, so that the index has only those that have some."""

from django.db import migrations


def forget_empty(apps, schema_editor):
    apps.get_model("hub", "SyncRecord").objects.filter(findings=[]).update(findings=None)


class Migration(migrations.Migration):
    dependencies = [("hub", "0004_month_end")]
    operations = [migrations.RunPython(forget_empty, migrations.RunPython.noop)]
