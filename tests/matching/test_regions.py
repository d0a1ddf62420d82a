"""Regions are made where somebody lives, and neighbours are done together."""

import pytest

from matching import regions
from matching.models import Region
from tests.factories import CityFactory, MSOFactory, NeighbourhoodFactory, VolunteerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def towns():
    """Three, of which the first and the last have official keys that follow each other."""
    return [CityFactory(name=name, ags=ags) for name, ags in (("A", "05111"), ("B", "05999"), ("C", "05112"))]


def people_in(town, number):
    hood = NeighbourhoodFactory(code=f"hood-{town.name}", city=town)
    for _ in range(number):
        VolunteerFactory(neighbourhood=hood)


def test_there_is_a_region_wherever_somebody_lives_and_one_for_nowhere(towns):
    people_in(towns[0], 2)
    MSOFactory(city=towns[2])
    regions.regions()
    assert set(Region.objects.values_list("city__name", flat=True)) == {"A", "C", None}


def test_neighbours_share_a_batch_and_the_largest_batch_comes_first(towns, monkeypatch):
    monkeypatch.setattr(regions, "PEOPLE_IN_A_BATCH", 4)
    for town, number in zip(towns, (1, 5, 2), strict=True):
        people_in(town, number)
    names = dict(Region.objects.filter(pk__in=regions.regions()).values_list("pk", "city__name"))
    assert [[names[pk] for pk in pks] for pks in regions.batches()] == [["B"], ["A", "C"], [None]]
