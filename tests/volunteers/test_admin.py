"""The desk: another agency sees nobody; a profile is entered together with a person, in one page."""

import pytest
from django.urls import reverse
from django.utils import timezone

from matching.models import Accompaniment
from tests.factories import (
    LanguageFactory,
    MembershipFactory,
    MSOFactory,
    ProofFactory,
    SkillFactory,
    UserFactory,
    VolunteerFactory,
)
from volunteers.models import Volunteer
from volunteers.signals import volunteer_saved

LIST = "admin:volunteers_volunteer_changelist"
ADD = "admin:volunteers_volunteer_add"
NO_ROWS = {
    f"{relation}-{count}": 0
    for relation in ["spoken_languages", "competences", "inspections", "intermediary"]
    for count in ["TOTAL_FORMS", "INITIAL_FORMS"]
}
MEHMET = {
    **NO_ROWS,
    "first_name": "Mehmet",
    "last_name": "Şükrü",
    "consent": "in_person",
    "channel": "phone",
    "phone": "0221 4710012",
    "language": "de",
    "max_load": 2,
}
TODAY = timezone.localdate


def page(volunteer, name="change"):
    return reverse(f"admin:volunteers_volunteer_{name}", args=[volunteer.pk])


@pytest.fixture
def desk(client, cast):
    client.force_login(cast.staff)
    return client


@pytest.fixture
def mehmet(desk):
    desk.post(reverse(ADD), MEHMET)
    return Volunteer.objects.get(first_name="Mehmet")


def test_another_agency_sees_nobody(client, cast, mehmet):
    client.force_login(cast.stranger)
    assert list(client.get(reverse(LIST)).context["cl"].queryset) == []
    for name in ["change", "history", "delete"]:
        assert client.get(page(mehmet, name)).status_code in {302, 403}
    client.post(page(mehmet), {**MEHMET, "first_name": "Stolen"})
    mehmet.refresh_from_db()
    assert mehmet.first_name == "Mehmet"


def test_another_agency_finds_nobody_by_typing(client, cast, mehmet):
    client.force_login(cast.stranger)
    choice = {"app_label": "matching", "model_name": "match", "field_name": "volunteer", "term": "Mehmet"}
    response = client.get(reverse("admin:autocomplete"), choice)
    assert response.status_code == 403 or response.json()["results"] == []


def test_whoever_is_of_no_agency_enters_nobody(client, db):
    user = UserFactory(is_staff=True)
    MembershipFactory(user=user, organisation=MSOFactory(), role="contact")
    client.force_login(user)
    assert client.post(reverse(ADD), MEHMET).status_code == 403


def test_staff_enter_a_person_without_an_email_and_accompany_them(desk, cast, mehmet):
    assert (mehmet.user, mehmet.email, mehmet.channel) == (None, "", "phone")
    assert Accompaniment.objects.get().agency == cast.agency
    assert desk.get(page(mehmet)).status_code == 200


def test_the_consent_says_how_and_who_wrote_it_down(cast, mehmet):
    consent = mehmet.consents.get()
    assert (consent.purpose, consent.given_how, consent.recorded_by) == ("profile", "in_person", cast.staff)


def test_everything_is_stored_before_it_is_announced(desk, cast):
    heard = []

    def listen(sender, volunteer, by, **more):
        rows = [volunteer.spoken_languages, volunteer.competences, volunteer.consents]
        heard.append((by, [row.count() for row in rows]))

    volunteer_saved.connect(listen)
    rows = {"spoken_languages-TOTAL_FORMS": 1, "spoken_languages-0-language": LanguageFactory().pk}
    rows["skills"] = [SkillFactory().pk]
    assert desk.post(reverse(ADD), {**MEHMET, **rows}).status_code == 302
    volunteer_saved.disconnect(listen)
    assert heard == [(cast.staff, [1, 1, 1])]


def inspect(desk, volunteer, **more):
    return desk.post(page(volunteer, "inspect"), {"issued_on": TODAY(), "seen_on": TODAY(), **more})


