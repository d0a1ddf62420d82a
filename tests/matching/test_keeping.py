"""The way that the mail offers: a page with a button, and nothing happens before it is pressed."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from matching import keeping
from tests.factories import UserFactory, VolunteerFactory
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture
def nour():
    volunteer = VolunteerFactory(first_name="Nour", email="nour@example.org")
    Volunteer.objects.update(changed_at=timezone.now() - timedelta(days=400))
    volunteer.refresh_from_db()
    keeping.ask(volunteer, timezone.now())
    volunteer.refresh_from_db()
    return volunteer


def address(volunteer):
    return reverse("matching:keep_profile", args=[keeping.issue(volunteer)])


def test_opening_the_page_is_no_answer(client, nour):
    page = client.get(address(nour))
    assert "Nour" not in page.content.decode()
    nour.refresh_from_db()
    assert not keeping.is_kept(nour)


def test_one_press_keeps_it_and_a_second_one_too(client, nour):
    for _ in range(2):
        page = client.post(address(nour), follow=True)
        assert page.context["is_kept"]
    nour.refresh_from_db()
    assert keeping.is_kept(nour)


def test_without_an_account_everything_may_go_at_once(client, nour):
    client.post(address(nour), {"erase": "yes"})
    assert not Volunteer.objects.exists()


def test_an_account_is_not_erased_by_an_address_alone(client, nour):
    Volunteer.objects.update(user=UserFactory())
    assert "erase" not in client.get(address(nour)).content.decode()
    client.post(address(nour), {"erase": "yes"})
    assert Volunteer.objects.exists()


@pytest.mark.parametrize("word", ["nothing", "1-1:abc", "x:y:z", "٣-1"])
def test_a_word_that_is_not_ours_opens_nothing(client, nour, word):
    assert client.get(reverse("matching:keep_profile", args=[word])).status_code == 404


def test_the_word_of_an_older_question_opens_nothing(client, nour):
    old = address(nour)
    keeping.ask(nour, timezone.now() + timedelta(days=500))
    assert client.get(old).status_code == 404
