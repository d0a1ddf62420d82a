from dataclasses import replace
from math import inf

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from matching.scoring import FACTORS, UNTOLD, Gender, Motive, Role, Trait, score, told

from .reference import Offer, Person, candidates, geography, opportunities, reference

GEOGRAPHY = geography()
A1, A2, B1, B2, C1, C2, NATIVE = range(1, 8)
ARABIC, TURKISH = 0, 1

levels = st.integers(A1, NATIVE)
slots = st.sets(st.integers(0, 20), max_size=6)
skill_sets = st.sets(st.sampled_from([0, 1, 2, 3, 63, 64, 65, 69]), max_size=4)
offers = st.builds(
    Offer,
    languages=st.dictionaries(st.integers(0, 4), st.tuples(st.integers(0, NATIVE), st.integers(1, 3)), max_size=4),
    german=st.integers(0, C1),
    required=skill_sets,
    wanted=skill_sets,
    spots=st.lists(st.sampled_from([0, 1, 2, 3, 4, 5, 8, 9]), max_size=2, unique=True),
    is_remote=st.booleans(),
    times=slots,
    field=st.integers(0, 5),
    traits=st.integers(0, 31),
    is_interpreting=st.booleans(),
    min_age=st.sampled_from([0, 16, 18]),
    is_for_women=st.booleans(),
    proofs=st.sets(st.integers(0, 2)),
)
people = st.builds(
    Person,
    languages=st.dictionaries(st.integers(0, 4), st.one_of(levels, st.just(UNTOLD)), max_size=4),
    german=st.integers(0, NATIVE),
    skills=skill_sets,
    evidence=skill_sets,
    spots=st.lists(st.integers(0, 7), max_size=2, unique=True),
    reach=st.sampled_from([2, 5, 8, 15, 50, inf]),
    times=slots,
    fields=st.sets(st.integers(0, 5), max_size=3),
    motives=st.integers(0, 31),
    age=st.sampled_from([0, 15, 16, 18, 40]),
    gender=st.sampled_from([Gender.UNTOLD, Gender.WOMAN, Gender.ANOTHER]),
    proofs=st.sets(st.integers(0, 2)),
)


def scores_of(offer, person):
    return score(opportunities(offer), candidates(person), GEOGRAPHY)


def points(offer, person):
    """Points by factor, without what is not asked."""
    row = scores_of(offer, person).points[0]
    return {factor: float(value) for factor, value in zip(FACTORS, row, strict=True) if not np.isnan(value)}


def total(offer, person):
    return float(scores_of(offer, person).total[0])


def obstacles(offer, person):
    return scores_of(offer, person).obstacle_words(0)


def open_points(offer, person):
    return scores_of(offer, person).open_words(0)


# --- By hand ----------------------------------------------------------------------------------------------------------
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


def test_a_missing_proof_is_open():
    assert open_points(Offer(proofs={0, 1}), Person(proofs={0}, fields={0})) == ["proof"]


# --- Against the plain rule -------------------------------------------------------------------------------------------
@given(offers, people)
def test_every_pair_scores_as_the_plain_rule_says(offer, person):
    expected_points, expected_total, expected_obstacles, expected_open = reference(offer, person)
    scores = scores_of(offer, person)

    expected = [np.nan if value is None else value for value in expected_points.values()]
    np.testing.assert_allclose(scores.points[0], expected, atol=1e-4)
    assert scores.total[0] == pytest.approx(expected_total, abs=1e-3)
    assert set(scores.obstacle_words(0)) == expected_obstacles
    assert set(scores.open_words(0)) == expected_open


@given(st.lists(st.tuples(offers, people), min_size=1, max_size=5))
def test_one_against_many_and_pair_by_pair_are_the_same(pairs):
    o, c = opportunities(*(o for o, _ in pairs)), candidates(*(c for _, c in pairs))
    by_pair = score(o, c, GEOGRAPHY)
    many_candidates = score(o[:1], c, GEOGRAPHY)
    many_opportunities = score(o, c[:1], GEOGRAPHY)

    for n, (offer, person) in enumerate(pairs):
        assert same(by_pair, n, scores_of(offer, person))
        assert same(many_candidates, n, scores_of(pairs[0][0], person))
        assert same(many_opportunities, n, scores_of(offer, pairs[0][1]))


