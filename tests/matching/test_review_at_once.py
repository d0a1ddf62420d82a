"""Two people decide at the same moment: the first wins, the second is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection

from matching import review
from matching.models import Match, MatchEvent
from matching.refusals import AlreadyDecided, CannotDecide, NoPlaceLeft
from organisations.models import Opportunity
from tests.factories import MatchFactory, OpportunityFactory, SuggestionFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def opportunity(cast):
    return OpportunityFactory(host=cast.mso, agency=cast.agency)


@pytest.fixture
def suggestion(cast, opportunity):
    return SuggestionFactory(opportunity=opportunity, volunteer=cast.samira)


def at_once(deeds):
    """Run the deeds in threads of their own; returns what each gave, or the exception that it raised."""

    def run(deed):
        try:
            return deed()
        except CannotDecide as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def test_of_two_decisions_at_once_one_wins(cast, suggestion):
    results = at_once(
        [
            lambda: review.accept(suggestion, by=cast.staff),
            lambda: review.decline(suggestion, by=cast.administrator, reason="too_far"),
        ]
    )
    assert sorted(type(result) for result in results if isinstance(result, Exception)) == [AlreadyDecided]
    assert Match.objects.count() == MatchEvent.objects.count() == 1


def test_many_interests_at_once_are_one(cast, opportunity):
    results = at_once([lambda: review.express_interest(opportunity, cast.samira, by=cast.samira.user)] * 16)
    assert {result.pk for result in results} == {Match.objects.get().pk}
    assert MatchEvent.objects.count() == 1


def place(match, by):
    agreement = {"begins_on": date(2026, 11, 23), "contact_name": "Frau Peters", "hours_per_week": 3, "ends_on": None}
    return review.move(match, "placed", by=by, side="staff", **agreement)


def test_one_place_is_taken_once(cast, opportunity):
    Opportunity.objects.update(places=1)
    matches = MatchFactory.create_batch(24, opportunity=opportunity, state="interested")
    results = at_once([lambda match=match: place(match, cast.staff) for match in matches])
    assert sum(isinstance(result, NoPlaceLeft) for result in results) == 23
    assert Match.objects.filter(state="placed").count() == 1
    assert Opportunity.objects.get().status == "filled"
