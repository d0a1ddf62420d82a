"""The prices of a night, region by region."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from matching import pending, pricing, refreshing, review, vocabulary
from matching.fairness import ANSWERS
from matching.models import NightlyFigures, OpportunityRecord, PendingRescoring, Region, Suggestion
from matching.rescoring import rescore_everything, rescore_regions
from matching.tasks import rescore_regions as task
from matching.tasks import sweep_rescorings
from tests.factories import CityFactory, NeighbourhoodFactory, OpportunityFactory, VolunteerFactory
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def place():
    return NeighbourhoodFactory()


@pytest.fixture
def beyond():
    """Next to the place, in another town: one more region with the same opportunities in reach."""
    town = CityFactory(name="Bergheim", ags="1")
    return NeighbourhoodFactory(code="bergheim-mitte", city=town, latitude=50.94, longitude=7.02)


@pytest.fixture
def opportunities(place):
    """One with two places, one with twenty."""
    return [OpportunityFactory(neighbourhoods=[place], places=places) for places in [2, 20]]


def live_in(place, number):
    VolunteerFactory.create_batch(number, neighbourhood=place)
    rescore_everything(now=NOW)
    return Region.objects.get(city=place.city)


def stored():
    """Price and demand of each opportunity, in the order of their keys."""
    return list(OpportunityRecord.objects.order_by("opportunity_id").values_list("price", "expected"))


def test_a_crowd_makes_cheap_and_many_places_keep_dear(place, opportunities):
    pricing.price_region(live_in(place, 200).pk, now=NOW)
    (narrow, _), (wide, _) = stored()
    assert 0 < narrow < 0.5 < wide < 1


def test_what_is_expected_is_what_the_candidates_can_answer(place, opportunities):
    pricing.price_region(live_in(place, 30).pk, now=NOW)
    # In a week each reader is expected to answer now and then, if it fits, and two are not a whole page.
    assert 10 * ANSWERS < sum(expected for _price, expected in stored()) <= 30 * ANSWERS


def test_the_certificate_is_kept_with_the_figures_of_the_region(place, opportunities):
    region = live_in(place, 6)
    pricing.price_region(region.pk, now=NOW)
    kept = NightlyFigures.objects.get(region=region)
    assert 0.999 <= kept.numbers["certificate"] <= 1
    assert kept.numbers["volunteers"] == 6


def test_a_second_time_changes_nothing(place, opportunities):
    region = live_in(place, 30)
    pricing.price_region(region.pk, now=NOW)
    before = stored()
    pricing.price_region(region.pk, now=NOW)
    assert stored() == before


def test_regions_know_what_the_others_bring(place, beyond, opportunities):
    here, there = live_in(place, 20), live_in(beyond, 20)
    pricing.price_region(here.pk, now=NOW)
    alone = stored()
    pricing.price_region(there.pk, now=NOW)
    together = stored()
    assert [new > old for (_, old), (_, new) in zip(alone, together, strict=True)] == [True, True]
    assert together[0][0] < alone[0][0]
    pricing.price_region(here.pk, now=NOW)
    assert sum(expected for _, expected in stored()) == pytest.approx(sum(e for _, e in together), rel=0.1)


def test_who_moved_away_is_expected_no_more(place, opportunities):
    region = live_in(place, 10)
    pricing.price_region(region.pk, now=NOW)
    place.city.neighbourhoods.update(latitude=40)
    opportunities[0].neighbourhoods.set([NeighbourhoodFactory(code="koeln-fern", latitude=52)])
    rescore_everything(now=NOW)
    pricing.price_region(region.pk, now=NOW)
    assert stored()[0][1] == 0


def test_an_opportunity_that_opens_again_is_expected_anew(place, opportunities):
    region = live_in(place, 10)
    pricing.price_region(region.pk, now=NOW)
    before = stored()
    for status in ["closed", "published"]:
        opportunities[0].status = status
        opportunities[0].save()
        refreshing.refresh("opportunity", opportunities[0].pk, vocabulary.current(), now=NOW)
    assert stored()[0] == (1, 0)
    pricing.price_region(region.pk, now=NOW)
    assert stored()[0][1] == pytest.approx(before[0][1], rel=0.01)


def test_what_fails_at_the_last_step_leaves_the_old_prices(place, opportunities):
    region = live_in(place, 10)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE matching_nightlyfigures ADD CONSTRAINT broken CHECK (FALSE) NOT VALID")
    with pytest.raises(IntegrityError), transaction.atomic():
        pricing.price_region(region.pk, now=NOW)
    assert stored() == [(1, 0), (1, 0)]
    assert pricing.is_due(region.pk, now=NOW)


def test_a_region_without_anybody_is_priced_without_a_fault(place):
    region = Region.objects.create(city=place.city)
    pricing.price_region(region.pk, now=NOW)
    assert not NightlyFigures.objects.exists()
    assert not pricing.is_due(region.pk, now=NOW)


@pytest.mark.parametrize(("hours", "is_due"), [(0, False), (19, False), (21, True)])
def test_a_region_is_priced_once_a_night(hours, is_due):
    region = Region.objects.create(priced_at=NOW)
    assert pricing.is_due(region.pk, now=NOW + timedelta(hours=hours)) == is_due


def test_the_night_prices_before_it_rescores(place, opportunities):
    region = live_in(place, 30)
    pending.remember_regions([region.pk])
    task([region.pk])
    appeals = Suggestion.objects.filter(opportunity=opportunities[0])
    [price, *_] = [price for price, _expected in stored()]
    assert price < 0.9
    assert {round(row.appeal / row.score, 3) for row in appeals} == {round(price, 3)}


@pytest.mark.parametrize("is_suggested", [True, False])
def test_a_yes_makes_an_opportunity_cheaper_the_same_day(place, opportunities, is_suggested):
    pricing.price_region(live_in(place, 30).pk, now=NOW - timedelta(hours=1))
    [(before, _), _] = stored()
    volunteer = Volunteer.objects.filter(suggestions__opportunity=opportunities[0]).first()
    if not is_suggested:
        volunteer.suggestions.all().delete()
    review.express_interest(opportunities[0], volunteer, by=volunteer.user)
    PendingRescoring.objects.update(since=NOW - timedelta(minutes=1))
    sweep_rescorings()
    # Two places, and one person who said yes.
    assert stored()[0][0] == pytest.approx(before / 1.5)


def test_prices_stay_when_the_region_is_only_rescored(place, opportunities):
    region = live_in(place, 30)
    pricing.price_region(region.pk, now=NOW)
    before = stored()
    rescore_regions([region.pk], now=NOW)
    assert stored() == before
