"""What the page of an opportunity shows at once, and what it folds away until somebody wants it."""

from django.conf import settings
from django.utils.translation import get_language

from engagement.languages import written_first

from .texts import text_names

# What is seldom asked for; each part unfolds where it has an answer or an error.
PARTS = {
    "get": [
        "has_trial_visit",
        "is_in_team",
        "is_accompanied",
        "gives_certificate",
        "serves_newcomers",
        "reimbursement",
        "insured_by",
    ],
    "proofs": ["proofs"],
    "only_for": ["only_for", "only_for_reason"],
}
# "unknown" is what a browser sends for a question with yes and no that nobody answered.
NO_ANSWERS = (None, "", "unknown", [])


def is_used(fields) -> bool:
    """Whether any of the bound fields has an answer or an error to show."""
    return any(field.errors or field.value() not in NO_ANSWERS for field in fields)


def open_parts(form) -> set[str]:
    return {part for part, names in PARTS.items() if is_used([form[name] for name in names])}


def text_groups(form) -> list[dict]:
    """The fields of each text for a page, each with what is hard to read in it.

    The reader's language is open; few are offered at once.
    """
    advice = form.advice()
    groups = []
    for language, name in settings.LANGUAGES:
        fields = [form[field] for field in text_names(language)]
        group = {"language": language, "name": name, "fields": [(field, advice.get(field.name)) for field in fields]}
        group["is_used"] = is_used(fields)
        group["is_wrong"] = any(field.errors for field in fields)
        group["is_open"] = language == get_language() or group["is_used"]
        group["is_at_once"] = group["is_open"] or language in written_first()
        groups.append(group)
    return groups
