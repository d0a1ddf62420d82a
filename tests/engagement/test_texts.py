"""Texts in several languages: an input for each, and nothing of other languages is lost."""

import re

import pytest
from django import forms
from django.conf import settings
from django.utils.translation import override

from engagement.models import Proof
from engagement.texts import TextsField, TextsInput
from tests.factories import ProofFactory


class WordForm(forms.Form):
    names = TextsField(label="Names")
    descriptions = TextsField(label="Descriptions", required=False, widget=TextsInput(is_long=True))


def names(**data):
    form = WordForm({f"names_{code.replace('__', '-')}": text for code, text in data.items()})
    return form.cleaned_data["names"] if form.is_valid() else form.errors["names"]


def test_each_language_has_an_input_with_its_name_language_and_direction():
    html = str(WordForm(initial={"names": {"ar": "ورقة"}})["names"])
    assert 'role="group" aria-label="Names" id="id_names"' in html
    assert html.count("<input") == html.count("<label") == len(settings.LANGUAGES)
    assert '<label for="id_names_ar">Arabisch</label>' in html
    assert 'name="names_ar" value="ورقة" id="id_names_ar" lang="ar" dir="rtl"' in html
    assert 'id="id_names_de-simple" lang="de-simple" dir="ltr"' in html


def test_few_languages_are_asked_for_at_once():
    with override("tr"):
        at_once, folded = str(WordForm()["names"]).split("<details>")
    assert re.findall(r'lang="(.+?)"', at_once) == ["de", "de-simple", "en", "tr"]
    assert "bg" in re.findall(r'lang="(.+?)"', folded)


def test_a_text_in_another_language_has_an_input_too():
    html = str(WordForm(initial={"names": {"ku": "Belge", "xx": "?"}})["names"])
    assert 'name="names_ku" value="Belge"' in html
    assert '<label for="id_names_xx">xx</label>' in html


def test_long_texts_are_areas():
    assert str(WordForm()["descriptions"]).count("<textarea") == len(settings.LANGUAGES)


def test_empty_texts_are_left_out_and_other_languages_are_kept():
    assert names(de=" Papier ", de__simple="", en="", tr="Belge") == {"de": "Papier", "tr": "Belge"}


@pytest.mark.parametrize(
    ("hostile", "code"),
    [({}, "required"), ({"en": "Paper"}, "required"), ({"de": "a\0"}, "null_characters_not_allowed")],
    ids=["nothing", "no German", "NUL"],
)
def test_what_cannot_be_stored_is_refused(hostile, code):
    form = WordForm({f"names_{language}": text for language, text in hostile.items()})
    assert form.has_error("names", code)


def test_a_megabyte_is_refused_and_what_was_typed_is_kept():
    form = WordForm({"names_de": "x" * 1_000_000, "names_en": "Paper"})
    assert form.has_error("names", "max_length")
    assert 'value="Paper"' in str(form["names"])


def test_what_is_no_language_is_ignored():
    assert names(de="Papier", **{"../x": "y", "": "z"}) == {"de": "Papier"}


@pytest.mark.django_db
def test_a_word_is_written_in_each_language_at_the_desk(client, cast):
    proof = ProofFactory(descriptions={"de": "Alt", "tr": "Eski"})
    client.force_login(cast.administrator)
    data = {"code": proof.code, "position": 0, "is_active": "on", "names_de": "Papier", "names_ar": "ورقة"}
    response = client.post(f"/en/admin/engagement/proof/{proof.pk}/change/", data | {"descriptions_de": ""})
    assert response.status_code == 302
    proof = Proof.objects.get()
    assert (proof.names, proof.descriptions) == ({"de": "Papier", "ar": "ورقة"}, {})


def test_staff_read_a_word_in_their_own_language(client, cast):
    proof = ProofFactory(names={"de": "Führungszeugnis", "en": "Certificate"})
    client.force_login(cast.staff)
    page = client.get(f"/de/admin/engagement/proof/{proof.pk}/change/").content.decode()
    assert "Führungszeugnis" in page
    assert "Certificate" not in page
