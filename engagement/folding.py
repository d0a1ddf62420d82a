"""Text as it is compared: "Übersetzen", "uebersetzen" and "UBERSETZEN" are the same."""

import re
import unicodedata

from django.db.models import Func, GeneratedField, TextField, Value
from django.db.models.functions import Concat

# Combining marks, hyphens (Einfache Sprache writes "Hausaufgaben-Hilfe") and soft hyphens fall away.
LOST = r"[\u0300-\u036f\u00ad\u2010-]"
# And the vowels that Arabic may write, with the sign that keeps letters of one Persian word apart.
LOST_IN_WORDS = re.compile(r"[\u0300-\u036f\u00ad\u2010\u0610-\u061a\u064b-\u065f\u0670\u200c\u200d-]")
# Letters that Unicode does not take apart into a plain one and a mark.
PLAIN = {"ł": "l", "ı": "i", "đ": "d", "ø": "o", "æ": "a", "œ": "o"}
SPELLINGS = [*PLAIN.items(), ("ß", "ss"), ("ae", "a"), ("oe", "o"), ("ue", "u")]


class Fold(Func):
    """Folds a text in the database: columns and questions by the one rule, however a row was written."""

    output_field = TextField()
    template = (
        "replace(replace(replace(replace("
        f"translate(regexp_replace(normalize(lower(%(expressions)s), NFKD), '{LOST}', '', 'g'), "
        f"'{''.join(PLAIN)}', '{''.join(PLAIN.values())}')"
        ", 'ß', 'ss'), 'ae', 'a'), 'oe', 'o'), 'ue', 'u')"
    )


def folded(*columns: str) -> GeneratedField:
    """A column that holds others folded, so that a search among very many rows has only to compare."""
    words = [part for column in columns for part in (Value(" "), column)][1:]
    return GeneratedField(
        expression=Fold(Concat(*words, output_field=TextField())), output_field=TextField(), db_persist=True
    )


def folded_words(text: str) -> list[str]:
    """The words of a text in the order of the text, folded."""
    plain = LOST_IN_WORDS.sub("", unicodedata.normalize("NFKD", text.lower()))
    for written, meant in SPELLINGS:
        plain = plain.replace(written, meant)
    return re.findall(r"\w+", plain)