def test_one_press_notes_that_a_proof_was_seen_and_by_whom(desk, cast, mehmet):
    proof = ProofFactory(recheck_months=60)
    assert inspect(desk, mehmet, proof=proof.pk).url == page(mehmet)
    inspection = mehmet.inspections.get()
    assert (inspection.seen_on, inspection.seen_by) == (TODAY(), cast.staff)
    assert inspection.recheck_on.year == TODAY().year + 5


def test_a_faulty_inspection_is_shown_again_as_it_was_typed(desk, mehmet):
    proof = ProofFactory()
    response = inspect(desk, mehmet, proof=proof.pk, issued_on="2020-02-29")
    assert "issued_on" in response.context["form"].errors
    assert "2020-02-29" in response.content.decode()
    assert not mehmet.inspections.exists()


def test_a_consent_is_taken_back_with_one_press_and_the_way_to_reach_is_forgotten(desk, mehmet):
    desk.post(page(mehmet, "withdraw"), {"purpose": "profile"})
    mehmet.refresh_from_db()
    assert mehmet.consents.get().withdrawn_at is not None
    assert (mehmet.channel, mehmet.phone) == ("", "")


def test_an_older_text_is_read_anew_and_both_consents_are_kept(desk, cast, mehmet):
    mehmet.consents.update(text_version="2020-01")
    [question] = desk.get(page(mehmet)).context["panel"]["questions"]
    assert question["is_outdated"]
    desk.post(page(mehmet, "consent"), {"purpose": "profile", "how": "phone"})
    assert [consent.given_how for consent in mehmet.consents.all()] == ["phone", "in_person"]
    assert desk.get(page(mehmet)).context["panel"]["questions"] == []


@pytest.mark.parametrize("data", [{}, {"purpose": "profile"}, {"purpose": "\0", "how": "x" * 9999}])
def test_a_consent_needs_to_be_told_how(desk, mehmet, data):
    mehmet.consents.all().delete()
    assert desk.post(page(mehmet, "consent"), data).status_code == 302
    assert not mehmet.consents.exists()


@pytest.mark.parametrize("name", ["consent", "withdraw", "inspect"])
def test_another_agency_notes_nothing(client, cast, mehmet, name):
    client.force_login(cast.stranger)
    assert client.post(page(mehmet, name), {"purpose": "profile", "how": "phone"}).status_code == 404
    assert mehmet.consents.get().withdrawn_at is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"consent": ""}, "consent"),
        ({"consent": "website"}, "consent"),
        ({"channel": ""}, "channel"),
        ({"channel": "letter"}, "address"),
        ({"phone": "call"}, "phone"),
        ({"first_name": "\0"}, "first_name"),
    ],
    ids=["no consent", "not at the desk", "no channel", "no address", "no number", "NUL"],
)
def test_a_fault_is_told_beside_its_field(desk, wrong, field):
    form = desk.post(reverse(ADD), {**MEHMET, **wrong}).context["page"].form
    assert field in form.errors
    assert not Volunteer.objects.filter(last_name="Şükrü").exists()


@pytest.mark.parametrize("typed", ["sukru", "Mehmet Ş", "ŞÜKRÜ", "4710012"])
def test_a_name_is_found_without_its_marks(desk, mehmet, typed):
    found = desk.get(reverse(LIST), {"q": typed}).context["cl"].queryset
    assert list(found) == [mehmet]


@pytest.mark.parametrize("typed", ["\0", "%", "x" * 50_000, "\u202e"], ids=["NUL", "percent", "long", "mark"])
def test_a_hostile_search_finds_nothing(desk, mehmet, typed):
    assert desk.get(reverse(LIST), {"q": typed}).status_code in {200, 302}


def test_the_list_asks_no_more_for_more_people(desk, cast, django_assert_max_num_queries):
    for _ in range(3):
        VolunteerFactory().accompaniments.create(agency=cast.agency)
    with django_assert_max_num_queries(14):
        assert len(desk.get(reverse(LIST)).context["cl"].queryset) == 3


def test_the_page_of_an_account_needs_no_channel(desk, cast):
    cast.samira.accompaniments.create(agency=cast.agency)
    data = {**MEHMET, "first_name": "Samira", "channel": ""}
    assert desk.post(page(cast.samira), data).status_code == 302