def same(scores, row, alone):
    np.testing.assert_array_equal(scores.points[row], alone.points[0])
    names = ("total", "obstacles", "open_points", "km")
    return all(getattr(scores, name)[row] == getattr(alone, name)[0] for name in names)


# --- What always holds ------------------------------------------------------------------------------------------------
@given(offers, people, st.integers(0, 4), levels)
def test_more_of_a_language_never_lowers_the_score(offer, person, language, level):
    before = person.languages.get(language, 0)
    assume(before in (0, UNTOLD) or level >= before)
    better = replace(person, languages=person.languages | {language: level})

    assert total(offer, better) >= total(offer, person)


@given(offers, people, levels)
def test_better_german_never_lowers_the_score(offer, person, level):
    assume(person.german and level >= person.german)

    assert total(offer, replace(person, german=level)) >= total(offer, person)


@given(offers, people, st.data())
def test_more_skills_times_evidence_and_motives_never_lower_the_score(offer, person, data):
    better = replace(
        person,
        skills=person.skills | data.draw(skill_sets),
        evidence=person.evidence | data.draw(skill_sets),
        times=person.times | data.draw(slots),
        motives=person.motives | data.draw(st.integers(0, 31)),
    )
    assert total(offer, better) >= total(offer, person)


@given(offers, people, st.sampled_from(["languages", "skills", "evidence", "times", "motives"]))
def test_nobody_gains_by_hiding_what_they_offer(offer, person, name):
    silent = replace(person, **{name: type(getattr(person, name))()})

    assert total(offer, silent) <= total(offer, person)


@given(offers, people)
def test_hiding_the_level_of_german_gains_nothing_unless_it_is_too_low(offer, person):
    assume("german" not in obstacles(offer, person))

    assert total(offer, replace(person, german=0)) <= total(offer, person)


@given(offers, people, st.integers(0, 4))
def test_hiding_the_level_of_a_language_gains_nothing(offer, person, language):
    assume(person.languages.get(language))
    silent = replace(person, languages=person.languages | {language: UNTOLD})

    assert total(offer, silent) <= total(offer, person)


@given(offers)
def test_silence_is_half_at_most_and_never_excludes_save_for_a_required_language(offer):
    needed = [role for _, role in offer.languages.values()]
    expected = ["language"] if Role.REQUIRED in needed or Role.ONE_OF in needed else []
    earned, weights = points(offer, Person()), dict(zip(FACTORS, (30, 25, 20, 10, 10, 5), strict=True))
    if offer.is_remote:
        del earned["neighbourhood"]

    assert obstacles(offer, Person()) == expected
    assert all(value <= weights[name] / 2 for name, value in earned.items())
    assert open_points(offer, Person())


@given(offers, people, st.integers(0, 120), st.sampled_from([Gender.WOMAN, Gender.ANOTHER, Gender.UNTOLD]))
def test_age_and_gender_change_no_point(offer, person, age, gender):
    other = replace(person, age=age, gender=gender)

    assert points(offer, other) == points(offer, person)


def test_no_record_knows_a_name_or_an_origin():
    names = {*opportunities().dtype.names, *candidates().dtype.names}

    assert not names & {"name", "first_name", "last_name", "nationality", "origin", "religion", "status"}


@given(offers, people, st.data())
def test_the_order_of_what_is_listed_changes_nothing(offer, person, data):
    shuffled = replace(
        offer,
        languages=dict(data.draw(st.permutations(list(offer.languages.items())))),
        spots=data.draw(st.permutations(offer.spots)),
    )
    moved = replace(person, spots=data.draw(st.permutations(person.spots)))

    assert same(scores_of(shuffled, moved), 0, scores_of(offer, person))


@given(st.floats(0, 1), st.floats(0, 1))
def test_an_answer_is_worth_silence_at_least_and_more_the_better_it_fits(low, high):
    low, high = sorted((low, high))

    assert 0.5 <= told(low) <= told(high) <= 1
