"""Rows without JavaScript, shown with the languages of a person."""

import pytest
from django import forms
from django.test import RequestFactory

from engagement.formsets import Together
from tests.factories import LanguageFactory, VolunteerFactory
from volunteers.models import Volunteer
from volunteers.rows import SpokenLanguageRows


class NameForm(forms.ModelForm):
    class Meta:
        model = Volunteer
        fields = ["first_name"]


def rows(*pairs, **more):
    data = {"first_name": "Samira", "spoken_languages-TOTAL_FORMS": len(pairs), "spoken_languages-INITIAL_FORMS": 0}
    for number, (language, level) in enumerate(pairs):
        data |= {f"spoken_languages-{number}-language": language, f"spoken_languages-{number}-level": level}
    return data | more


def page(data=None, instance=None):
    request = RequestFactory().post("/", data) if data is not None else RequestFactory().get("/")
    return Together(request, NameForm, SpokenLanguageRows, instance=instance or Volunteer())


def spoken(volunteer):
    return list(volunteer.spoken_languages.values_list("language__code", "level"))


@pytest.fixture
def arabic(db):
    return LanguageFactory(code="ar", tier=1, autonym="العربية")


@pytest.fixture
def samira(arabic):
    samira = VolunteerFactory()
    samira.spoken_languages.create(language=arabic, level=7)
    return samira


def test_a_form_and_its_rows_are_stored_and_then_announced(arabic):
    heard = []
    sent = page(rows((arabic.pk, 7), ("", "")))
    assert sent.is_ready()
    volunteer = sent.save(announce=lambda saved: heard.append(spoken(saved)))
    assert spoken(volunteer) == [("ar", 7)]
    assert heard == [[("ar", 7)]]


def test_stored_rows_are_shown_with_empty_ones_after_them(samira, arabic):
    shown = page(instance=samira).rows[0]
    assert [row["language"].value() for row in shown] == [arabic.pk, None, None]


def test_more_rows_keep_what_was_typed_and_complain_about_nothing(arabic):
    sent = page(rows(("", "3"), (arabic.pk, ""), first_name="", more="spoken_languages"))
    assert not sent.is_ready()
    assert (sent.form.errors, sent.rows[0].total_error_count()) == ({}, 0)
    assert [row["level"].value() for row in sent.rows[0]] == ["3", "", None, None, None]
    assert sent.rows[0].management_form["TOTAL_FORMS"].value() == 5


def test_an_emptied_row_and_a_ticked_row_are_removed(samira, arabic):
    german = LanguageFactory(code="de", tier=0)
    sent = page(rows(("", ""), (german.pk, 3), **{"spoken_languages-1-DELETE": "on"}), samira)
    assert sent.is_ready()
    sent.save()
    assert spoken(samira) == []


def test_a_changed_row_is_stored_once(samira, arabic):
    sent = page(rows((arabic.pk, 5)), samira)
    assert sent.is_ready()
    sent.save()
    assert spoken(samira) == [("ar", 5)]


def test_a_second_row_for_the_same_is_told_so_beside_it(arabic):
    sent = page(rows((arabic.pk, 7), (arabic.pk, 3)))
    assert not sent.is_ready()
    assert sent.rows[0].errors == [{}, {"language": [SpokenLanguageRows.duplicate_message]}]


def test_a_level_without_a_language_is_told_so_beside_it(arabic):
    sent = page(rows(("", 3)))
    assert not sent.is_ready()
    assert sent.rows[0].errors == [{"language": [SpokenLanguageRows.missing_message]}]


def test_a_fault_in_the_form_stores_no_row(samira, arabic):
    assert not page(rows((arabic.pk, 3), first_name=""), samira).is_ready()
    assert spoken(samira) == [("ar", 7)]


def test_a_failing_announcement_undoes_everything(samira, arabic):
    sent = page(rows((arabic.pk, 3), first_name="Rana"), samira)
    sent.is_ready()
    with pytest.raises(AttributeError):
        sent.save(announce=lambda saved: saved.no_such_thing)
    samira.refresh_from_db()
    assert (samira.first_name, spoken(samira)) == ("Samira", [("ar", 7)])


@pytest.mark.parametrize(
    "wrong",
    [
        {"spoken_languages-TOTAL_FORMS": "x"},
        {"spoken_languages-TOTAL_FORMS": "9" * 5000},
        {"spoken_languages-TOTAL_FORMS": ""},
        {"spoken_languages-0-language": "9" * 5000},
        {"spoken_languages-0-language": "\0"},
        {"spoken_languages-0-language": "99999999999999999999"},
        {"spoken_languages-0-level": "-1"},
    ],
    ids=["no number", "huge number", "nothing", "huge key", "NUL", "key out of range", "unknown level"],
)
@pytest.mark.parametrize("more", [{}, {"more": "spoken_languages"}, {"more": "nothing"}], ids=["save", "more", "odd"])
def test_tampered_rows_are_refused_and_nothing_is_deleted(samira, arabic, wrong, more):
    assert not page(rows((arabic.pk, 3), **wrong, **more), samira).is_ready()
    assert spoken(samira) == [("ar", 7)]


def test_rows_grow_to_a_limit(arabic):
    sent = page(rows(**{"spoken_languages-TOTAL_FORMS": 100_000}, more="spoken_languages"))
    assert len(sent.rows[0].forms) == SpokenLanguageRows.max_num


def test_a_word_out_of_use_stays_with_who_has_it_and_is_offered_to_nobody_else(samira, arabic):
    arabic.is_active = False
    arabic.save()
    assert arabic.pk in dict(page(instance=samira).rows[0].forms[0].fields["language"].choices)
    assert arabic.pk not in dict(page().rows[0].forms[0].fields["language"].choices)


def test_more_rows_ask_the_database_no_more_often(samira, django_assert_num_queries):
    with django_assert_num_queries(2):
        [str(row["language"]) for row in page(instance=samira).rows[0]]
