"""What is stored of an opportunity, in the words in which files speak of it."""

from ..models import Opportunity
from .columns import NAMES, kind_of
from .markup import tidy
from .whereabouts import Places

MANY = [
    "texts",
    "needed_languages__language",
    "neighbourhoods",
    "skills_required",
    "skills_wanted",
    "proofs",
]


def with_values(opportunities):
    """The rows with all that their values need, in eight queries."""
    return opportunities.select_related("host", "field").prefetch_related(*MANY)


def values_of(opportunity: Opportunity, places: Places) -> dict:
    """Its values by column: plain text, codes, numbers; "", [] and None are unknown."""
    values = {name: value_of(opportunity, name) for name in NAMES if name not in ("host", "field", "city", "languages")}
    values |= {
        "host": tidy(opportunity.host.name),
        "field": opportunity.field.code,
        "city": places.labels.get(opportunity.city_id, ""),
        "languages": sorted([row.language.code, row.level, row.role] for row in opportunity.needed_languages.all()),
    }
    for text in opportunity.texts.all():
        values |= {f"{part}_{text.language}": tidy(getattr(text, part)) for part in ("title", "body", "schedule")}
    return values


def value_of(opportunity: Opportunity, name: str):
    kind = kind_of(name)
    value = getattr(opportunity, name)
    if kind == "many":
        return sorted(term.code for term in value.all())
    if kind == "times":
        return sorted(value)
    if kind == "day" and value is not None:
        return f"{value:%H:%M}" if hasattr(value, "hour") else value.isoformat()
    return tidy(value) if kind == "text" else value
