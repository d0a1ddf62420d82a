"""The figures of a night, and that nobody is found in them."""

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from engagement.models import Mail
from matching import figures
from matching.models import Match, NightlyFigures
from organisations.models import Opportunity
from tests.factories import (
    CityFactory,
    LanguageFactory,
    MailFactory,
    MatchFactory,
    NeighbourhoodFactory,
    OpportunityFactory,
    RegionFactory,
    SuggestionFactory,
    VolunteerFactory,
)

NOW = timezone.now()


def ago(days):
    return NOW - timedelta(days=days)


def measured():
    return figures.measure(figures.scope_of(None, NOW))


def of_group(kind, row):
    groups = figures.groups(figures.scope_of(None, NOW))
    return groups[kind].get(str(row.pk))


@pytest.mark.parametrize(("people", "number"), [(0, 0), (1, None), (4, None), (5, 5), (812, 812)])
def test_numbers_about_fewer_than_five_people_are_not_kept(people, number):
    assert figures.kept(people) == number


@pytest.mark.parametrize(("people", "number"), [(8, None), (11, None), (12, 12), (7, 7), (0, 0)])
def test_a_number_that_leaves_a_small_rest_of_twelve_is_not_kept(people, number):
    assert figures.kept(people, 12) == number


@pytest.mark.parametrize(
    ("values", "gini", "tenth"),
    [([1, 1, 1, 1], 0, 0.25), ([0, 0, 0, 8], 0.75, 0), ([1, 2, 3, 4], 0.25, 0.1), ([0, 0], None, None)],
    ids=["equal", "one has all", "a ladder", "nothing to share"],
)
def test_inequality(values, gini, tenth):
    assert figures.gini(np.array(values)) == (gini if gini is None else pytest.approx(gini))
    assert figures.lowest_tenth(np.array(values)) == tenth


@pytest.mark.django_db
def test_nobody_in_the_house_makes_no_figures_and_no_fault():
    assert measured() == {
        **dict.fromkeys(["opportunities", "opportunities_suggested", "volunteers", "volunteers_suggested"], 0),
        **dict.fromkeys(["opportunities_connected", "connections", "placed"], 0),
        **dict.fromkeys(["opportunity_gini", "opportunity_tenth", "volunteer_gini", "volunteer_tenth"]),
        **dict.fromkeys(["waiting_days", "waiting_long"]),
    }


@pytest.mark.django_db
def test_who_has_a_suggestion():
    opportunities = [OpportunityFactory() for _ in range(2)]
    OpportunityFactory(status=Opportunity.Status.CLOSED)
    for _ in range(6):
        SuggestionFactory(opportunity=opportunities[0])
    VolunteerFactory.create_batch(3)
    VolunteerFactory(is_paused=True)
    numbers = measured()
    assert (numbers["opportunities"], numbers["opportunities_suggested"]) == (2, 1)
    assert (numbers["volunteers"], numbers["volunteers_suggested"]) == (9, 6)


@pytest.mark.django_db
def test_a_connection_is_a_yes_within_seven_days_and_counts_once():
    opportunities = [OpportunityFactory() for _ in range(2)]
    for days, opportunity in [(1, 0), (2, 0), (3, 0), (4, 1), (6, 1), (8, 1)]:
        match = MatchFactory(opportunity=opportunities[opportunity], state=Match.State.INTERESTED)
        for hours in [0, 1]:
            match.events.create(side="candidate", to_state="interested", at=ago(days) - timedelta(hours=hours))
    match.events.create(side="staff", to_state="parked", at=ago(1))
    numbers = measured()
    assert (numbers["connections"], numbers["opportunities_connected"]) == (5, 2)


@pytest.mark.django_db
def test_places_filled_are_the_agreements_of_today():
    MatchFactory.create_batch(5, state=Match.State.PLACED)
    MatchFactory(state=Match.State.ENDED)
    assert measured()["placed"] == 5


@pytest.mark.django_db
def test_attention_falls_with_the_place_in_each_list():
    first, second, _unseen = (OpportunityFactory() for _ in range(3))
    volunteers = VolunteerFactory.create_batch(5)
    for volunteer in volunteers:
        SuggestionFactory(opportunity=first, volunteer=volunteer, score=90)
        SuggestionFactory(opportunity=second, volunteer=volunteer, score=60)
    numbers = measured()
    # Each list gives 1 to the first and 1/2 to the second; the queues give 1, 1/2 … 1/5 to five people, twice.
    assert numbers["opportunity_gini"] == pytest.approx(figures.gini(np.array([5, 2.5, 0])))
    assert numbers["opportunity_tenth"] == 0
    assert numbers["volunteer_gini"] == pytest.approx(figures.gini(1 / np.arange(1, 6)))


@pytest.mark.django_db
def test_how_evenly_few_people_are_treated_is_not_kept():
    for _ in range(4):
        SuggestionFactory()
    numbers = measured()
    assert numbers["volunteer_gini"] is numbers["volunteer_tenth"] is None
    assert numbers["opportunity_gini"] == pytest.approx(0)


@pytest.mark.django_db
def test_how_long_people_wait():
    for days in [1, 2, 10, 20, 30, 40, 50, 60]:
        VolunteerFactory(created_at=ago(days))
    numbers = measured()
    assert (numbers["waiting_days"], numbers["waiting_long"]) == (25, 5 / 8)


