"""The profile as its owner writes it: on one page, or step by step."""

import threading

import pytest
from django.db import connection
from django.urls import reverse

from tests.factories import (
    FieldFactory,
    LanguageFactory,
    NeighbourhoodFactory,
    PostcodeFactory,
    ProofFactory,
    SkillFactory,
    UserFactory,
    VolunteerFactory,
)
from volunteers.models import Consent, Volunteer
from volunteers.signals import volunteer_saved

ABOUT = {"first_name": "Rana", "consent": "on"}
NO_ROWS = {
    f"{relation}-{count}": 0
    for relation in ["spoken_languages", "competences"]
    for count in ["TOTAL_FORMS", "INITIAL_FORMS"]
}
CONTACT = {"channel": "phone", "phone": "0221 4710011", "language": "de"}


def profile(step=None):
    return reverse("volunteers:edit_profile") + (f"?step={step}" if step else "")


@pytest.fixture
def rana(client, db):
    user = UserFactory(name="Rana")
    client.force_login(user)
    return user


@pytest.fixture
def heard():
    """What the signal told, with the languages that were stored by then."""
    calls = []

    def listen(sender, volunteer, by, **more):
        calls.append((volunteer, by, volunteer.spoken_languages.count()))

    volunteer_saved.connect(listen)
    yield calls
    volunteer_saved.disconnect(listen)


def test_the_profile_is_for_those_who_are_signed_in(client, db):
    response = client.get(profile())
    assert response.status_code == 302
    assert reverse("account_login") in response["Location"]


def test_nobody_changes_the_profile_of_somebody_else(client, cast):
    client.force_login(UserFactory())
    client.post(profile(1), {**ABOUT, "id": cast.samira.pk, "volunteer": cast.samira.pk, "user": cast.samira.user_id})
    cast.samira.refresh_from_db()
    assert cast.samira.first_name == "Samira"


def test_whoever_is_new_begins_with_the_first_step(client, rana):
    response = client.get(profile())
    assert response.context["number"] == 1
    assert response.context["page"].form["first_name"].value() == "Rana"


@pytest.mark.parametrize("step", ["0", "-1", "7", "x", "1" * 5000, "\0", "٣"])
def test_an_unknown_step_shows_everything(client, rana, step):
    VolunteerFactory(user=rana, first_name="Rana")
    assert client.get(reverse("volunteers:edit_profile"), {"step": step}).context["number"] is None


def test_each_step_is_stored_and_leads_to_the_next(client, rana, heard):
    assert client.post(profile(1), ABOUT).url == profile(2)
    arabic = LanguageFactory()
    rows = {"spoken_languages-TOTAL_FORMS": 1, "spoken_languages-INITIAL_FORMS": 0}
    rows |= {"spoken_languages-0-language": arabic.pk, "spoken_languages-0-level": 7}
    assert client.post(profile(2), rows).url == profile(3)
    assert heard == [(rana.volunteer, rana, 0), (rana.volunteer, rana, 1)]


def test_one_can_stop_after_any_step(client, rana):
    assert client.post(profile(1), {**ABOUT, "finish": "1"}).url == reverse("matching:my_page")


def test_one_paper_is_offered_once_whatever_it_is_asked_for(client, rana):
    extended, other = ProofFactory(code="EFZ"), ProofFactory(code="JULEICA")
    asked_by_some = ProofFactory(code="EFZ_OFT")
    volunteer = VolunteerFactory(user=rana)
    assert offered_proofs(client) == [extended, other]
    volunteer.proofs.add(asked_by_some)
    assert offered_proofs(client) == [extended, asked_by_some, other]


def offered_proofs(client):
    form = client.get(profile("all")).context["page"].form
    return [*form.fields["proofs"].queryset.order_by("code")]


def test_everything_on_one_page_is_stored_together(client, rana, heard):
    german, skill, field, proof = LanguageFactory(code="de"), SkillFactory(), FieldFactory(), ProofFactory()
    place = NeighbourhoodFactory()
    rows = {"spoken_languages-TOTAL_FORMS": 1, "spoken_languages-0-language": german.pk}
    rows |= {"competences-TOTAL_FORMS": 1, "competences-0-skill": skill.pk, "competences-0-own_words": "Bruchrechnen"}
    wishes = {"motives": ["give_back"], "fields": [field.pk], "proofs": [proof.pk]}
    where = {"place": "Vingst", "reach_km": 5, "times": [0, 4]}
    response = client.post(profile("all"), {**ABOUT, **CONTACT, **NO_ROWS, **rows, **wishes, **where})
    assert response.url == reverse("matching:my_page")
    volunteer = rana.volunteer
    assert (volunteer.neighbourhood, volunteer.reach_km, volunteer.times) == (place, 5, [0, 4])
    assert [(row.language, row.level) for row in volunteer.spoken_languages.all()] == [(german, None)]
    assert [(row.skill, row.own_words) for row in volunteer.competences.all()] == [(skill, "Bruchrechnen")]
    assert (volunteer.motives, [*volunteer.fields.all()], [*volunteer.proofs.all()]) == (
        ["give_back"],
        [field],
        [proof],
    )
    assert heard == [(volunteer, rana, 1)]


