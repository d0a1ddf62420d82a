"""Working days, as an office in North Rhine-Westphalia counts them."""

from datetime import date, timedelta
from itertools import count, islice

# Month and day: New Year, Labour Day, Unity Day, All Saints, Christmas (Feiertagsgesetz NW, § 2).
FIXED = {(1, 1), (5, 1), (10, 3), (11, 1), (12, 25), (12, 26)}
# Days from Easter Sunday: Good Friday, Easter Monday, Ascension, Whit Monday, Corpus Christi.
MOVING = {-2, 1, 39, 50, 60}


# How long whoever tells us something waits for an answer, at most.
DAYS_TO_ANSWER = 3


def answer_by(day: date) -> date:
    """Until when we answer what somebody tells us on ``day``."""
    return days_after(day, DAYS_TO_ANSWER)


def asked_since(day: date) -> date:
    """The first day whose questions are still in time on ``day``: whatever came before it is late."""
    earlier = (day - timedelta(days) for days in count())
    return next(asked for asked in earlier if answer_by(asked - timedelta(1)) < day)


def days_after(day: date, number: int) -> date:
    """The ``number``-th working day after ``day``."""
    later = (day + timedelta(days) for days in count(1))
    return next(islice(filter(is_working_day, later), number - 1, None))


def is_working_day(day: date) -> bool:
    is_holiday = (day.month, day.day) in FIXED or (day - easter(day.year)).days in MOVING
    return day.weekday() < 5 and not is_holiday


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar: the "anonymous" rule, in Nature, 20 April 1876."""
    century, of_century = divmod(year, 100)
    golden = year % 19
    leap_centuries, rest = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - moon + 15) % 30
    leap_years, of_leap = divmod(of_century, 4)
    weekday = (32 + 2 * rest + 2 * leap_years - epact - of_leap) % 7
    correction = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * correction + 114, 31)
    return date(year, month, day + 1)
