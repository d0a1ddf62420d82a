""" "I am interested": with a profile by one press, without by a name and one way to answer."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from matching.models import Match
from tests.factories import MembershipFactory, OpportunityFactory, UserFactory
from volunteers.models import Volunteer

RANA = {"name": "Rana", "phone": "0221 4710011", "call_times": ["evening"], "consent": "on"}


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def opportunity(cast):
    return OpportunityFactory(host=cast.mso, agency=cast.agency)


def path(opportunity, page="express_interest"):
    return reverse(f"matching:{page}", args=[opportunity.pk])


def opened(client, opportunity, ago=10):
    """The page as it was opened some seconds ago, so that nobody was too fast."""
    with time_machine.travel(timezone.now() - timedelta(seconds=ago)):
        return {"stamp": client.get(path(opportunity)).context["form"]["stamp"].value()}


def press(client, opportunity, ago=10, **data):
    return client.post(path(opportunity), {**opened(client, opportunity, ago), **RANA, **data})


@pytest.mark.parametrize(
    "hidden",
    [{"status": "draft"}, {"valid_until": "2020-01-01"}, {"status": "filled"}],
    ids=["draft", "expired", "full"],
)
def test_what_is_not_open_has_no_such_page(client, cast, hidden):
    opportunity = OpportunityFactory(host=cast.mso, agency=cast.agency, **hidden)
    assert client.get(path(opportunity)).status_code == 404
    assert client.post(path(opportunity), RANA).status_code == 404
    assert client.get(path(opportunity, "interest_sent")).status_code == 404


def test_an_address_without_opportunity_is_not_found(client, db):
    assert client.get(reverse("matching:express_interest", args=[10**30])).status_code == 404


def test_a_visitor_leaves_a_name_and_a_number(client, opportunity):
    assert press(client, opportunity).url == path(opportunity, "interest_sent")
    match = Match.objects.get()
    rana = match.volunteer
    assert (match.state, match.origin, match.opportunity) == ("interested", "interest", opportunity)
    assert (rana.first_name, rana.phone, rana.channel, rana.user) == ("Rana", "0221 4710011", "phone", None)
    assert [(consent.purpose, consent.given_how) for consent in rana.consents.all()] == [("contact", "website")]


def test_a_visitor_is_not_suggested_elsewhere(client, opportunity):
    press(client, opportunity)
    assert not Volunteer.objects.available().filter(first_name="Rana").exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"phone": ""}, "phone"),
        ({"phone": "call me"}, "phone"),
        ({"phone": "+ - - - - -"}, "phone"),
        ({"phone": "", "email": "rana"}, "email"),
        ({"consent": ""}, "consent"),
        ({"website": "https://example.org"}, "website"),
        ({"stamp": "forged"}, "__all__"),
        ({"name": "\0"}, "name"),
        ({"name": "x" * 900_000}, "name"),
        ({"call_times": ["\0"]}, "call_times"),
    ],
    ids=["name", "contact", "phone", "no digits", "email", "consent", "robot", "forged", "NUL", "long", "times"],
)
def test_a_fault_is_told_beside_its_field_and_nothing_is_kept(client, opportunity, wrong, field):
    form = press(client, opportunity, **wrong).context["form"]
    assert set(form.errors) == {field}
    assert (Match.objects.count(), Volunteer.objects.filter(user=None).count()) == (0, 0)


@pytest.mark.parametrize("ago", [0, 25 * 60 * 60], ids=["too fast", "too old"])
def test_a_second_press_goes_through(client, opportunity, ago):
    refused = press(client, opportunity, ago=ago).context["form"]
    assert set(refused.errors) == {"__all__"}
    with time_machine.travel(timezone.now() + timedelta(seconds=5)):
        sent = client.post(path(opportunity), {**RANA, "stamp": refused["stamp"].value()})
    assert sent.status_code == 302


def test_the_same_contact_is_the_same_person(client, opportunity):
    press(client, opportunity)
    press(client, opportunity, phone="+49 (221) 471-0011")
    press(client, opportunity, phone="", email="Rana@example.org")
    press(client, opportunity, phone="", email="rana@example.org")
    assert Match.objects.count() == 2


def test_digits_of_other_scripts_are_a_number_too(client, opportunity):
    press(client, opportunity, phone="٠٢٢١ ٤٧١٠٠١١")
    press(client, opportunity, phone="0221 4710012")
    phones = Volunteer.objects.filter(user=None).values_list("phone", flat=True)
    assert set(phones) == {"0221 4710011", "0221 4710012"}


def test_the_same_contact_for_another_opportunity_is_kept_apart(client, cast, opportunity):
    press(client, opportunity)
    press(client, OpportunityFactory(host=cast.other_agency, agency=cast.other_agency))
    assert Volunteer.objects.filter(user=None).count() == 2


def test_one_address_cannot_send_without_end(client, opportunity):
    answers = [press(client, opportunity, phone=f"0221 47100{n}").status_code for n in range(10, 32)]
    assert answers == [302] * 20 + [200] * 2


def test_a_volunteer_needs_one_press(client, cast, opportunity):
    client.force_login(cast.samira.user)
    assert client.get(path(opportunity)).status_code == 200
    for _ in range(2):
        assert client.post(path(opportunity)).url == path(opportunity, "interest_sent")
    match = Match.objects.get()
    assert (match.volunteer, match.state, match.events.get().by) == (cast.samira, "interested", cast.samira.user)


def test_a_contact_answers_for_the_self_organisation(client, cast):
    opportunity = OpportunityFactory(host=cast.agency)
    client.force_login(cast.contact)
    assert client.post(path(opportunity)).status_code == 302
    assert Match.objects.get().organisation == cast.mso


def test_whoever_may_answer_for_two_says_for_whom(client, cast):
    opportunity = OpportunityFactory(host=cast.agency)
    MembershipFactory(user=cast.samira.user, organisation=cast.mso, role="contact")
    client.force_login(cast.samira.user)
    assert set(client.post(path(opportunity)).context["form"].errors) == {"candidate"}
    client.post(path(opportunity), {"candidate": f"organisation-{cast.mso.pk}"})
    assert Match.objects.get().organisation == cast.mso


def test_a_self_organisation_does_not_answer_itself(client, cast, opportunity):
    client.force_login(cast.contact)
    client.post(path(opportunity))
    assert not Match.objects.exists()


def test_nobody_answers_for_a_foreign_organisation(client, cast, opportunity):
    client.force_login(cast.samira.user)
    client.post(path(opportunity), {"candidate": f"organisation-{cast.mso.pk}"})
    assert not Match.objects.filter(organisation=cast.mso).exists()


def test_an_account_without_a_profile_gets_one_with_its_name(client, opportunity):
    user = UserFactory()
    client.force_login(user)
    press(client, opportunity, phone="", email=user.email)
    assert Match.objects.get().volunteer.user == user


def test_who_then_agrees_to_a_profile_may_be_suggested(client, opportunity):
    user = UserFactory()
    client.force_login(user)
    press(client, opportunity)
    client.post(reverse("volunteers:edit_profile") + "?step=4", {"reach_km": 2})
    assert user.volunteer.reach_km is None
    client.post(reverse("volunteers:edit_profile") + "?step=1", {"first_name": "Rana", "consent": "on"})
    assert Volunteer.objects.available().filter(user=user).exists()


@pytest.mark.django_db(transaction=True)
def test_many_presses_at_once_are_one_interest(client, cast):
    opportunity = OpportunityFactory(host=cast.mso, agency=cast.agency)
    data = {**opened(client, opportunity), **RANA}
    answers = []

    def send():
        answers.append(client.post(path(opportunity), data).status_code)
        connection.close()

    presses = [threading.Thread(target=send) for _ in range(6)]
    [thread.start() for thread in presses]
    [thread.join() for thread in presses]
    assert answers == [302] * 6
    assert (Match.objects.count(), Match.objects.get().volunteer.consents.count()) == (1, 1)
