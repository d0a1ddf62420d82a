from django.db import migrations

# A notice shows the phone of the agency as well.
TRIGGER = """
DROP TRIGGER note_host ON organisations_organisation;
CREATE TRIGGER note_host AFTER UPDATE ON organisations_organisation FOR EACH ROW
    WHEN (old.name <> new.name {more} OR (old.verified_at IS NULL) <> (new.verified_at IS NULL))
    EXECUTE FUNCTION organisations_note_host();
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0006_days_and_insurance")]

    operations = [
        migrations.RunSQL(TRIGGER.format(more="OR old.phone <> new.phone"), TRIGGER.format(more="")),
    ]
