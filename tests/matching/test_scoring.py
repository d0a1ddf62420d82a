import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.scoring import score

from .pairs import GEOGRAPHY, offers, people, same, scores_of
from .reference import candidates, opportunities, reference


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
