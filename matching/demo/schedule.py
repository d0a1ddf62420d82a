"""Times out of a German sentence such as "Dienstag und Donnerstag 10–11:30 Uhr", where it states them."""

import re

from engagement.times import BOUNDS, slot

DAYS = ["montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"]
PARTS = {"vormittag": 0, "nachmittag": 1, "abend": 2}
ALL_PARTS = [0, 1, 2]
DAY = "|".join(DAYS)
HOURS = re.compile(r"(\d{1,2})(?::(\d\d))?\s*(?:–|-|und|bis)\s*(\d{1,2})(?::(\d\d))?\s*uhr")


def slots_in(sentence: str) -> list[int]:
    """The slots of the week that a sentence states; none where it leaves the day open."""
    text = sentence.casefold()
    # A training on Saturdays says nothing about the time after it.
    days = [] if "dann frei" in text else days_in(text)
    return sorted(slot(day, part) for day in days for part in parts_in(text))


def days_in(text: str) -> list[int]:
    if "werktags" in text:
        return [0, 1, 2, 3, 4]
    through = re.search(rf"({DAY}) bis ({DAY})", text)
    if through:
        return list(range(DAYS.index(through[1]), DAYS.index(through[2]) + 1))
    return sorted({DAYS.index(day) for day in re.findall(DAY, text)})


def parts_in(text: str) -> list[int]:
    """The parts of the day by the hours, or else by their names; a day without either is the whole day."""
    hours = HOURS.search(text)
    if hours:
        start, end = (int(hours[n]) + int(hours[n + 1] or 0) / 60 for n in (1, 3))
        return [part for part, (first, last) in enumerate(BOUNDS) if start < last and end > first]
    return [part for name, part in PARTS.items() if name in text] or ALL_PARTS
