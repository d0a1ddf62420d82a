"""Rows as records: what is stored is what is scored, and what is not told stays untold."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from django.utils import timezone

from engagement.models import Adjacency, Level
from matching import refreshing, rescoring, vocabulary
from matching.boxes import EVERYWHERE
from matching.geography import NEIGHBOURHOOD, TOWN, spot_number
from matching.judging import UNTOLD, Gender, Obstacle
from matching.models import CandidateRecord, OpportunityRecord, Region, Suggestion
from matching.packing import CANDIDATE_SPOTS, NOWHERE
from matching.records import fetch
from organisations.models import Opportunity, Organisation
from tests.factories import (
    CityFactory,
    LanguageFactory,
    MatchFactory,
    MSOFactory,
    NeighbourhoodFactory,
    OpportunityFactory,
    PostcodeFactory,
    VolunteerFactory,
)
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db


def records():
    return fetch(Opportunity.objects.all(), Volunteer.objects.all(), Organisation.objects.filter(kind="mso"))


def test_what_a_volunteer_has_not_told_stays_untold():
    volunteer = VolunteerFactory()
    volunteer.spoken_languages.create(language=LanguageFactory(), level=None)
    (record,) = records().candidates
    assert record["levels"].max() == UNTOLD
    assert (record["german"], record["times"], record["age"], record["gender"]) == (0, 0, 0, Gender.UNTOLD)
    assert np.isinf(record["reach"])
    assert set(record["spots"]) == {NOWHERE}


def test_a_self_organisation_stands_wherever_it_reaches_people():
    mso = MSOFactory()
    mso.member_languages.create(language=LanguageFactory(code="de"), level=Level.B2)
    mso.reached.set([NeighbourhoodFactory(code="koeln-vingst"), NeighbourhoodFactory(code="koeln-kalk")])
    found = records()
    assert found.candidate_keys == [("organisation", mso.pk)]
    assert found.candidates["german"][0] == Level.B2
    spots = [spot_number(NEIGHBOURHOOD, hood.pk) for hood in mso.reached.order_by("pk")]
    assert list(found.candidates["spots"][0][:3]) == [*spots, NOWHERE]


@pytest.mark.parametrize(
    ("values", "obstacle"),
    [
        ({}, 0),
        ({"status": "draft"}, Obstacle.CLOSED),
        ({"status": "filled"}, Obstacle.FULL),
        ({"valid_until": "2020-01-01"}, Obstacle.EXPIRED),
    ],
)
def test_an_opportunity_that_is_not_open_says_why(values, obstacle):
    OpportunityFactory(**values)
    assert records().opportunities["obstacles"][0] == obstacle


def test_the_number_of_queries_does_not_depend_on_the_number_of_rows(django_assert_num_queries):
    def rows():
        OpportunityFactory(neighbourhoods=[NeighbourhoodFactory()])
        VolunteerFactory().spoken_languages.create(language=LanguageFactory(), level=3)

    rows()
    vocabulary.current()
    with django_assert_num_queries(7) as first:
        records()
    rows()
    rows()
    with django_assert_num_queries(len(first)):
        records()


# --- The records that are kept ----------------------------------------------------------------------------------------
def refreshed(kind, row):
    refreshing.refresh(kind, row.pk, vocabulary.current())
    model = OpportunityRecord if kind == "opportunity" else CandidateRecord
    return model.objects.get(**{kind: row})


def test_the_region_of_a_volunteer_is_the_town_of_the_neighbourhood_or_else_of_the_postcode():
    bonn = PostcodeFactory(code="53111", city=CityFactory(name="Bonn", ags="05314"))
    at_home = VolunteerFactory(neighbourhood=NeighbourhoodFactory(), postcode=bonn)
    assert refreshed("volunteer", at_home).region.city.name == "Köln"
    assert refreshed("volunteer", VolunteerFactory(postcode=bonn)).region.city.name == "Bonn"
    assert refreshed("volunteer", VolunteerFactory()).region.city is None


def test_a_record_that_is_true_is_not_written_again():
    samira = VolunteerFactory(neighbourhood=NeighbourhoodFactory())
    # Where a row lies changes whenever it is written.
    place = CandidateRecord.objects.extra(select={"place": "ctid::text"}).values_list("place")
    refreshed("volunteer", samira)
    before = place.get()
    refreshed("volunteer", samira)
    assert place.get() == before


def test_what_has_no_room_in_a_record_is_reported_and_left_out(caplog):
    too_much, fine = OpportunityFactory(), OpportunityFactory()
    for number in range(13):
        too_much.needed_languages.create(language=LanguageFactory(code=f"x{number}"), role="wanted")
    refreshing.refresh_opportunities(vocabulary.current())
    assert [record.opportunity for record in OpportunityRecord.objects.all()] == [fine]
    [message] = [record.getMessage() for record in caplog.records]
    assert f"The opportunity with the key {too_much.pk} cannot be matched" in message


def test_a_self_organisation_in_more_places_than_there_is_room_for_stands_in_their_towns():
    mso = MSOFactory()
    mso.reached.set([NeighbourhoodFactory(code=f"koeln-{number}") for number in range(CANDIDATE_SPOTS + 1)])
    record = records().candidates[0]
    assert list(record["spots"][:2]) == [spot_number(TOWN, mso.city_id), NOWHERE]


def test_the_free_places_are_those_that_nobody_has_taken():
    opportunity = OpportunityFactory(places=3)
    MatchFactory(opportunity=opportunity, state="placed")
    MatchFactory(opportunity=opportunity, state="trial")
    assert records().opportunities["places"][0] == 2


def test_who_has_something_under_way_does_not_wait():
    came = datetime(2026, 5, 1, 12, tzinfo=UTC)
    waiting, busy = VolunteerFactory(created_at=came), VolunteerFactory(created_at=came)
    MatchFactory(volunteer=busy, state="proposed")
    MatchFactory(volunteer=waiting, state="parked", changed_at=came + timedelta(days=30))
    days = records().candidates["waiting_since"].tolist()
    assert days == [date(2026, 5, 31).toordinal(), 0]


@pytest.mark.parametrize(("places", "price"), [(None, 0.4), (4, 0.64)], ids=["not told", "four places"])
def test_the_price_falls_with_each_yes_since_the_night(places, price):
    night = timezone.now() - timedelta(hours=5)
    opportunity = OpportunityFactory(neighbourhoods=[NeighbourhoodFactory()], places=places)
    region = refreshed("opportunity", opportunity).region
    Region.objects.filter(pk=region.pk).update(priced_at=night)
    OpportunityRecord.objects.update(nightly_price=0.8)
    for at in (night - timedelta(days=1), night + timedelta(hours=1)):
        match = MatchFactory(opportunity=opportunity, state="interested")
        match.events.create(at=at, side="candidate", to_state="interested")
    refreshing.mark_down(opportunity.pk)
    assert OpportunityRecord.objects.get().price == pytest.approx(price)


def test_a_box_is_around_whatever_may_be_within_reach():
    here = NeighbourhoodFactory()
    beside = NeighbourhoodFactory(code="koeln-kalk", latitude=50.99)
    Adjacency.objects.create(one=here, other=beside, relation="touches", distance_km=6.3)
    reach = refreshed("volunteer", VolunteerFactory(neighbourhood=here, reach_km=2)).reach
    assert reach[0] < here.longitude < reach[2]
    assert reach[3] > beside.latitude
    assert refreshed("volunteer", VolunteerFactory()).reach == EVERYWHERE


def test_another_vocabulary_makes_all_records_anew():
    first, arabic = LanguageFactory(code="xx"), LanguageFactory(code="ar")
    homework = OpportunityFactory(neighbourhoods=[NeighbourhoodFactory()])
    homework.needed_languages.create(language=arabic, role="required")
    samira = VolunteerFactory(neighbourhood=NeighbourhoodFactory())
    samira.spoken_languages.create(language=arabic, level=Level.B2)
    rescoring.rescore_everything()
    first.delete()
    before = vocabulary.kept().fingerprint

    vocabulary.current()
    rescoring.rescore_volunteer(samira.pk)

    assert vocabulary.kept().fingerprint != before
    assert OpportunityRecord.objects.get().vocabulary == vocabulary.current().fingerprint
    assert Suggestion.objects.get().language == 30


def test_a_new_word_and_a_new_place_are_known_as_soon_as_somebody_uses_them():
    rescoring.rescore_everything()
    samira = VolunteerFactory(neighbourhood=NeighbourhoodFactory())
    samira.spoken_languages.create(language=LanguageFactory(code="ar"), level=Level.B2)

    rescoring.rescore_volunteer(samira.pk)

    assert CandidateRecord.objects.get(volunteer=samira).vocabulary == vocabulary.current().fingerprint
