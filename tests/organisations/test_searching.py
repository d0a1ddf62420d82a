"""Words however they are written; no database."""

import pytest

from organisations.searching import Lexicon, asked_words


def words(text):
    lexicon = Lexicon()
    lexicon.numbers_of(text)
    return lexicon


def meant(lexicon, word):
    return {list(lexicon.numbers)[number] for number in lexicon.meant_by(*asked_words(word))}


def nearly(lexicon, word):
    return {list(lexicon.numbers)[number] for number in lexicon.nearly(*asked_words(word))}


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("Begleitung", {"behordenbegleitung"}),
        ("Häuser", {"haus"}),
        ("Haus", {"haus"}),
        ("gibt es nicht"[:4], set()),
    ],
)
def test_parts_and_other_forms_of_words(word, found):
    assert meant(words("Behörden-Begleitung im Haus"), word) == found


def test_arabic_vowels_and_the_persian_half_space_do_not_matter():
    assert meant(words("مُسَاعَدَة می‌شود"), "مساعدة") == {"مساعدة"}
    assert meant(words("مُسَاعَدَة می‌شود"), "میشود") == {"میشود"}


@pytest.mark.parametrize(
    "typo",
    ["beglietung", "begleitun", "begleitng", "beglleitung", "beglaitung", "egleitung", "begleitunk", "vegleitung"],
)
def test_one_letter_may_be_wrong(typo):
    assert nearly(words("Behördenbegleitung und Fußball"), typo) == {"behordenbegleitung"}


@pytest.mark.parametrize("word", ["ball", "kxcxen", "garten"])
def test_short_words_and_two_wrong_letters_are_other_words(word):
    assert nearly(words("Bill kochen Marder"), word) == set()


def test_only_the_first_words_count():
    assert asked_words("a b c d e f g h") == ["a", "b", "c", "d", "e", "f"]
