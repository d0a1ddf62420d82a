"""The first conversation: one page, quick to fill in while somebody tells."""

import pytest
from django.urls import reverse

from engagement.models import Level
from tests.factories import (
    FieldFactory,
    LanguageFactory,
    NeighbourhoodFactory,
    PostcodeFactory,
    SkillFactory,
    VolunteerFactory,
)
from volunteers.models import Volunteer

ADD = "admin:volunteers_volunteer_add"
LEAST = {
    "first_name": "Oleh",
    "consent": "paper",
    "channel": "phone",
    "phone": "0221 4710012",
    "language": "uk",
    "spoken_languages-TOTAL_FORMS": 0,
    "spoken_languages-INITIAL_FORMS": 0,
}


@pytest.fixture
def desk(client, cast):
    client.force_login(cast.staff)
    return client


def enter(desk, **more):
    return desk.post(reverse(ADD), {**LEAST, **more})


def test_a_name_the_consent_and_a_way_to_be_reached_are_enough(desk, cast):
    assert enter(desk).status_code == 302
    oleh = Volunteer.objects.get(first_name="Oleh")
    assert (oleh.language, oleh.phone, oleh.consents.get().recorded_by) == ("uk", "0221 4710012", cast.staff)


def test_german_stands_there_already_and_two_more_languages_are_ready(desk):
    german = LanguageFactory(code="de", tier=0)
    [languages] = desk.get(reverse(ADD)).context["page"].rows
    assert [row["language"].value() for row in languages] == [german.pk, None, None]


def test_everything_that_was_told_is_stored(desk):
    vingst, skill, wished = NeighbourhoodFactory(), SkillFactory(), FieldFactory()
    arabic, refused = LanguageFactory(), FieldFactory(code="SPORT")
    told = {
        "place": "Vingst",
        "reach_km": 5,
        "times": [1, 4],
        "rhythms": ["once", "regular"],
        "skills": [skill.pk],
        "fields": [wished.pk],
        "refused_fields": [refused.pk],
        "motives": ["learn_german"],
        "company": "team",
        "with_whom": "Kinder, nicht allein mit Tieren",
        "doubts": "Reicht mein Deutsch?",
        "spoken_languages-TOTAL_FORMS": 1,
        "spoken_languages-0-language": arabic.pk,
        "spoken_languages-0-level": Level.NATIVE,
    }
    enter(desk, **told)
    oleh = Volunteer.objects.get(first_name="Oleh")
    assert (oleh.neighbourhood, oleh.reach_km, oleh.times) == (vingst, 5, [1, 4])
    assert [row.skill for row in oleh.competences.all()] == [skill]
    assert [row.language for row in oleh.spoken_languages.all()] == [arabic]
    assert (list(oleh.fields.all()), list(oleh.refused_fields.all())) == ([wished], [refused])
    assert (oleh.rhythms, oleh.company, oleh.motives) == (["once", "regular"], "team", ["learn_german"])
    assert (oleh.with_whom, oleh.doubts) == (told["with_whom"], told["doubts"])


def test_a_fault_loses_nothing_that_was_typed(desk):
    skill = SkillFactory()
    PostcodeFactory()
    page = enter(desk, phone="later", skills=[skill.pk], doubts="Reicht mein Deutsch?", place="51103").content.decode()
    assert not Volunteer.objects.filter(first_name="Oleh").exists()
    assert f'value="{skill.pk}" id="id_skills_0_0_box" checked' in page
    assert all(word in page for word in ["later", "Reicht mein Deutsch?", "51103"])


def test_more_languages_are_asked_for_without_a_script(desk):
    response = enter(desk, more="spoken_languages", phone="later")
    assert len(response.context["page"].rows[0].forms) == 2
    assert response.context["page"].form.errors == {}


def test_what_is_wished_cannot_be_refused(desk):
    field = FieldFactory()
    response = enter(desk, fields=[field.pk], refused_fields=[field.pk])
    assert list(response.context["page"].form.errors) == ["refused_fields"]


def test_a_guardian_agrees_beside_somebody_young(desk):
    enter(desk, birth_year=2012, guardian="paper")
    oleh = Volunteer.objects.get(first_name="Oleh")
    assert oleh.may_be_minor
    assert sorted(oleh.consents.values_list("purpose", flat=True)) == ["guardian", "profile"]


def test_the_page_of_somebody_young_asks_for_a_guardian(desk):
    enter(desk, birth_year=2012)
    oleh = Volunteer.objects.get(first_name="Oleh")
    panel = desk.get(reverse("admin:volunteers_volunteer_change", args=[oleh.pk])).context["panel"]
    assert [question["purpose"] for question in panel["questions"]] == ["guardian"]


@pytest.fixture
def rana(cast):
    """She said "I am interested" on the site, and has told a little more by phone."""
    rana = VolunteerFactory(first_name="Rana", channel="phone", phone="0221 4710018", agreed_to="contact")
    rana.accompaniments.create(agency=cast.agency)
    for skill in [SkillFactory(code="OLD", is_active=False), SkillFactory(code="KEPT")]:
        rana.competences.create(skill=skill, own_words=f"{skill.code} words")
    rana.spoken_languages.create(language=LanguageFactory(), level=7)
    return rana


def converse(client, volunteer, **more):
    return client.post(reverse("admin:volunteers_volunteer_conversation", args=[volunteer.pk]), {**LEAST, **more})


def test_another_agency_converses_with_nobody(client, cast, rana):
    client.force_login(cast.stranger)
    assert converse(client, rana).status_code == 404


def test_whoever_is_known_finds_the_answers_there(desk, rana):
    page = desk.get(reverse("admin:volunteers_volunteer_conversation", args=[rana.pk])).context["page"]
    assert page.form["first_name"].value() == "Rana"
    assert sorted(page.form["skills"].value()) == sorted(row.skill_id for row in rana.competences.all())
    assert [row["level"].value() for row in page.rows[0]] == [7, None]


def test_the_conversation_makes_a_profile_of_an_interest_and_keeps_own_words(desk, rana):
    kept = rana.competences.get(skill__code="KEPT").skill
    assert converse(desk, rana, first_name="Rana", skills=[kept.pk]).status_code == 302
    assert [row.own_words for row in rana.competences.all()] == ["KEPT words"]
    assert sorted(rana.consents.values_list("purpose", flat=True)) == ["contact", "profile"]
    assert Volunteer.objects.filter(first_name="Rana").count() == 1


FORBIDDEN = {"nationality", "origin", "religion", "residence", "status", "health", "ethnicity"}


def test_what_is_never_asked_has_no_field():
    assert not {field.name for field in Volunteer._meta.get_fields()} & FORBIDDEN


@pytest.mark.parametrize("name", ["first_name", "with_whom", "doubts", "place", "phone", "skills", "times", "rhythms"])
@pytest.mark.parametrize("value", ["\0", "9" * 4000, "\u202e" * 500], ids=["NUL", "long", "marks"])
def test_hostile_answers_are_refused_not_broken(desk, name, value):
    assert enter(desk, **{name: value}).status_code == 200
    assert not Volunteer.objects.filter(phone=LEAST["phone"]).exists()
