"""The pages for people at the desk, with what only the attic knows."""

import pytest
from django.urls import reverse

from matching.models import Intermediary
from tests.factories import MSOFactory
from tests.volunteers.test_intake import ADD, LEAST, enter
from volunteers.models import Volunteer


@pytest.fixture
def desk(client, cast):
    client.force_login(cast.staff)
    return client


def test_the_association_is_chosen_with_the_way_through_it(desk, cast):
    enter(desk, channel="organisation", association=cast.mso.pk, association_may_know="on")
    oleh = Volunteer.objects.get(first_name="Oleh")
    assert oleh.intermediary.organisation == cast.mso
    assert sorted(oleh.consents.values_list("purpose", flat=True)) == ["profile", "through"]


def test_after_saving_the_next_page_is_what_suits(desk):
    response = enter(desk)
    oleh = Volunteer.objects.get(first_name="Oleh")
    assert response.url == reverse("admin:matching_suggestion_volunteer", args=[oleh.pk])
    assert desk.get(response.url).status_code == 200


def test_the_way_through_an_association_needs_one(desk, cast):
    response = enter(desk, channel="organisation")
    assert list(response.context["page"].form.errors) == ["association"]


def test_only_verified_associations_are_offered(desk, cast):
    waiting = MSOFactory(agency=cast.agency, verified_at=None)
    assert waiting.name not in desk.get(reverse(ADD)).content.decode()
    assert not enter(desk, channel="organisation", association=waiting.pk).context["page"].form.is_valid()


def test_staff_know_the_association_without_a_further_consent(desk, cast):
    enter(desk, channel="organisation", association=cast.mso.pk)
    oleh = Volunteer.objects.get(first_name="Oleh")
    page = desk.get(reverse("admin:volunteers_volunteer_change", args=[oleh.pk]))
    assert cast.mso.name in page.content.decode()
    assert [question["purpose"] for question in page.context["panel"]["questions"]] == ["through"]


def test_the_association_of_another_agencys_people_is_not_visible(desk, cast):
    enter(desk, channel="organisation", association=cast.mso.pk)
    assert Intermediary.objects.visible_to(cast.staff).count() == 1
    assert Intermediary.objects.visible_to(cast.stranger).count() == 0


def test_another_association_takes_the_place_of_the_first(desk, cast):
    enter(desk, channel="organisation", association=cast.mso.pk)
    oleh, other = Volunteer.objects.get(first_name="Oleh"), MSOFactory(agency=cast.agency)
    address = reverse("admin:volunteers_volunteer_conversation", args=[oleh.pk])
    assert desk.get(address).context["page"].form["association"].value() == cast.mso.pk
    desk.post(address, {**LEAST, "channel": "organisation", "association": other.pk})
    assert Intermediary.objects.get().organisation == other
    desk.post(address, LEAST)
    assert not Intermediary.objects.exists()
