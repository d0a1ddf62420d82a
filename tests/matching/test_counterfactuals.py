"""Nobody is scored by name, gender, age or origin: 10,000 people, once as they are and once as somebody else.

Of each pair only what hints at a person differs: names, gender, year of birth, addresses, languages of account and
mails. What may rightly make a difference is left out: opportunities for women, and a minimum age that one of the two
has not safely reached.
"""

import re
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime

import numpy as np
import pytest
from django.db import connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Replace
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from engagement.models import User
from matching.demo.building import build
from matching.explaining import explain_all
from matching.packing import CANDIDATE, CandidateFacts
from matching.records import Records, fetch
from matching.scoring import score
from organisations.models import Opportunity, Organisation
from tests.snapshot import restore_vocabulary
from volunteers.models import Volunteer

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
PAIRS = 10_000
SAMPLE = 60
# What a record of a candidate may hold: who it is about, what stands in the way, and what somebody offers and wishes.
COLUMNS = {"volunteer", "organisation", "obstacles", "waiting_since", "levels", "german", "skills", "related_skills"}
COLUMNS |= {"evidence", "proofs", "fields", "refused", "motives", "times", "reach", "spots"}
# Only for a minimum age, and for what is stated to be for women.
STATED = {"age", "gender"}
PERSONAL = r"\b(first_name|last_name|email|phone|address|channel|call_times|user_id|language)\b"
SOMEBODY_ELSE = [
    {"first_name": "Mehmet", "last_name": "Yıldız", "gender": "man", "birth_year": 1961, "language": "de"},
    {"first_name": "Yusra", "last_name": "al-Khatib", "gender": "woman", "birth_year": 1999, "language": "ar"},
    {"first_name": "Thi Lan", "last_name": "Nguyễn", "gender": "woman", "birth_year": 1948, "language": "en"},
    {"first_name": "Kevin", "last_name": "", "gender": "", "birth_year": 2001, "language": "de-simple"},
    {"first_name": "Олена", "last_name": "Шевченко", "gender": "diverse", "birth_year": 1985, "language": "en"},
    {"first_name": "Kwabena", "last_name": "Owusu", "gender": "man", "birth_year": None, "language": "ar"},
    {"first_name": "Zîlan", "last_name": "Demir", "gender": "woman", "birth_year": 1976, "language": "de"},
]


@dataclass(frozen=True)
class Pairs:
    before: Records
    after: Records
    sentences_before: list
    sentences_after: list


@pytest.fixture(scope="module")
def read_twice(django_db_setup, django_db_blocker):
    """The same people twice, with everything that the house says of some of them."""
    with django_db_blocker.unblock(), transaction.atomic(), translation.override("en"):
        restore_vocabulary()
        build(volunteers=PAIRS, organisations=10, opportunities=None, seed=3, with_suggestions=False, now=NOW)
        # All opportunities of the demo have a minimum age; every other one is to be compared for everybody.
        Opportunity.objects.alias(turn=F("pk") % 2).filter(turn=0).update(min_age=None)
        give_accounts()
        before, sentences_before = read(), tell()
        become_somebody_else()
        yield Pairs(before, read(), sentences_before, tell())
        transaction.set_rollback(True)


@pytest.fixture
def pairs(read_twice, db):
    """The pairs, as a fixture of each test."""
    return read_twice


def give_accounts():
    without = Volunteer.objects.filter(user=None).order_by("pk").values_list("pk", flat=True)
    User.objects.bulk_create(User(email=f"v{pk}@example.de", password="!") for pk in without)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE volunteers_volunteer v SET user_id = u.id FROM engagement_user u "
            "WHERE u.email = 'v' || v.id || '@example.de'"
        )


