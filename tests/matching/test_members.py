"""Whom an association sees of the people who are reached through it."""

import pytest
from django.urls import reverse

from matching import members
from matching.models import Intermediary, Match
from tests.factories import MatchFactory, MembershipFactory, MSOFactory, OpportunityFactory, VolunteerFactory
from volunteers import consents
from volunteers.models import Consent

THROUGH = Consent.Purpose.THROUGH


@pytest.fixture
def ali(cast):
    """Reached through the cast's association, which may know what he is interested in."""
    ali = VolunteerFactory(first_name="Ali", last_name="Secret", channel="organisation")
    Intermediary.objects.create(volunteer=ali, organisation=cast.mso)
    consents.record(ali, THROUGH)
    match = MatchFactory(
        volunteer=ali, opportunity=OpportunityFactory(title="Zusammen kochen"), state=Match.State.INTERESTED
    )
    match.events.create(side="candidate", to_state=Match.State.INTERESTED)
    return ali


def names(user):
    return [person["name"] for person in members.of(user)]


def test_without_a_consent_of_its_own_the_association_sees_nobody(cast, ali):
    consents.withdraw(ali, THROUGH)
    assert names(cast.contact) == []


def test_with_the_profile_goes_what_the_association_sees(cast, ali):
    consents.withdraw(ali, Consent.Purpose.PROFILE)
    assert names(cast.contact) == []


@pytest.mark.parametrize("reader", ["staff", "stranger"])
def test_nobody_else_sees_them_there(cast, ali, reader):
    assert names(getattr(cast, reader)) == []


def test_another_association_sees_nobody(cast, ali):
    other = MembershipFactory(organisation=MSOFactory(agency=cast.agency), role="contact").user
    assert names(other) == []


def test_an_association_that_is_no_longer_verified_sees_nobody(cast, ali):
    cast.mso.verified_at = None
    cast.mso.save()
    assert names(cast.contact) == []


def test_a_first_name_and_what_it_is_about_is_all(client, cast, ali):
    client.force_login(cast.contact)
    page = client.get(reverse("matching:my_members")).content.decode()
    assert "Ali" in page
    assert "Zusammen kochen" in page
    assert "Secret" not in page


def test_what_somebody_refused_is_nobody_elses_business(cast, ali):
    ali.matches.update(state=Match.State.DECLINED, declined_by="candidate", reason="other")
    assert members.of(cast.contact)[0]["interests"] == []


def test_what_staff_think_about_is_not_shown_before_anybody_asked(cast, ali):
    ali.matches.get().events.all().delete()
    assert members.of(cast.contact)[0]["interests"] == []


def test_more_people_ask_no_more_of_the_database(cast, ali, django_assert_num_queries):
    for _ in range(2):
        other = VolunteerFactory()
        Intermediary.objects.create(volunteer=other, organisation=cast.mso)
        consents.record(other, THROUGH)
    with django_assert_num_queries(4):
        assert len(names(cast.contact)) == 3
