"""What happens once: the form, what it completes, and what contradicts it."""

from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from engagement.times import slots_on
from organisations.days import settle_day
from organisations.forms import SiteOpportunityForm
from organisations.models import Opportunity
from tests.factories import FieldFactory, NeighbourhoodFactory, OpportunityFactory

SATURDAY = date(2026, 12, 5)
MORNING, AFTERNOON, EVENING = 15, 16, 17


@pytest.mark.parametrize(
    ("begins", "ends", "slots"),
    [
        (None, None, [MORNING, AFTERNOON, EVENING]),
        ("14:00", "17:00", [AFTERNOON]),
        ("14:00", "17:01", [AFTERNOON, EVENING]),
        ("12:00", None, [AFTERNOON]),
        ("00:00", "23:59", [MORNING, AFTERNOON, EVENING]),
        ("23:59", None, [EVENING]),
    ],
)
def test_hours_are_parts_of_the_week(begins, ends, slots):
    hours = [time.fromisoformat(hour) if hour else None for hour in (begins, ends)]
    assert slots_on(SATURDAY, *hours) == slots


def test_day_completes_what_was_left_empty():
    cleaned = {"day": SATURDAY, "begins_at": time(14), "times": []}
    assert settle_day(cleaned) == {}
    assert cleaned["valid_until"] == SATURDAY
    assert (cleaned["frequency"], cleaned["times"]) == ("once", [AFTERNOON])


def test_nothing_is_shown_after_its_day():
    late, early = (
        {"day": SATURDAY, "valid_until": date(2027, 1, 1)},
        {"day": SATURDAY, "valid_until": date(2026, 12, 1)},
    )
    settle_day(late), settle_day(early)
    assert (late["valid_until"], early["valid_until"]) == (SATURDAY, date(2026, 12, 1))


def test_without_a_day_nothing_changes():
    cleaned = {"day": None, "begins_at": None, "ends_at": None, "frequency": "weekly"}
    assert settle_day(cleaned) == {}
    assert "valid_until" not in cleaned


@pytest.mark.parametrize(
    ("answers", "fields"),
    [
        ({"begins_at": time(14)}, ["day"]),
        ({"day": SATURDAY, "frequency": "weekly"}, ["day"]),
        ({"day": SATURDAY, "ends_at": time(14)}, ["begins_at"]),
        ({"day": SATURDAY, "begins_at": time(14), "ends_at": time(14)}, ["ends_at"]),
        ({"ends_at": time(14)}, ["day", "begins_at"]),
    ],
    ids=["no day", "not once", "no beginning", "no length", "only an end"],
)
def test_contradictions_are_named_beside_the_field(answers, fields):
    assert list(settle_day(answers)) == fields


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"begins_at": time(14)},
        {"day": SATURDAY},
        {"day": SATURDAY, "valid_until": date(2026, 12, 6)},
        {"day": SATURDAY, "valid_until": SATURDAY, "ends_at": time(14)},
        {"day": SATURDAY, "valid_until": SATURDAY, "begins_at": time(14), "ends_at": time(13)},
    ],
)
def test_database_keeps_the_rule(wrong):
    with pytest.raises(IntegrityError):
        OpportunityFactory(**wrong)


def filled(cast, **answers):
    place = NeighbourhoodFactory()
    form = {"title_de": "Sommerfest", "field": FieldFactory().pk, "place": "neighbourhood", "status": "published"}
    return SiteOpportunityForm(form | {"neighbourhoods": [place.pk]} | answers, instance=Opportunity(host=cast.mso))


@pytest.mark.django_db
def test_one_day_can_be_posted(cast):
    day = timezone.localdate() + timedelta(days=9)
    form = filled(cast, day=day.isoformat(), begins_at="14:00", ends_at="18:30", insured_by="state")
    opportunity = form.save()
    opportunity.refresh_from_db()
    assert (opportunity.day, opportunity.begins_at, opportunity.ends_at) == (day, time(14), time(18, 30))
    assert (opportunity.valid_until, opportunity.frequency, opportunity.insured_by) == (day, "once", "state")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "answers", [{"day": "2020-01-01"}, {"day": "tomorrow"}, {"day": "99999-01-01"}, {"begins_at": "25:00"}]
)
def test_days_that_cannot_be_are_named(cast, answers):
    assert set(filled(cast, **answers).errors) == set(answers)
