from dataclasses import replace
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.packing import (
    CANDIDATE,
    LANGUAGES,
    OPPORTUNITY,
    SKILLS,
    CandidateFacts,
    CannotPack,
    OpportunityFacts,
    pack,
    unpack,
)

keys, bytes_, places = st.integers(0, 2**63 - 1), st.integers(0, 255), st.integers(0, 2**31 - 1)
slots = st.frozensets(st.integers(0, 20))
fields = proofs = st.frozensets(st.integers(0, 63))
skills = st.frozensets(st.integers(0, SKILLS - 1))
opportunities = st.builds(
    OpportunityFacts,
    pk=keys,
    host=keys,
    obstacles=st.integers(0, 2**16 - 1),
    places=st.integers(0, 2**16 - 1),
    **dict.fromkeys(("field", "min_age", "german", "traits"), bytes_),
    **dict.fromkeys(("is_interpreting", "is_remote", "is_for_women"), st.booleans()),
    times=slots,
    related_fields=fields,
    proofs=proofs,
    required=skills,
    wanted=skills,
    needed=st.lists(st.tuples(st.integers(0, LANGUAGES - 1), bytes_, st.integers(1, 3)), max_size=12).map(tuple),
    spots=st.lists(places, max_size=8).map(tuple),
)
candidates = st.builds(
    CandidateFacts,
    volunteer=keys,
    organisation=keys,
    obstacles=st.integers(0, 2**16 - 1),
    **dict.fromkeys(("german", "age", "gender", "motives"), bytes_),
    reach=st.sampled_from([1.0, 2.0, 15.0, 50.0, inf]),
    waiting_since=places,
    times=slots,
    fields=fields,
    refused=fields,
    proofs=proofs,
    **dict.fromkeys(("skills", "related_skills", "evidence"), skills),
    levels=st.dictionaries(st.integers(0, LANGUAGES - 1), st.integers(1, 255)).map(lambda d: tuple(sorted(d.items()))),
    spots=st.lists(places, max_size=12).map(tuple),
)


@given(opportunities)
def test_an_opportunity_comes_back_as_it_was_packed(facts):
    assert unpack(pack(facts), OPPORTUNITY) == facts


@given(candidates)
def test_a_candidate_comes_back_as_it_was_packed(facts):
    assert unpack(pack(facts), CANDIDATE) == facts


def test_packed_records_are_columns():
    packed = [pack(CandidateFacts(volunteer=7)), pack(CandidateFacts(organisation=8, skills=frozenset({0, 191})))]

    columns = np.frombuffer(b"".join(packed), CANDIDATE)

    assert columns["volunteer"].tolist() == [7, 0]
    assert columns["skills"].tolist() == [[0, 0, 0], [1, 0, 1 << 63]]


@pytest.mark.parametrize(
    "wrong",
    [
        {"german": 256},
        {"skills": frozenset({SKILLS})},
        {"skills": frozenset({-1})},
        {"proofs": frozenset({64})},
        {"levels": ((LANGUAGES, 3),)},
        {"spots": tuple(range(13))},
        {"volunteer": 2**63},
    ],
)
def test_what_has_no_room_is_named(wrong):
    with pytest.raises(CannotPack, match=next(iter(wrong))):
        pack(replace(CandidateFacts(), **wrong))


def test_too_many_languages_are_named():
    with pytest.raises(CannotPack, match="needed: 13 entries, there is room for 12"):
        pack(OpportunityFacts(needed=((1, 3, 1),) * 13))


def test_a_language_that_no_candidate_could_name_is_named():
    with pytest.raises(CannotPack, match="needed: languages are numbered below 128"):
        pack(OpportunityFacts(needed=((LANGUAGES, 3, 1),)))
