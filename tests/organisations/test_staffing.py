import pytest

from organisations import staffing
from organisations.models import Membership
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_a_contact_of_a_self_organisation_may_not_use_the_desk(cast):
    user = UserFactory()
    staffing.join(user, cast.mso, Membership.Role.CONTACT)
    user.refresh_from_db()
    assert not user.is_staff


def test_a_member_of_an_agency_may_use_the_desk(cast):
    user = UserFactory()
    staffing.join(user, cast.agency, Membership.Role.STAFF)
    user.refresh_from_db()
    assert user.is_staff


def test_joining_twice_changes_the_role_only(cast):
    staffing.join(cast.staff, cast.agency, Membership.Role.LEAD)
    assert [m.role for m in cast.staff.memberships.all()] == ["lead"]


def test_leaving_the_last_agency_closes_the_desk(cast):
    staffing.leave(cast.staff, cast.agency)
    cast.staff.refresh_from_db()
    assert not cast.staff.is_staff


def test_leaving_one_of_two_agencies_keeps_the_desk_open(cast):
    staffing.join(cast.staff, cast.other_agency, Membership.Role.STAFF)
    staffing.leave(cast.staff, cast.agency)
    cast.staff.refresh_from_db()
    assert cast.staff.is_staff


def test_an_administrator_keeps_the_desk_without_an_agency(cast):
    staffing.join(cast.administrator, cast.agency, Membership.Role.LEAD)
    staffing.leave(cast.administrator, cast.agency)
    cast.administrator.refresh_from_db()
    assert cast.administrator.is_staff


@pytest.mark.parametrize(
    ("who", "organisation", "expected"),
    [
        ("stranger", "agency", False),
        ("stranger", "mso", False),
        ("contact", "mso", False),
        ("staff", "agency", False),
        ("staff", "mso", True),
        ("administrator", "agency", True),
    ],
)
def test_who_decides_about_members(cast, who, organisation, expected):
    assert staffing.may_change_members(getattr(cast, who), getattr(cast, organisation)) is expected


def test_a_lead_decides_about_the_members_of_the_agency(cast):
    staffing.join(cast.staff, cast.agency, Membership.Role.LEAD)
    assert staffing.may_change_members(cast.staff, cast.agency)


def test_nobody_but_an_administrator_decides_about_members_while_an_organisation_waits(cast):
    cast.mso.agency = cast.mso.verified_at = None
    assert not staffing.may_change_members(cast.staff, cast.mso)
