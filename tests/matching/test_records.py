"""Rows as records: what is stored is what is scored, and what is not told stays untold."""

import numpy as np
import pytest

from engagement.models import Level
from matching import vocabulary
from matching.geography import NEIGHBOURHOOD, spot_number
from matching.packing import NOWHERE
from matching.records import fetch
from matching.scoring import UNTOLD, Gender, Obstacle
from organisations.models import Opportunity, Organisation
from tests.factories import LanguageFactory, MSOFactory, NeighbourhoodFactory, OpportunityFactory, VolunteerFactory
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
