import django.utils.timezone
from django.db import migrations, models
from django.db.models.functions import Coalesce


def confirm_when_published(apps, schema_editor):
    """Of what stands there already the house knows only when it was published, or written."""
    apps.get_model("organisations", "Opportunity").objects.update(confirmed_at=Coalesce("published_at", "created_at"))


class Migration(migrations.Migration):
    dependencies = [("organisations", "0008_needs")]

    operations = [
        migrations.AddField(
            model_name="opportunity",
            name="confirmed_at",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="confirmed"),
        ),
        migrations.RunPython(confirm_when_published, migrations.RunPython.noop),
    ]
