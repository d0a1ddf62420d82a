"""Needs: a self-organisation says what a neighbourhood lacks, and its agency reads it."""

import pytest
from django.urls import reverse

from organisations.models import Need
from tests.factories import FieldFactory, MSOFactory, NeighbourhoodFactory


@pytest.fixture
def told(cast):
    return {
        "neighbourhood": NeighbourhoodFactory().pk,
        "field": FieldFactory().pk,
        "text": "Niemand hilft bei Formularen.",
    }


def send(client, organisation, told, user=None):
    if user:
        client.force_login(user)
    return client.post(reverse("organisations:report_need", args=[organisation.pk]), told)


def test_nobody_reports_for_a_foreign_organisation(client, cast, told):
    for user in [cast.samira.user, cast.staff, cast.stranger]:
        assert send(client, cast.mso, told, user).status_code == 404
    assert not Need.objects.exists()


def test_only_the_accompanying_agency_reads_it(client, cast, told):
    send(client, cast.mso, told, cast.contact)
    readers = [cast.contact, cast.staff, cast.administrator, cast.stranger, cast.samira.user]
    assert [Need.objects.visible_to(user).count() for user in readers] == [1, 1, 1, 0, 0]


def test_a_need_is_reported_once_and_shown_on_the_own_page(client, cast, told):
    for _ in range(2):
        assert send(client, cast.mso, told, cast.contact).url == reverse("organisations:my_organisation")
    need = Need.objects.get()
    assert (need.organisation, need.reported_by) == (cast.mso, cast.contact)
    assert need.text in client.get(reverse("organisations:my_organisation")).content.decode()


def test_what_is_covered_can_be_reported_again(client, cast, told):
    for _ in range(2):
        send(client, cast.mso, told, cast.contact)
        Need.objects.update(is_covered=True)
    assert Need.objects.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [{"text": ""}, {"text": "\0"}, {"text": "x" * 1001}, {"field": "\0"}, {"field": 10**30}, {"neighbourhood": ""}],
    ids=["empty", "NUL", "long", "hostile", "huge", "no place"],
)
def test_a_fault_is_told_beside_its_field(client, cast, told, wrong):
    form = send(client, cast.mso, told | wrong, cast.contact).context["form"]
    assert set(form.errors) == set(wrong)
    assert not Need.objects.exists()


def test_only_places_around_are_offered(client, cast, told):
    far = NeighbourhoodFactory(code="essen-altendorf", city__name="Essen", city__ags="05113")
    assert set(send(client, cast.mso, told | {"neighbourhood": far.pk}, cast.contact).context["form"].errors) == {
        "neighbourhood"
    }
    cast.mso.reached.add(far)
    assert send(client, cast.mso, told | {"neighbourhood": far.pk}).status_code == 302


def test_staff_note_that_a_need_is_covered(client, cast, told):
    send(client, cast.mso, told, cast.contact)
    send(client, MSOFactory(agency=cast.other_agency), told)
    address = reverse("admin:organisations_need_change", args=[Need.objects.get().pk])
    client.force_login(cast.staff)
    assert client.post(address, {"is_covered": "on", "text": "changed"}).status_code == 302
    need = Need.objects.get()
    assert (need.is_covered, need.text) == (True, told["text"])