def test_an_error_keeps_everything_that_was_typed_and_stores_nothing(client, rana, heard):
    rows = {"competences-TOTAL_FORMS": 1, "competences-0-own_words": "Bruchrechnen"}
    response = client.post(profile("all"), {**ABOUT, **CONTACT, **NO_ROWS, **rows, "phone": "", "times": [3]})
    form = response.context["page"].form
    assert set(form.errors) == {"phone"}
    assert form["times"].value() == ["3"]
    assert 'value="Bruchrechnen"' in response.content.decode()
    assert (Volunteer.objects.count(), heard) == (0, [])


def test_the_consent_is_noted_once(client, rana):
    client.post(profile(1), ABOUT)
    assert "consent" not in client.get(profile(1)).context["page"].form.fields
    client.post(profile(1), ABOUT)
    consent = Consent.objects.get()
    assert (consent.volunteer, consent.purpose, consent.given_how) == (rana.volunteer, "profile", "website")
    assert consent.text_version == "2026-11"


def test_without_consent_nothing_is_kept(client, rana):
    response = client.post(profile(1), {"first_name": "Rana"})
    assert set(response.context["page"].form.errors) == {"consent"}
    assert not Volunteer.objects.exists()


def test_a_postcode_brings_its_neighbourhood(client, rana):
    place = PostcodeFactory(neighbourhood=NeighbourhoodFactory())
    client.post(profile(1), ABOUT)
    client.post(profile(4), {"place": "51103 Köln"})
    assert (rana.volunteer.postcode, rana.volunteer.neighbourhood) == (place, place.neighbourhood)


def test_an_unknown_place_is_told_and_kept(client, rana):
    client.post(profile(1), ABOUT)
    form = client.post(profile(4), {"place": "Atlantis", "times": [1]}).context["page"].form
    assert set(form.errors) == {"place"}
    assert form["place"].value() == "Atlantis"


def test_of_several_places_one_is_chosen(client, rana):
    here = NeighbourhoodFactory(code="koeln-altstadt-nord", name="Altstadt-Nord")
    NeighbourhoodFactory(code="koeln-altstadt-sued", name="Altstadt-Süd")
    client.post(profile(1), ABOUT)
    form = client.post(profile(4), {"place": "Altstadt"}).context["page"].form
    assert [label for _, label in form.fields["place_choice"].choices] == ["Köln-Altstadt-Nord", "Köln-Altstadt-Süd"]
    client.post(profile(4), {"place": "Altstadt", "place_choice": f"neighbourhood-{here.pk}"})
    assert rana.volunteer.neighbourhood == here


def test_an_unchanged_place_stays_and_an_emptied_one_goes(client, rana):
    here = NeighbourhoodFactory()
    VolunteerFactory(user=rana, first_name="Rana", neighbourhood=here)
    client.post(profile(4), {"place": str(here)})
    assert Volunteer.objects.get().neighbourhood == here
    client.post(profile(4), {"place": ""})
    assert Volunteer.objects.get().neighbourhood is None


@pytest.mark.parametrize(
    ("channel", "field"),
    [("phone", "phone"), ("messenger", "phone"), ("email", "email"), ("letter", "address")],
)
def test_a_channel_needs_its_address(client, rana, channel, field):
    client.post(profile(1), ABOUT)
    response = client.post(profile(6), {"channel": channel, "language": "de"})
    assert set(response.context["page"].form.errors) == {field}


def test_a_word_out_of_use_stays_with_who_chose_it(client, rana):
    field = FieldFactory(is_active=False)
    client.post(profile(1), ABOUT)
    rana.volunteer.fields.add(field)
    client.post(profile(5), {"fields": [field.pk]})
    assert [*rana.volunteer.fields.all()] == [field]


HOSTILE = [
    "\0",
    "x" * 900_000,
    "\u202eabc",
    "'; --",
    "<script>",
    "9" * 5000,
    "-1",
    "1e999",
    "\ud800".encode("utf-8", "surrogatepass"),
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("step", [1, 2, 3, 4, 5, 6])
def test_hostile_input_is_an_answer_never_a_fault(client, rana, step, text):
    VolunteerFactory(user=rana, first_name="Rana")
    names = ["first_name", "birth_year", "gender", "place", "place_choice", "times", "reach_km", "fields", "proofs"]
    names += ["motives", "channel", "phone", "email", "address", "language", "consent"]
    names += ["spoken_languages-TOTAL_FORMS", "spoken_languages-0-language", "competences-0-own_words"]
    many = len(text) > 10_000
    for part in names if many else [names]:
        data = {part: text} if many else dict.fromkeys(names, text)
        assert client.post(profile(step), data).status_code in {200, 302, 400}


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_make_one_profile(client):
    user = UserFactory()
    arabic = LanguageFactory()
    rows = {"spoken_languages-TOTAL_FORMS": 1, "spoken_languages-0-language": arabic.pk}
    client.force_login(user)
    answers = []

    def press():
        answers.append(client.post(profile("all"), {**ABOUT, **CONTACT, **NO_ROWS, **rows}).status_code)
        connection.close()

    presses = [threading.Thread(target=press) for _ in range(4)]
    [thread.start() for thread in presses]
    [thread.join() for thread in presses]
    assert answers == [302] * 4
    assert (Volunteer.objects.count(), Consent.objects.count()) == (1, 1)
    assert user.volunteer.spoken_languages.count() == 1
