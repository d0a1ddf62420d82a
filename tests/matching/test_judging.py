import pytest

from matching.judging import UNTOLD, Gender, Motive, Role, Trait
from matching.scoring import score

from .pairs import A1, A2, ARABIC, B1, B2, C1, C2, GEOGRAPHY, NATIVE, TURKISH, obstacles, open_points, points, total
from .reference import Offer, Person, candidates, opportunities


def test_an_offer_that_asks_for_nothing_asks_for_its_field_only():
    assert points(Offer(), Person(fields={0})) == {"field": 10}
    assert total(Offer(), Person(fields={0})) == 100


def test_what_is_not_asked_drops_out_and_the_rest_is_rescaled():
    offer = Offer(languages={ARABIC: (B2, Role.WANTED)}, spots=[0])
    person = Person(languages={ARABIC: B1}, spots=[1], fields={0})

    assert points(offer, person) == {"language": 22.5, "neighbourhood": 17, "field": 10}
    assert total(offer, person) == pytest.approx(100 * 49.5 / 60)


@pytest.mark.parametrize(
    ("level", "expected"),
    [(0, 0), (A1, 7.5), (A2, 15), (B1, 22.5), (B2, 30), (NATIVE, 30), (UNTOLD, 7.5)],
)
def test_each_step_towards_a_wished_language_earns_its_part(level, expected):
    offer = Offer(languages={ARABIC: (B2, Role.WANTED)})

    assert points(offer, Person(languages={ARABIC: level}))["language"] == expected


@pytest.mark.parametrize(("level", "expected"), [(B2, 24), (C1, 27), (C2, 30), (NATIVE, 30), (A2, 12)])
def test_interpreting_goes_by_the_margin(level, expected):
    offer = Offer(languages={ARABIC: (B1, Role.WANTED)}, is_interpreting=True)

    assert points(offer, Person(languages={ARABIC: level}))["language"] == expected


@pytest.mark.parametrize(
    ("level", "words", "still_open"),
    [(B1, [], []), (A2, [], ["german_step"]), (A1, ["german"], []), (0, [], ["german"])],
)
def test_german_one_step_below_is_open_and_two_steps_exclude(level, words, still_open):
    offer, person = Offer(german=B1), Person(german=level, fields={0})

    assert (obstacles(offer, person), open_points(offer, person)) == (words, still_open)


@pytest.mark.parametrize(("level", "expected"), [(B1, 30), (A2, 20), (0, 15)])
def test_german_needed_is_one_of_the_languages(level, expected):
    assert points(Offer(german=B1), Person(german=level))["language"] == expected


@pytest.mark.parametrize(
    ("languages", "words"),
    [
        ({ARABIC: B2}, []),
        ({ARABIC: B1}, ["language"]),
        ({TURKISH: NATIVE}, ["language"]),
        ({}, ["language"]),
        ({ARABIC: UNTOLD}, []),
    ],
    ids=["spoken", "below", "another", "none", "level not told"],
)
def test_a_required_language_excludes_unless_it_is_spoken(languages, words):
    offer = Offer(languages={ARABIC: (B2, Role.REQUIRED)})

    assert obstacles(offer, Person(languages=languages)) == words


@pytest.mark.parametrize(
    ("languages", "words", "expected"),
    [
        ({ARABIC: B2}, [], 30),
        ({TURKISH: C1}, [], 30),
        ({ARABIC: B1, TURKISH: A1}, ["language"], 22.5),
        ({ARABIC: UNTOLD}, [], 7.5),
        ({}, ["language"], 0),
    ],
)
def test_of_a_group_one_language_is_enough(languages, words, expected):
    offer = Offer(languages={ARABIC: (B2, Role.ONE_OF), TURKISH: (B2, Role.ONE_OF)})
    person = Person(languages=languages)

    assert (obstacles(offer, person), points(offer, person)["language"]) == (words, expected)


@pytest.mark.parametrize(
    ("skills", "expected"),
    [({0, 3}, 25), ({0}, 17.5), ({1, 3}, 25 * 0.602), ({1}, 25 * 0.542), ({69}, 12.5), (set(), 12.5)],
    ids=["both", "the required", "similar and wished", "similar", "another", "not told"],
)
def test_required_skills_count_seventy_and_wished_thirty_per_cent(skills, expected):
    offer = Offer(required={0}, wanted={3})

    assert points(offer, Person(skills=skills))["skills"] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("here", "there", "expected"),
    [
        ([0], [0], 20),
        ([0], [7], 20),
        ([0], [1], 17),
        ([0], [2], 12),
        ([2], [3], 12),
        ([0], [6], 12),
        ([0], [3], 12),
        ([0], [4], 4),
        ([0], [5], 1),
        ([8], [4], 20),
        ([8], [5], 1),
        ([4, 1], [0], 17),
        ([0], [], 10),
    ],
    ids=[
        "same",
        "postcode inside",
        "next",
        "within 5 km",
        "1.3 km across the Rhine",
        "postcode alone",
        "4.4 km",
        "same town",
        "beyond",
        "whole town, inside",
        "whole town, outside",
        "best of several",
        "not told",
    ],
)
def test_rings(here, there, expected):
    assert points(Offer(spots=here), Person(spots=there))["neighbourhood"] == pytest.approx(expected)


