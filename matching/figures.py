"""What one night looked like: who is suggested to whom, how evenly, how long people wait, what came of it.

Numbers of people from one to four are never kept, neither for all nor for those who speak a language or live in a
neighbourhood; there a number is not kept either where it leaves a rest of one to four, or where it would tell such a
number of the only neighbourhood that is missing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from engagement.models import Mail, Neighbourhood, Postcode
from organisations.models import Opportunity
from volunteers.models import Volunteer

from .models import Match, MatchEvent, NightlyFigures, Region, Suggestion
from .waiting import LONG, with_waiting

FEWEST = 5
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Scope:
    """Whom the figures are about: ``opportunities`` in any state, ``volunteers`` who may be suggested, and the
    ``suggestions`` in the lists of these people and of the self-organisations there."""

    opportunities: QuerySet
    volunteers: QuerySet
    suggestions: QuerySet
    now: datetime

    @property
    def open(self) -> QuerySet:
        return self.opportunities.open(self.now)


def keep(region: Region | None = None, *, now: datetime | None = None, **more: float) -> NightlyFigures:
    """Measure a region, or the whole house, and keep it under today's date, with what else is known (``more``).

    A second time on the same day replaces the numbers of the first.
    """
    now = now or timezone.now()
    scope = scope_of(region, now)
    numbers = {**measure(scope), **more} if region else {**measure(scope), **mails(now), **more}
    values = {"numbers": numbers, "groups": groups(scope), "measured_at": now}
    day = timezone.localdate(now)
    figures, _is_new = NightlyFigures.objects.update_or_create(region=region, day=day, defaults=values)
    return figures


def keep_house(now: datetime | None = None) -> NightlyFigures:
    """Measure the whole house; it is priced as well as the region that was priced worst on this day."""
    regions = NightlyFigures.objects.filter(day=timezone.localdate(now)).exclude(region=None)
    certificates = [numbers["certificate"] for numbers in regions.values_list("numbers", flat=True)]
    return keep(now=now, **({"certificate": min(certificates)} if certificates else {}))


def scope_of(region: Region | None, now: datetime) -> Scope:
    """The whole house, or what happens in one town and who lives there."""
    opportunities, volunteers = Opportunity.objects.all(), Volunteer.objects.available(now)
    if region is None:
        return Scope(opportunities, volunteers, Suggestion.objects.all(), now)
    # As plain numbers: so PostgreSQL looks them up, and need not read all people once for each region.
    hoods = list(Neighbourhood.objects.order_by().filter(city=region.city_id).values_list("pk", flat=True))
    postcodes = list(Postcode.objects.order_by().filter(city=region.city_id).values_list("pk", flat=True))
    lives_there = Q(neighbourhood__in=hoods) | Q(neighbourhood=None, postcode__in=postcodes)
    places = Opportunity.neighbourhoods.through.objects.filter(neighbourhood__in=hoods).values("opportunity")
    return Scope(
        opportunities.filter(Q(city=region.city_id) | Q(pk__in=places)),
        volunteers.filter(lives_there),
        Suggestion.objects.filter(region=region),
        now,
    )


def measure(scope: Scope) -> dict[str, float | None]:
    """The figures by name (``curves.CHARTS`` says what they mean); None where they are unknown or not kept."""
    return {**suggested(scope), **connections(scope), **exposures(scope), **waits(scope)}


def kept(people: int, of: int | None = None) -> int | None:
    """A number of people, or None if it, or the rest of ``of``, is not zero and too small to be kept."""
    rest = 0 if of is None else of - people
    return None if 0 < people < FEWEST or 0 < rest < FEWEST else people


# --- Who is suggested -------------------------------------------------------------------------------------------------
def has_suggestion(side: str) -> Exists:
    return Exists(Suggestion.objects.filter(**{side: OuterRef("pk")}))


def suggested(scope: Scope) -> dict:
    opportunities, volunteers = scope.open, scope.volunteers
    return {
        "opportunities": opportunities.count(),
        "opportunities_suggested": opportunities.filter(has_suggestion("opportunity")).count(),
        "volunteers": kept(volunteers.count()),
        "volunteers_suggested": kept(volunteers.filter(has_suggestion("volunteer")).count()),
    }


# --- What came of it --------------------------------------------------------------------------------------------------
def connections(scope: Scope) -> dict:
    """A connection is a yes: of a volunteer or a self-organisation to one opportunity, within the last seven days."""
    yes = MatchEvent.objects.standing().filter(
        to_state=Match.State.INTERESTED,
        at__gt=scope.now - WEEK,
        at__lte=scope.now,
        match__opportunity__in=all_of(scope),
    )
    return {
        "opportunities_connected": yes.values("match__opportunity").distinct().count(),
        "connections": kept(yes.values("match").distinct().count()),
        "placed": kept(Match.objects.placed().filter(opportunity__in=all_of(scope)).count()),
    }


def all_of(scope: Scope) -> QuerySet:
    return scope.opportunities.values("pk")


def mails(now: datetime) -> dict:
    """Mails sent within the last seven days, for each person who got one."""
    sent = Mail.objects.filter(state=Mail.State.SENT, sent_at__gt=now - WEEK, sent_at__lte=now)
    number = sent.aggregate(mails=Count("pk"), people=Count("to", distinct=True))
    return {"mails": number["mails"] / number["people"] if number["people"] >= FEWEST else None}


# --- How evenly attention is spread -----------------------------------------------------------------------------------
def exposures(scope: Scope) -> dict:
    """How unequal the attention is that a row gets from the lists it stands in: place k of a list gives 1/k.

    Opportunities stand in the lists of candidates, volunteers in the queues of opportunities.
    """
    lists = placed_in_lists(scope.suggestions, ["volunteer", "organisation"], "-appeal")
    queue = Suggestion.objects.filter(opportunity__in=scope.open.values("pk"))
    queues = placed_in_lists(queue, ["opportunity"], "-standing")
    seen = attention(lists, "opportunity_id", scope.open)
    found = attention(queues, "volunteer_id", scope.volunteers)
    enough = len(found) >= FEWEST
    return {
        "opportunity_gini": gini(seen),
        "opportunity_tenth": lowest_tenth(seen),
        "volunteer_gini": gini(found) if enough else None,
        "volunteer_tenth": lowest_tenth(found) if enough else None,
    }


def placed_in_lists(suggestions: QuerySet, of: list[str], order: str) -> QuerySet:
    """Suggestions with their ``place`` in the list of each row that they are ``of``, beginning at 1."""
    place = Window(RowNumber(), partition_by=[F(name) for name in of], order_by=[order, "pk"])
    return suggestions.order_by().annotate(place=place).values("opportunity_id", "volunteer_id", "place")


def attention(lists: QuerySet, side: str, rows: QuerySet) -> np.ndarray:
    """The attention that each of ``rows`` gets, in no order; the ORM cannot add up places of a window by itself."""
    lists_sql, lists_values = lists.query.sql_with_params()
    try:
        rows_sql, rows_values = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        # Nobody can live in a town without a place.
        return np.array([])
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT coalesce(sum(1.0 / place), 0)::float FROM ({rows_sql}) AS wanted (pk) "
            f"LEFT JOIN ({lists_sql}) AS lists ON lists.{side} = wanted.pk GROUP BY wanted.pk",
            [*rows_values, *lists_values],
        )
        return np.array([value for (value,) in cursor.fetchall()])


def gini(values: np.ndarray) -> float | None:
    """0 where all have the same, towards 1 where one has everything; None where there is nothing to share."""
    total, number = values.sum(), len(values)
    if not total:
        return None
    ranks = np.arange(1, number + 1)
    return float(2 * (ranks * np.sort(values)).sum() / (number * total) - (number + 1) / number)


def lowest_tenth(values: np.ndarray) -> float | None:
    """The share that the tenth with the least has, between 0 and 0.1."""
    total, tenth = values.sum(), -(-len(values) // 10)
    return float(np.sort(values)[:tenth].sum() / total) if total else None


# --- How long people wait ---------------------------------------------------------------------------------------------
def waits(scope: Scope) -> dict:
    since = with_waiting(scope.volunteers).filter(waiting_since__lte=scope.now)
    days = [(scope.now - moment).days for moment in since.values_list("waiting_since", flat=True)]
    number = scope.volunteers.count()
    long = kept(sum(wait >= LONG.days for wait in days))
    return {
        "waiting_days": float(np.median(days)) if len(days) >= FEWEST else None,
        "waiting_long": long / number if long is not None and number else None,
    }


# --- Those who speak a language, those who live somewhere -------------------------------------------------------------
PATHS = {"language": "spoken_languages__language", "neighbourhood": "neighbourhood"}


def groups(scope: Scope) -> dict[str, dict[str, dict]]:
    """For each language and each neighbourhood, by its key: how many people, and of them suggested and waiting long.

    Nobody lives in two neighbourhoods, so their numbers add up to that of all, which is kept as well.
    """
    return {kind: table(counts(scope, path), adds_up=kind == "neighbourhood") for kind, path in PATHS.items()}


def counts(scope: Scope, path: str) -> dict[str, dict[str, int]]:
    """Of each number, what it is in each group."""
    people = with_waiting(scope.volunteers).annotate(is_suggested=has_suggestion("volunteer"))
    rows = people.exclude(**{path: None}).order_by().values(path)
    counted = rows.annotate(
        people=Count("pk"),
        suggested=Count("pk", Q(is_suggested=True)),
        waiting=Count("pk", Q(waiting_since__lt=scope.now - LONG)),
    )
    return {name: {str(row[path]): row[name] for row in counted} for name in ("people", "suggested", "waiting")}


def table(numbers: dict[str, dict[str, int]], *, adds_up: bool) -> dict[str, dict]:
    """The numbers of each group of five people or more, None for those that are not kept."""
    people = numbers["people"]
    gone = hidden(people, adds_up=adds_up)
    secret = {name: hidden(values, people, gone, adds_up=adds_up) for name, values in numbers.items()}
    secret["people"] = gone
    return {
        key: {name: None if key in secret[name] else values[key] for name, values in numbers.items()}
        for key in people.keys() - gone
    }


def hidden(numbers: dict[str, int], of: dict[str, int] | None = None, gone=frozenset(), *, adds_up: bool) -> set[str]:
    """The groups of which a number is not kept: ``gone``, and those where it, or the rest ``of`` the group, is small.

    Where the groups add up, more are hidden, those with the smallest numbers first, until what is missing to the number
    of all is that of several groups and not small: whoever takes the others from it then learns nothing.
    """
    found = gone | {key for key, number in numbers.items() if kept(number, of and of[key]) is None}
    others = sorted(numbers.keys() - found, key=lambda key: (-numbers[key], key))
    while adds_up and others and gives_away(found, numbers, of):
        found |= {others.pop()}
    return found


def gives_away(found: set[str], numbers: dict[str, int], of: dict[str, int] | None) -> bool:
    missing = sum(numbers[key] for key in found)
    return len(found) == 1 or kept(missing, of and sum(of[key] for key in found)) is None
