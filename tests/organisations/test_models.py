import pytest

from organisations.models import Organisation
from tests.factories import MSOFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


def names(queryset):
    return sorted(queryset.values_list("name", flat=True))


def test_a_stranger_changes_nothing_of_another_agency(cast):
    OrganisationFactory(name="New agency", verified_at=None)
    assert names(Organisation.objects.changeable_by(cast.stranger)) == [cast.other_agency.name]


def test_staff_change_their_own_whom_they_accompany_and_who_waits(cast):
    MSOFactory(name="Neue Brücke e. V.", agency=None, verified_at=None)
    expected = sorted([cast.agency.name, cast.mso.name, "Neue Brücke e. V."])
    assert names(Organisation.objects.changeable_by(cast.staff)) == expected


def test_a_contact_sees_the_own_organisation_only(cast):
    assert names(Organisation.objects.visible_to(cast.contact)) == [cast.mso.name]


def test_staff_do_not_see_whom_another_agency_has_not_verified_yet(cast):
    cast.mso.verified_at = None
    cast.mso.save()
    assert cast.mso.name not in names(Organisation.objects.visible_to(cast.stranger))
