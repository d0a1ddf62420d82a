"""Working days, with the holidays of North Rhine-Westphalia."""

from datetime import date, timedelta

import pytest

from engagement.workdays import answer_by, asked_since, days_after, easter, is_working_day


@pytest.mark.parametrize(
    ("year", "sunday"),
    [(2000, (4, 23)), (2019, (4, 21)), (2024, (3, 31)), (2026, (4, 5)), (2027, (3, 28)), (2038, (4, 25))],
)
def test_easter(year, sunday):
    assert easter(year) == date(year, *sunday)


FREE = {
    "Sunday": (11, 22),
    "Saturday": (11, 21),
    "Good Friday": (4, 3),
    "Easter Monday": (4, 6),
    "Ascension": (5, 14),
    "Whit Monday": (5, 25),
    "Corpus Christi": (6, 4),
    "Christmas": (12, 25),
}


@pytest.mark.parametrize("day", FREE.values(), ids=FREE)
def test_nobody_works_on(day):
    assert not is_working_day(date(2026, *day))


@pytest.mark.parametrize(
    ("day", "third"),
    [((2026, 11, 23), (2026, 11, 26)), ((2026, 11, 20), (2026, 11, 25)), ((2026, 12, 23), (2026, 12, 29))],
    ids=["Monday", "Friday", "before Christmas"],
)
def test_the_third_working_day(day, third):
    assert days_after(date(*day), 3) == date(*third)


@pytest.mark.parametrize("day", [date(2026, 12, 20) + timedelta(days) for days in range(16)], ids=str)
def test_what_was_asked_since_a_day_is_in_time_and_what_came_before_is_late(day):
    first = asked_since(day)
    assert answer_by(first - timedelta(1)) < day <= answer_by(first)
