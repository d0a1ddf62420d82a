"""Boxes are stored as they are, and found by overlap."""

import pytest

from matching.models import CandidateRecord
from tests.factories import RegionFactory, VolunteerFactory

pytestmark = pytest.mark.django_db

COLOGNE = (6.77, 50.83, 7.16, 51.08)


@pytest.fixture
def record():
    return CandidateRecord.objects.create(volunteer=VolunteerFactory(), region=RegionFactory(), reach=COLOGNE)


def test_a_box_comes_back_as_it_was_stored(record):
    record.refresh_from_db()
    assert record.reach == COLOGNE


@pytest.mark.parametrize(
    ("box", "is_found"),
    [((7.0, 51.0, 8.0, 52.0), True), ((7.16, 51.08, 8.0, 52.0), True), ((7.2, 51.1, 8.0, 52.0), False)],
    ids=["overlapping", "touching", "apart"],
)
def test_boxes_are_found_by_overlap(record, box, is_found):
    assert CandidateRecord.objects.filter(reach__overlaps=box).exists() == is_found
