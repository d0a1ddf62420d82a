"""Text as the database compares it: "Übersetzen", "uebersetzen" and "UBERSETZEN" are the same."""

from django.db.models import Func, TextField

# Combining marks, hyphens (Einfache Sprache writes "Hausaufgaben-Hilfe") and soft hyphens fall away.
LOST = r"[\u0300-\u036f\u00ad\u2010-]"


class Fold(Func):
    """Folds a text in the database: columns and questions by the one rule, however a row was written."""

    output_field = TextField()
    template = (
        "replace(replace(replace(replace("
        f"regexp_replace(normalize(lower(%(expressions)s), NFKD), '{LOST}', '', 'g')"
        ", 'ß', 'ss'), 'ae', 'a'), 'oe', 'o'), 'ue', 'u')"
    )


class Values(Func):
    """The values of a JSON object as one text, without its keys."""

    output_field = TextField()
    template = "jsonb_path_query_array(%(expressions)s, '$.*')::text"
