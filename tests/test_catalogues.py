"""Every sentence exists in every language, with the placeholders of its source, and the catalogues are fresh."""

import os
import re
import shutil
import subprocess
import sys

import polib
import pytest
from django.conf import settings
from django.utils.translation import gettext, ngettext, override, to_locale

LOCALE = settings.BASE_DIR / "engagement" / "locale"
CATALOGUES = sorted(path.name for path in LOCALE.iterdir())
# What only the desk shows: it is needed in the languages of the desk. Whatever a volunteer, the contact of a
# self-organisation or a reader of mails may meet is needed in all; so is a sentence that is used here and elsewhere.
AT_THE_DESK = re.compile(
    r"^templates/admin/|/(admin|morning)/|/(admin|desk|inquiry|curves|refusals|sidebar|undoing|weighing)\.py$"
    r"|^engagement/looks\.py$|^matching/(models/hand_over|handing_over)\.py$"
    r"|^volunteers/(filters|inspecting|intake)\.py$"
    r"|^matching/explaining/(courses|factors|obstacles|remedies|ways)\.py$"
    r"|^organisations/exchange/|/(exporting|importing)\.py$|^engagement/uploads\.py$|^organisations/models/origin\.py$"
    r"|^matching/models/(accompaniment|agreement|history|intermediary|nightly_figures|pending_rescoring)\.py$"
    r"|^organisations/models/course\.py$"
    r"|^matching/models/(record|region|suggestion|waiting_opportunity|waiting_volunteer)\.py$"
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|{\w+}|%%")


def read(catalogue):
    return polib.pofile(str(LOCALE / catalogue / "LC_MESSAGES" / "django.po"))


def sources(entry):
    return [entry.msgid, entry.msgid_plural] if entry.msgid_plural else [entry.msgid]


def translations(entry):
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def is_needed(entry, catalogue):
    return catalogue in settings.DESK_LANGUAGES or not all(
        AT_THE_DESK.search(path) for path, _line in entry.occurrences
    )


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_nothing_is_untranslated_or_guessed(catalogue):
    entries = [entry for entry in read(catalogue) if not entry.obsolete and is_needed(entry, catalogue)]
    assert [entry.msgid for entry in entries if entry.fuzzy or not all(translations(entry))] == []


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_placeholders_survive_translation(catalogue):
    def placeholders(texts):
        return set(PLACEHOLDER.findall(" ".join(texts)))

    translated = [entry for entry in read(catalogue) if any(translations(entry))]
    assert [
        entry.msgid for entry in translated if placeholders(translations(entry)) != placeholders(sources(entry))
    ] == []


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_compiled_catalogue_is_fresh(catalogue):
    compiled = polib.mofile(str(LOCALE / catalogue / "LC_MESSAGES" / "django.mo"))
    written = [entry for entry in read(catalogue).translated_entries() if any(translations(entry))]
    assert {(entry.msgid, *translations(entry)) for entry in compiled} == {
        (entry.msgid, *translations(entry)) for entry in written
    }


def test_catalogues_know_every_sentence_of_the_source(tmp_path):
    house = tmp_path / "house"
    outside = shutil.ignore_patterns(".*", "staticfiles", "node_modules", "tests", "docs", "__pycache__")
    shutil.copytree(settings.BASE_DIR, house, ignore=outside)
    found = ["makemessages", "--locale=de", "--add-location=file", "--no-obsolete"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "engagement.settings"}
    subprocess.run([sys.executable, "manage.py", *found], cwd=house, env=environment, check=True, capture_output=True)
    fresh = polib.pofile(str(house / LOCALE.relative_to(settings.BASE_DIR) / "de" / "LC_MESSAGES" / "django.po"))
    known = {(entry.msgctxt, entry.msgid) for entry in read("de")}
    assert {(entry.msgctxt, entry.msgid) for entry in fresh} == known


KNOWN = {
    "de": "Mutter-Sprache",
    "de-simple": "Mutter-Sprache",
    "en": "first language",
    "tr": "ana dil",
    "ar": "اللغة الأم",
    "uk": "рідна мова",
    "ru": "родной язык",
    "fa": "زبان مادری",
    "fr": "langue maternelle",
    "pl": "język ojczysty",
    "ro": "limba maternă",
    "bg": "роден език",
}


@pytest.mark.parametrize("language", dict(settings.LANGUAGES))
def test_one_known_sentence(language):
    with override(language):
        assert gettext("first language") == KNOWN[language]


@pytest.mark.parametrize(
    ("language", "number", "expected"),
    [
        ("tr", 2, "2 ilan"),
        ("uk", 21, "21 оголошення"),
        ("uk", 5, "5 оголошень"),
        ("ru", 1, "1 объявление"),
        ("ru", 22, "22 объявления"),
        ("ru", 111, "111 объявлений"),
        ("pl", 1, "1 ogłoszenie"),
        ("pl", 3, "3 ogłoszenia"),
        ("pl", 21, "21 ogłoszeń"),
        ("ro", 19, "19 anunțuri"),
        ("ro", 20, "20 de anunțuri"),
        ("fr", 0, "0 offre"),
        ("bg", 0, "0 обяви"),
    ],
)
def test_numbers_take_the_plural_of_their_language(language, number, expected):
    with override(language):
        sentence = ngettext("%(number)s opportunity", "%(number)s opportunities", number)
        assert sentence % {"number": number} == expected


def test_every_language_of_the_interface_has_a_catalogue():
    assert sorted(to_locale(code) for code, _name in settings.LANGUAGES if code != "en") == CATALOGUES