def test_from_home_is_never_far():
    offer = Offer(spots=[5], is_remote=True)

    assert obstacles(offer, Person(spots=[0], reach=2)) == []
    assert points(offer, Person())["neighbourhood"] == 20


@pytest.mark.parametrize(
    ("here", "there", "reach", "words"),
    [
        ([0], [4], 8, ["distance"]),
        ([0], [4], 15, []),
        ([0], [1], 2, []),
        ([2], [3], 2, ["distance"]),
        ([2], [3], 5, []),
        ([8], [4], 2, []),
        ([0], [], 2, []),
    ],
    ids=["far", "near enough", "next", "the Rhine on foot", "the Rhine by bicycle", "whole town", "not told"],
)
def test_farther_than_somebody_goes_excludes(here, there, reach, words):
    assert obstacles(Offer(spots=here), Person(spots=there, reach=reach)) == words


@pytest.mark.parametrize(
    ("times", "expected", "words", "still_open"),
    [
        ({0, 1}, 10, [], []),
        ({0, 5}, 6, [], []),
        ({5}, 5, ["time"], []),
        (set(), 5, [], ["time"]),
    ],
    ids=["all", "half", "none", "not told"],
)
def test_common_times(times, expected, words, still_open):
    offer, person = Offer(times={0, 1}), Person(times=times, fields={0})

    assert points(offer, person)["time"] == expected
    assert (obstacles(offer, person), open_points(offer, person)) == (words, still_open)


@pytest.mark.parametrize(("fields", "expected"), [({0}, 10), ({1}, 5), ({2}, 0), (set(), 5), ({1, 0}, 10)])
def test_fields_wished(fields, expected):
    assert points(Offer(field=0), Person(fields=fields))["field"] == expected


@pytest.mark.parametrize(
    ("traits", "motives", "expected"),
    [
        (Trait.TEAM, Motive.MEET_PEOPLE, 5),
        (Trait.NEWCOMERS, Motive.GIVE_BACK, 5),
        (Trait.CERTIFICATE, Motive.WAY_INTO_WORK, 5 * (0.5 + 0.2 / 3)),
        (Trait.CERTIFICATE | Trait.REGULAR | Trait.ACCOMPANIED, Motive.WAY_INTO_WORK, 5),
        (Trait.TEAM, Motive.USE_QUALIFICATION, 5),
        (Trait.TEAM, Motive.ANOTHER, 2.5),
        (Trait.TEAM, 0, 2.5),
        (Trait.TEAM, Motive.WAY_INTO_WORK, 2.5),
    ],
)
def test_motives(traits, motives, expected):
    offer = Offer(traits=traits, languages={ARABIC: (0, Role.WANTED)}, wanted={0})
    person = Person(motives=motives, languages={ARABIC: A2}, evidence={0})

    assert points(offer, person)["motive"] == pytest.approx(expected, abs=1e-4)


def test_a_self_organisation_is_not_asked_for_a_motive():
    members = candidates(Person(fields={0})).copy()
    assert score(opportunities(Offer(traits=Trait.TEAM)), members, GEOGRAPHY).open_words(0) == ["motive"]
    members["organisation"] = 7
    assert score(opportunities(Offer(traits=Trait.TEAM)), members, GEOGRAPHY).open_words(0) == []


@pytest.mark.parametrize(
    ("age", "words", "still_open"),
    [(17, ["age"], []), (18, [], ["age"]), (19, [], []), (0, [], ["age"])],
    ids=["too young", "this year", "old enough", "not told"],
)
def test_minimum_age(age, words, still_open):
    offer, person = Offer(min_age=18), Person(age=age, fields={0})

    assert (obstacles(offer, person), open_points(offer, person)) == (words, still_open)


@pytest.mark.parametrize(
    ("gender", "words", "still_open"),
    [(Gender.WOMAN, [], []), (Gender.ANOTHER, ["only_for"], []), (Gender.UNTOLD, [], ["only_for"])],
)
def test_a_group_for_women(gender, words, still_open):
    offer, person = Offer(is_for_women=True), Person(gender=gender, fields={0})

    assert (obstacles(offer, person), open_points(offer, person)) == (words, still_open)


@pytest.mark.parametrize("wished", [set(), {0}, {1}])
def test_what_somebody_never_wants_is_not_suggested(wished):
    person = Person(refused={0}, fields=wished)

    assert [obstacles(Offer(field=field), person) for field in (0, 1)] == [["refused"], []]


def test_a_missing_proof_is_open():
    assert open_points(Offer(proofs={0, 1}), Person(proofs={0}, fields={0})) == ["proof"]
