from matching.models import Match
from matching.storytelling import OTHER_NO, OWN_NO, WORDS, tell
from tests.factories import MatchFactory, OpportunityFactory


def story(*events):
    match = MatchFactory(opportunity=OpportunityFactory())
    for side, state in events:
        match.events.create(side=side, to_state=state)
    return [chapter.words for chapter in tell(match)]


def test_what_staff_did_before_asking_is_not_told(db):
    told = story(("staff", "parked"), ("staff", "proposed"), ("candidate", "interested"))
    assert told == [WORDS["proposed"], WORDS["interested"]]


def test_a_no_of_ones_own_reads_differently(db):
    assert story(("staff", "proposed"), ("candidate", "declined"))[-1] == OWN_NO
    assert story(("candidate", "interested"), ("host", "declined"))[-1] == OTHER_NO


def test_nothing_is_told_to_whom_nobody_asked(db):
    assert story(("staff", "declined")) == []


def test_every_state_has_its_words():
    assert {*WORDS, Match.State.DECLINED} == set(Match.State)
