"""What always holds, for whatever offer and whatever person."""

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from matching.judging import FACTORS, UNTOLD, Gender, Role, told

from .pairs import levels, obstacles, offers, open_points, people, points, same, scores_of, skill_sets, slots, total
from .reference import Person, candidates, opportunities


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
