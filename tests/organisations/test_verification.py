from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from organisations import staffing
from organisations.models import Membership, Opportunity
from organisations.signals import opportunity_saved, organisation_saved
from organisations.verification import may_decide, verify, withdraw
from tests.factories import MSOFactory, OpportunityFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.fixture
def waiting(cast):
    return MSOFactory(name="Neue Brücke e. V.", agency=None, verified_at=None)


@pytest.fixture
def heard():
    """What was announced, as (name, row, by)."""
    calls = []

    def hear_organisation(organisation, by, **kwargs):
        calls.append(("organisation", organisation, by))

    def hear_opportunity(opportunity, by, **kwargs):
        calls.append(("opportunity", opportunity, by))

    organisation_saved.connect(hear_organisation)
    opportunity_saved.connect(hear_opportunity)
    yield calls
    organisation_saved.disconnect(hear_organisation)
    opportunity_saved.disconnect(hear_opportunity)


def test_a_contact_cannot_verify_the_own_organisation(cast, waiting):
    staffing.join(cast.contact, waiting, Membership.Role.CONTACT)
    with pytest.raises(PermissionDenied):
        verify(waiting, by=cast.contact)


def test_staff_cannot_verify_whom_another_agency_accompanies(cast):
    cast.mso.verified_at = None
    cast.mso.save()
    with pytest.raises(PermissionDenied):
        verify(cast.mso, by=cast.stranger)


def test_staff_cannot_verify_in_the_name_of_another_agency(cast, waiting):
    with pytest.raises(PermissionDenied):
        verify(waiting, by=cast.stranger, agency=cast.agency)


def test_staff_of_an_agency_that_is_not_verified_verify_nobody(cast, waiting):
    cast.agency.verified_at = None
    cast.agency.save()
    with pytest.raises(PermissionDenied):
        verify(waiting, by=cast.staff)


def test_staff_cannot_verify_an_agency(cast):
    with pytest.raises(PermissionDenied):
        verify(OrganisationFactory(verified_at=None), by=cast.staff)


def test_staff_verify_in_the_name_of_their_own_agency(cast, waiting):
    assert verify(waiting, by=cast.staff, now=NOON)
    assert (waiting.verified_at, waiting.verified_by, waiting.agency) == (NOON, cast.staff, cast.agency)


def test_the_first_decision_wins(cast, waiting):
    stale = type(waiting).objects.get(pk=waiting.pk)
    verify(waiting, by=cast.staff, now=NOON)
    assert not verify(stale, by=cast.stranger)
    waiting.refresh_from_db()
    assert (waiting.verified_by, waiting.agency) == (cast.staff, cast.agency)


def test_staff_of_two_agencies_have_to_choose(cast, waiting):
    staffing.join(cast.staff, cast.other_agency, Membership.Role.STAFF)
    with pytest.raises(ValidationError):
        verify(waiting, by=cast.staff)


def test_an_administrator_has_to_choose_an_agency(cast, waiting):
    with pytest.raises(ValidationError):
        verify(waiting, by=cast.administrator)
    assert verify(waiting, by=cast.administrator, agency=cast.other_agency)
    assert waiting.agency == cast.other_agency


def test_an_agency_needs_no_agency(cast):
    agency = OrganisationFactory(verified_at=None)
    assert verify(agency, by=cast.administrator)
    assert (agency.is_verified, agency.agency) == (True, None)


def test_the_agency_looks_after_what_was_drafted_before(cast, waiting):
    draft = OpportunityFactory(host=waiting, status=Opportunity.Status.DRAFT)
    verify(waiting, by=cast.staff)
    draft.refresh_from_db()
    assert draft.agency == cast.agency


def test_a_stranger_cannot_withdraw(cast):
    with pytest.raises(PermissionDenied):
        withdraw(cast.mso, by=cast.stranger)


def test_withdrawing_hides_everything_and_keeps_the_agency(cast):
    OpportunityFactory(host=cast.mso)
    assert withdraw(cast.mso, by=cast.staff)
    assert not Opportunity.objects.open().filter(host=cast.mso).exists()
    assert (cast.mso.verified_at, cast.mso.agency) == (None, cast.agency)


def test_withdrawing_twice_changes_nothing(cast, heard):
    withdraw(cast.mso, by=cast.staff)
    heard.clear()
    assert not withdraw(cast.mso, by=cast.staff)
    assert heard == []


def test_the_organisation_and_its_open_opportunities_are_announced(cast, heard):
    opportunity = OpportunityFactory(host=cast.mso)
    OpportunityFactory(host=cast.mso, status=Opportunity.Status.DRAFT)
    withdraw(cast.mso, by=cast.staff)
    assert heard == [("organisation", cast.mso, cast.staff), ("opportunity", opportunity, cast.staff)]


@pytest.mark.parametrize(("who", "expected"), [("contact", False), ("stranger", False), ("staff", True)])
def test_who_decides_about_an_accompanied_organisation(cast, who, expected):
    assert may_decide(cast.mso, getattr(cast, who)) is expected
