"""What a file of neighbourhoods would do: it is loaded for a moment, looked at, and taken back."""

from dataclasses import dataclass, field, replace

from django.db import transaction

from engagement.models import Neighbourhood

from .geojson import Feature, features_in
from .loading import load_features
from .neighbourhoods import city_of
from .storing import Changes


@dataclass
class Outlook:
    """The names of what would be new, of what is known already, and of what would no longer be offered."""

    new: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)


def features_for(file: str, text: str, city: str) -> list[Feature]:
    """The features of a file that was brought to the desk.

    They are loaded in the name of their towns: a file of another town that happens to be called the same, or like one
    of those that ship with the house, then withdraws nothing.
    """
    features = features_in(file, text)
    towns = ", ".join(sorted({city_of(feature, city)[0] for feature in features}))
    return [replace(feature, file=f"desk: {towns}"[:100]) for feature in features]


def look_ahead(features: list[Feature], city: str) -> Outlook:
    """Raises VocabularyError where something cannot be loaded."""
    before = dict(Neighbourhood.objects.in_use().values_list("code", "name"))
    with transaction.atomic():
        outlook = Outlook(changes=load_features(features, city))
        after = dict(Neighbourhood.objects.in_use().values_list("code", "name"))
        names = {feature.properties["name"] for feature in features}
        transaction.set_rollback(True)
    outlook.new = sorted(name for code, name in after.items() if code not in before)
    outlook.known = sorted(names & {name for code, name in before.items() if code in after})
    outlook.gone = sorted(name for code, name in before.items() if code not in after)
    return outlook
