"""The first conversation on paper, in German and the person's language."""

import pytest
from django.urls import reverse

from tests.factories import LanguageFactory, SkillFactory, VolunteerFactory
from volunteers.models import Company
from volunteers.sheet import Sheet, Words


@pytest.fixture
def ali(cast):
    ali = VolunteerFactory(first_name="Ali", language="ar", times=[4], company="team", doubts="Reicht mein Deutsch?")
    ali.accompaniments.create(agency=cast.agency)
    ali.spoken_languages.create(language=LanguageFactory(), level=7)
    ali.competences.create(skill=SkillFactory(), own_words="Mathe")
    return ali


def page(client, reader, volunteer, **query):
    client.force_login(reader)
    return client.get(reverse("admin:volunteers_volunteer_print", args=[volunteer.pk]), query)


def test_another_agency_prints_nobody(client, cast, ali):
    assert page(client, cast.stranger, ali).status_code == 404


def test_the_sheet_is_in_two_languages_where_the_person_reads_another(client, cast, ali):
    text = page(client, cast.staff, ali).content.decode()
    assert "Wie ist dein Vorname?" in text or "Wie heißt du" in text or "Vorname" in text
    assert 'class="theirs" lang="ar" dir="rtl"' in text


def test_what_was_told_stands_there_and_the_rest_can_be_written(ali):
    sheet = Sheet("de", ali)
    questions = {question.words.german: question for part in sheet.parts() for question in part["questions"]}
    answers = {question.answer for question in questions.values()}
    assert {"Ali", "Reicht mein Deutsch?"} <= answers
    ticked = [words.german for question in questions.values() for words, is_ticked in question.boxes if is_ticked]
    assert str(Company.TEAM.label) in ticked
    assert [row for _name, row in sheet.week()["rows"]][1].index(True) == 1


def test_an_empty_sheet_has_nobodys_answers(db):
    sheet = Sheet("ar")
    questions = [question for part in sheet.parts() for question in part["questions"]]
    assert {question.answer for question in questions} == {""}
    assert not any(is_ticked for question in questions for _words, is_ticked in question.boxes)


def test_the_same_words_are_written_once(db):
    assert Sheet("de").words("PLZ") == Words("PLZ")
    assert Sheet("fr").words("PLZ") == Words("PLZ")


@pytest.mark.parametrize("language", ["\0", "xx", "x" * 5000, ""])
def test_an_unknown_language_is_german_alone(client, cast, language):
    client.force_login(cast.staff)
    response = client.get(reverse("admin:volunteers_volunteer_sheet"), {"language": language})
    assert (response.status_code, response.context["language"]) == (200, "de")
    assert 'class="theirs"' not in response.content.decode()


def test_the_slip_carries_the_number_of_the_agency(client, cast):
    cast.agency.phone = "0221 4710011"
    cast.agency.save()
    client.force_login(cast.staff)
    text = client.get(reverse("admin:volunteers_volunteer_sheet")).content.decode()
    assert "0221 4710011" in text
    assert "Elif Yildiz" in text