@pytest.mark.django_db
def test_mails_for_each_person_who_got_one():
    for reader in ["a", "b", "c", "d", "e", "a"]:
        MailFactory(to=f"{reader}@example.org", state=Mail.State.SENT, sent_at=ago(1))
    MailFactory(state=Mail.State.SENT, sent_at=ago(8))
    MailFactory()
    assert figures.mails(NOW) == {"mails": 1.2}


@pytest.mark.django_db
def test_mails_to_few_people_are_not_kept():
    MailFactory(state=Mail.State.SENT, sent_at=ago(1))
    assert figures.mails(NOW) == {"mails": None}


@pytest.mark.django_db
def test_languages_and_neighbourhoods_of_fewer_than_five_people_are_left_out():
    arabic, rare, place = LanguageFactory(), LanguageFactory(code="aii"), NeighbourhoodFactory()
    people = [VolunteerFactory(neighbourhood=place, created_at=ago(30)) for _ in range(10)]
    for volunteer in people:
        volunteer.spoken_languages.create(language=arabic)
    for volunteer in people[:4]:
        volunteer.spoken_languages.create(language=rare)
    for volunteer in people[:5]:
        SuggestionFactory(volunteer=volunteer)
    assert of_group("language", rare) is None
    assert of_group("language", arabic) == {"people": 10, "suggested": 5, "waiting": 10}
    assert of_group("neighbourhood", place) == {"people": 10, "suggested": 5, "waiting": 10}


@pytest.mark.django_db
def test_a_group_does_not_tell_of_the_few_who_are_left():
    arabic = LanguageFactory()
    people = VolunteerFactory.create_batch(7)
    for volunteer in people:
        volunteer.spoken_languages.create(language=arabic)
    for volunteer in people[:5]:
        SuggestionFactory(volunteer=volunteer)
    assert of_group("language", arabic) == {"people": 7, "suggested": None, "waiting": 0}


@pytest.mark.parametrize(
    ("people", "shown"),
    [
        ({"a": 20, "b": 7, "c": 9}, {"a", "b", "c"}),
        ({"a": 20, "b": 7, "c": 3}, {"a"}),
        ({"a": 20, "b": 7, "c": 3, "d": 2}, {"a", "b"}),
        ({"a": 20, "b": 7, "c": 1, "d": 2}, {"a"}),
        ({"a": 20, "b": 3}, set()),
        ({"a": 3}, set()),
    ],
    ids=["none is small", "one is small", "two are small", "two are small together", "one of two", "one alone"],
)
def test_a_small_neighbourhood_cannot_be_computed_from_all_the_others(people, shown):
    none = dict.fromkeys(people, 0)
    assert figures.table({"people": people, "suggested": none}, adds_up=True).keys() == shown


def test_a_number_that_is_hidden_takes_a_second_one_along():
    numbers = {"people": {"a": 20, "b": 10, "c": 12}, "suggested": {"a": 9, "b": 8, "c": 6}}
    table = figures.table(numbers, adds_up=True)
    assert {key: row["suggested"] for key, row in table.items()} == {"a": 9, "b": None, "c": None}


def test_a_rare_language_takes_no_other_along():
    numbers = {"people": {"ar": 20, "aii": 3}, "suggested": {"ar": 9, "aii": 0}}
    assert figures.table(numbers, adds_up=False) == {"ar": {"people": 20, "suggested": 9}}


@pytest.mark.django_db
def test_the_figures_of_a_day_are_kept_once():
    figures.keep(now=NOW)
    OpportunityFactory()
    figures.keep(now=NOW)
    figures.keep(now=NOW - timedelta(days=1))
    assert NightlyFigures.objects.count() == 2
    assert NightlyFigures.objects.get(day=timezone.localdate(NOW)).numbers["opportunities"] == 1


@pytest.mark.django_db
def test_a_region_knows_its_own_town_only():
    here, there = NeighbourhoodFactory(), NeighbourhoodFactory(code="bonn", city=CityFactory(name="Bonn", ags="1"))
    for place, number in [(here, 5), (there, 6)]:
        OpportunityFactory(neighbourhoods=[place])
        VolunteerFactory.create_batch(number, neighbourhood=place)
    OpportunityFactory(city=here.city)
    numbers = figures.keep(RegionFactory(city=here.city), now=NOW, certificate=0.999).numbers
    assert (numbers["opportunities"], numbers["volunteers"], numbers["certificate"]) == (2, 5, 0.999)
    assert "mails" not in numbers


@pytest.mark.django_db
def test_the_house_is_priced_as_well_as_its_worst_region():
    for name, certificate, days in [("Bonn", 0.9995, 0), ("Aachen", 0.999, 0), ("Essen", 0.5, 1)]:
        region = RegionFactory(city=CityFactory(name=name))
        figures.keep(region, now=ago(days), certificate=certificate)
    assert figures.keep_house(NOW).numbers["certificate"] == 0.999
    assert "certificate" not in figures.keep_house(ago(2)).numbers


@pytest.mark.django_db
def test_queries_do_not_depend_on_the_rows(django_assert_num_queries):
    arabic = LanguageFactory()
    for number in [1, 3]:
        for volunteer in VolunteerFactory.create_batch(number):
            volunteer.spoken_languages.create(language=arabic)
            SuggestionFactory(volunteer=volunteer)
        with django_assert_num_queries(13):
            measured()
            of_group("language", arabic)
