"""The rule, published: what counts and how much, in plain words for everybody."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from .judging import FACTORS, Weights


@dataclass(frozen=True)
class Factor:
    name: str
    meaning: str
    points: int


WORDS = {
    "language": (_("Languages"), _("You speak the languages that are needed. Each level more counts.")),
    "skills": (_("Skills"), _("You can do what is needed. Something similar counts a little.")),
    "neighbourhood": (_("Nearness"), _("You live near. What you can do from home is always near.")),
    "time": (_("Time"), _("You have time when somebody is needed.")),
    "field": (_("Wishes"), _("You would like to do this kind of task.")),
    "motive": (_("Reason"), _("The task suits the reason why you volunteer.")),
}


def factors(weights: Weights) -> list[Factor]:
    """What counts, the most important first."""
    found = [Factor(*WORDS[name], points=int(getattr(weights, name))) for name in FACTORS]
    return sorted(found, key=lambda factor: -factor.points)
