"""Courses: an agency writes down what people can learn there."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from engagement.models import Level
from organisations.models import Course
from tests.factories import CourseFactory, LanguageFactory, MembershipFactory, OrganisationFactory, ProofFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
ADD = "/en/admin/organisations/course/add/"


@pytest.fixture
def course(cast):
    return CourseFactory(agency=cast.agency, proof=ProofFactory())


def told(agency, **more):
    day = (TODAY + timedelta(days=9)).isoformat()
    return {"title": "Basiskurs", "begins_on": day, "place": "Büro", "agency": agency.pk, **more}


def test_only_the_agency_sees_its_own_course(cast, course):
    readers = [cast.staff, cast.administrator, cast.stranger, cast.contact, cast.samira.user]
    assert [Course.objects.visible_to(user).count() for user in readers] == [1, 1, 0, 0, 0]


def test_a_course_that_is_open_to_all_is_read_at_every_desk_and_changed_at_one(cast, course):
    Course.objects.update(is_open=True)
    readers = [cast.staff, cast.stranger, cast.contact, cast.samira.user]
    assert [Course.objects.visible_to(user).count() for user in readers] == [1, 1, 0, 0]
    assert [Course.objects.changeable_by(user).count() for user in readers] == [1, 0, 0, 0]


def test_the_page_of_an_open_course_is_read_only_elsewhere(client, cast, course):
    Course.objects.update(is_open=True)
    client.force_login(cast.stranger)
    address = reverse("admin:organisations_course_change", args=[course.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, told(cast.other_agency, title="Ours")).status_code == 403
    assert Course.objects.get().title == course.title


def test_staff_write_down_a_course_of_their_agency(client, cast):
    client.force_login(cast.staff)
    assert f'<option value="{cast.agency.pk}" selected' in client.get(ADD).content.decode()
    client.post(ADD, told(cast.agency, proof=ProofFactory().pk))
    assert Course.objects.get().agency == cast.agency


def test_nobody_writes_down_a_course_for_another_agency(client, cast):
    client.force_login(cast.staff)
    for agency in (cast.other_agency, cast.mso):
        assert client.post(ADD, told(agency, proof=ProofFactory().pk)).status_code == 200
    assert not Course.objects.exists()


def test_whoever_is_in_two_agencies_chooses(client, cast):
    second = OrganisationFactory()
    MembershipFactory(user=cast.staff, organisation=second)
    client.force_login(cast.staff)
    client.post(ADD, told(second, proof=ProofFactory().pk))
    assert Course.objects.get().agency == second


@pytest.mark.parametrize(
    "odd",
    [
        {"proof": ""},
        {"level": Level.B1},
        {"title": "\0"},
        {"title": "x" * 151},
        {"begins_on": "99999-01-01"},
        {"proof": "9" * 400},
        {"place": "x" * 201},
    ],
)
def test_what_makes_no_course_is_asked_again_and_nothing_typed_is_lost(client, cast, odd):
    client.force_login(cast.staff)
    response = client.post(ADD, told(cast.agency, place="Im Hof", proof=ProofFactory().pk) | odd)
    assert response.status_code == 200
    assert "place" in odd or "Im Hof" in response.content.decode()
    assert not Course.objects.exists()


def test_the_database_knows_what_makes_a_course():
    for odd in ({}, {"language": LanguageFactory()}, {"proof": ProofFactory(), "level": Level.A1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CourseFactory(**odd)


def test_what_has_begun_is_not_coming(cast, course):
    CourseFactory(agency=cast.agency, proof=ProofFactory(), begins_on=TODAY - timedelta(days=1))
    soon = CourseFactory(agency=cast.agency, proof=ProofFactory(), begins_on=TODAY)
    assert list(Course.objects.coming()) == [soon, course]
