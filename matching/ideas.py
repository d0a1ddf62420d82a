"""Ideas: suggestions as their candidate meets them, and what one may answer besides "I am interested"."""

from datetime import date, timedelta

from django.utils import timezone

from engagement.keys import key_of
from organisations.facts import Facts

from . import explaining
from .models import Postponement, Suggestion
from .review import Candidate, named

# As many ideas for each candidate: more would be a list to work through.
MOST = 5
LATER = timedelta(weeks=4)
NAMED = ["volunteer", "organisation", "opportunity__field", "opportunity__city"]
SHOWN = ["opportunity__texts", "opportunity__neighbourhoods__city"]


def of(user) -> list[Suggestion]:
    """The suggestions for ``user`` on which nobody has acted, in the order of their appeal."""
    ideas = Suggestion.objects.of_candidate(user).of_open_opportunities().undecided()
    ideas = ideas.first_of_each_candidate(MOST).best_for_candidate()
    ideas = list(ideas.select_related(*NAMED).prefetch_related(*SHOWN))
    for idea in ideas:
        idea.key, idea.facts = key_of(idea.candidate), Facts(idea.opportunity)
    return ideas


def tell_reasons(pairs) -> None:
    """Give each match and each idea its ``explanation``, as short as a list needs it."""
    explanations = explaining.explain_all([(pair.opportunity, pair.candidate) for pair in pairs])
    for pair, explanation in zip(pairs, explanations, strict=True):
        pair.explanation = explanation.short()


def postpone(opportunity, candidate: Candidate, *, now=None) -> date:
    """ "Not now": it is suggested to nobody's desk and nobody's page for four weeks. Returns the day it may come back.

    A second press changes nothing but the day.
    """
    until = timezone.localdate(now) + LATER
    pair = {"opportunity": opportunity, **named(candidate)}
    Postponement.objects.update_or_create(**pair, defaults={"until": until})
    return until
