from datetime import date

import pytest

from tests.factories import ProofFactory, UserFactory, VolunteerFactory
from volunteers.inspecting import months_later, note
from volunteers.models import ProofInspection


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 22), 60, date(2031, 11, 22)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
    ],
    ids=["five years", "shorter month", "leap year", "December"],
)
def test_months_later_ends_with_the_month(day, months, later):
    assert months_later(day, months) == later


def test_a_proof_without_a_term_is_not_asked_for_again(db):
    inspection = ProofInspection(volunteer=VolunteerFactory(), proof=ProofFactory(recheck_months=None))
    note(inspection, by=UserFactory(), today=date(2026, 11, 22))
    assert (inspection.seen_on, inspection.recheck_on) == (date(2026, 11, 22), None)
