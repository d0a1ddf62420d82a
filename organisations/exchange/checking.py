"""Whether values make an opportunity, by the rules of the forms; and as what the models take."""

from datetime import date, time
from functools import cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..days import settle_day
from ..models import Opportunity, OpportunityText
from ..texts import TEXT_PARTS
from .columns import NAMES, kind_of, label_of

RELATIONS = ("host", "field", "city", "neighbourhoods", "skills_required", "skills_wanted", "proofs", "languages")
SCALARS = [name for name in NAMES if name not in RELATIONS]
EMPTY = ("", None, [])
# Checked as a whole, and the others are chosen from what is known.
TYPED = [field.name for field in Opportunity._meta.fields if field.name not in SCALARS]
OF_THE_DAY = ("day", "begins_at", "ends_at", "frequency", "times", "valid_until")


def same(one, other) -> bool:
    return one == other or (one in EMPTY and other in EMPTY)


def typed(values: dict) -> dict:
    """The plain columns of ``values`` as a model takes them."""
    return {name: typed_value(name, values[name]) for name in SCALARS if name in values}


def typed_value(name: str, value):
    kind = kind_of(name)
    if value in EMPTY:
        return [] if kind == "times" else None if is_nullable(name) else ""
    if kind == "day":
        return time.fromisoformat(value) if name in ("begins_at", "ends_at") else date.fromisoformat(value)
    return value


@cache
def is_nullable(name: str) -> bool:
    return Opportunity._meta.get_field(name).null


def settled(values: dict) -> tuple[dict, list[str]]:
    """The plain columns that belong to ``values``, completed by the day, and what is wrong with them."""
    plain = {"place": Opportunity.Place.NEIGHBOURHOOD, **typed(values)}
    plain["place"] = plain["place"] or Opportunity.Place.NEIGHBOURHOOD
    faults = [f"{label_of(name)}: {message}" for name, message in settle_day(plain).items()]
    try:
        Opportunity(**plain).clean_fields(exclude=TYPED)
    except ValidationError as error:
        faults += [f"{label_of(name)}: {' '.join(texts)}" for name, texts in error.message_dict.items()]
    return plain, [*faults, *contradictions(values, plain), *faults_of_texts(values)]


def contradictions(values: dict, plain: dict):
    if plain.get("only_for") and not plain.get("only_for_reason"):
        yield _("Give the reason for this restriction.")
    if set(values.get("skills_required") or []) & set(values.get("skills_wanted") or []):
        yield _("A skill is either needed or wished. Choose one of the two.")
    if values.get("neighbourhoods") and plain["place"] != Opportunity.Place.NEIGHBOURHOOD:
        yield _("Remove the neighbourhoods, or choose “in one or several neighbourhoods”.")


def faults_of_texts(values: dict):
    titles = {name.partition("_")[2] for name, text in values.items() if name.startswith("title_") and text}
    if not titles:
        yield _("The title is missing.")
    for name, text in values.items():
        part, _sign, language = name.partition("_")
        if part in TEXT_PARTS and text:
            most = OpportunityText._meta.get_field(part).max_length
            if len(text) > most:
                yield _("%(column)s: longer than %(number)s signs.") % {"column": label_of(name), "number": most}
            if language not in titles:
                yield _("%(column)s: a title in this language is missing.") % {"column": label_of(name)}