def become_somebody_else():
    everybody = Volunteer.objects.alias(turn=F("pk") % len(SOMEBODY_ELSE))
    for turn, person in enumerate(SOMEBODY_ELSE):
        hints = {
            "email": "somebody@example.sy",
            "phone": "+963 11 4711",
            "address": "Unterkunft 7",
            "channel": "letter",
        }
        everybody.filter(turn=turn).update(**person, **hints, call_times="nach dem Freitagsgebet")
    User.objects.filter(volunteer__isnull=False).update(
        name="Somebody else", language="ar", email=Replace("email", Value("example.de"), Value("example.tr"))
    )


def read() -> Records:
    return fetch(Opportunity.objects.open(NOW), Volunteer.objects.all(), Organisation.objects.none(), now=NOW)


def tell() -> list:
    """What is said of every hundredth person about some opportunity that neither asks for an age nor for women."""
    people = Volunteer.objects.order_by("pk")[:: PAIRS // SAMPLE]
    offers = list(Opportunity.objects.open(NOW).filter(min_age=None, only_for="").order_by("pk"))
    return explain_all([(offers[n % len(offers)], person) for n, person in enumerate(people)], now=NOW)


def differences(before: Records, after: Records) -> int:
    """How many of all the scores of all pairs differ, in total, points, obstacles or open points."""
    return sum(
        np.count_nonzero(different & comparable(offer, before.candidates, after.candidates))
        for offer, different in compared(before, after)
    )


def compared(before, after):
    for row, offer in enumerate(before.opportunities):
        one, other = (scores_of(side, row) for side in (before, after))
        points = ((one.points == other.points) | np.isnan(one.points) & np.isnan(other.points)).all(-1)
        same = points & (one.total == other.total) & (one.obstacles == other.obstacles)
        yield offer, ~(same & (one.open_points == other.open_points))


def scores_of(records, row):
    return score(records.opportunities[row : row + 1], records.candidates, records.geography)


def comparable(offer, one, other):
    is_old_enough = (one["age"] > offer["min_age"]) & (other["age"] > offer["min_age"])
    return (not offer["is_for_women"]) & (is_old_enough | (offer["min_age"] == 0))


def personal(sql: str) -> set[str]:
    return set(re.findall(PERSONAL, sql))


def test_10_000_people_are_scored_the_same_as_somebody_else(pairs):
    compared = [
        comparable(offer, pairs.before.candidates, pairs.after.candidates) for offer in pairs.before.opportunities
    ]
    assert np.any(compared, axis=0).sum() == PAIRS
    assert differences(pairs.before, pairs.after) == 0


def test_nothing_but_age_and_gender_reaches_the_record(pairs):
    same = {name for name in CANDIDATE.names if (pairs.before.candidates[name] == pairs.after.candidates[name]).all()}
    assert set(CANDIDATE.names) - same == STATED


def test_the_same_is_said_of_somebody_else(pairs):
    assert len(pairs.sentences_before) >= SAMPLE
    assert pairs.sentences_before == pairs.sentences_after


def test_a_record_that_knew_the_name_would_be_found(pairs):
    """The fault on purpose: were how far somebody goes taken from the name, scores would differ."""
    candidates = pairs.after.candidates.copy()
    names = [SOMEBODY_ELSE[pk % len(SOMEBODY_ELSE)]["first_name"] for pk in candidates["volunteer"]]
    candidates["reach"] = list(map(len, names))
    assert differences(pairs.before, replace(pairs.after, candidates=candidates)) > 0


def test_records_have_no_column_for_a_person():
    # Whoever adds a column says here that neither name nor origin can be told from it.
    assert set(CANDIDATE.names) == {field.name for field in fields(CandidateFacts)} == COLUMNS | STATED


def test_records_are_read_without_a_glance_at_the_person(pairs):
    with CaptureQueriesContext(connection) as queries:
        read()
    assert [query["sql"] for query in queries if personal(query["sql"])] == []


def test_a_glance_at_the_person_would_be_found():
    assert personal(str(Volunteer.objects.values("pk", "email").query)) == {"email", "first_name", "last_name"}
