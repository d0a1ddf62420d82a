import pytest

from engagement.places import find_cities, find_place, find_places, find_whereabouts, fold
from tests.factories import NeighbourhoodFactory

pytestmark = pytest.mark.usefixtures("vocabulary")


@pytest.mark.parametrize("text", ["Köln-Vingst", "koeln vingst", "KOLN VINGST", " köln - vingst ", "Ko\u0308ln-Vingst"])
def test_spellings_of_a_place_are_one(text):
    assert fold(text) == fold("Köln Vingst")
    assert find_place(text).code == "koeln-vingst"


@pytest.mark.parametrize("text", ["Vingst", "Vingst Köln", "köln vin"])
def test_a_neighbourhood_is_found_by_its_name(text):
    assert str(find_place(text)) == "Köln-Vingst"


def test_a_hyphen_parts_words_and_makes_no_umlaut():
    place = NeighbourhoodFactory(code="neu-eck", name="Neu-Eck")
    assert [find_place(text) for text in ("Neu-Eck", "neu eck", "eck neu")] == [place] * 3


@pytest.mark.parametrize("text", ["51103", "51103 Köln", " 51103 "])
def test_a_postcode_is_found_by_its_number(text):
    assert str(find_place(text)) == "51103 Köln"


@pytest.mark.parametrize("text", ["", "   ", "?", "99999", "Atlantis", "x" * 1_000_000, "%_'"])
def test_what_is_no_place_finds_nothing(text):
    assert find_places(text) == []
    assert find_place(text) is None


def test_a_town_stands_for_its_neighbourhoods():
    assert {place.city.name for place in find_places("Köln")} == {"Köln"}
    assert len(find_places("koeln", limit=None)) == 86
    assert find_place("Köln") is None


def test_a_town_without_neighbourhoods_stands_for_its_postcodes():
    assert [str(place) for place in find_places("Herford")] == ["32049 Herford", "32051 Herford", "32052 Herford"]


def test_an_ambiguous_name_gives_candidates():
    towns = ["Duisburg", "Düsseldorf", "Gelsenkirchen", "Münster"]
    assert [place.city.name for place in find_places("Altstadt")] == towns
    assert {place.city.name for place in find_places("Mülheim")} == {"Köln", "Mülheim an der Ruhr"}


def test_towns_are_found_by_name():
    assert [city.name for city in find_cities("koeln")] == ["Köln"]
    assert find_cities("") == []


def test_one_search_is_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        find_places("Nippes")


@pytest.mark.parametrize(
    ("text", "found"),
    [("Köln", ["Köln"]), ("koeln vingst", ["Köln-Vingst"]), ("51103", ["51103 Köln"]), ("Atlantis", []), ("", [])],
)
def test_a_town_by_its_own_name_is_one_whereabouts(text, found):
    assert list(map(str, find_whereabouts(text))) == found


def test_what_is_not_clear_has_several_whereabouts():
    assert len(find_whereabouts("Altstadt", 3)) == 3
