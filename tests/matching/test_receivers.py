import pytest

from matching.models import Accompaniment, PendingRescoring
from organisations.signals import opportunity_saved, organisation_saved
from tests.factories import OpportunityFactory
from volunteers.signals import volunteer_saved


def save(volunteer, by):
    volunteer_saved.send(type(volunteer), volunteer=volunteer, by=by)


def test_who_saved_themselves_is_accompanied_by_nobody(cast):
    save(cast.samira, cast.samira.user)
    save(cast.samira, None)

    assert not Accompaniment.objects.exists()


def test_an_administrator_of_no_agency_accompanies_nobody(cast):
    save(cast.samira, cast.administrator)

    assert not Accompaniment.objects.exists()


def test_a_contact_person_accompanies_nobody(cast):
    save(cast.samira, cast.contact)

    assert not Accompaniment.objects.exists()


def test_staff_who_enter_somebody_accompany_them_once(cast):
    save(cast.samira, cast.staff)
    save(cast.samira, cast.staff)

    assert [a.agency for a in Accompaniment.objects.all()] == [cast.agency]


def test_each_saved_row_leaves_one_note(cast):
    opportunity = OpportunityFactory(host=cast.agency)
    for _ in range(2):
        save(cast.samira, None)
        organisation_saved.send(type(cast.mso), organisation=cast.mso, by=None)
        opportunity_saved.send(type(opportunity), opportunity=opportunity, by=None)

    notes = PendingRescoring.objects.order_by("pk").values_list("volunteer", "organisation", "opportunity")
    assert sorted(notes, key=str) == sorted(
        [(cast.samira.pk, None, None), (None, cast.mso.pk, None), (None, None, opportunity.pk)], key=str
    )


@pytest.mark.parametrize("name", ["first_name", "gender"])
def test_a_note_says_nothing_about_the_person(cast, name):
    save(cast.samira, None)

    assert str(getattr(cast.samira, name) or "-") not in str(vars(PendingRescoring.objects.get()))
