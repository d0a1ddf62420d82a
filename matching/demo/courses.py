"""What people can learn at the agencies of the demo."""

from datetime import datetime, timedelta

from engagement.models import Language, Level, Proof, Skill
from organisations.models import Course

# Title, place, in how many days, whether it is open to all, and what it gives.
COURSES = [
    ("Deutsch am Abend, B1", "Bürgerzentrum, Raum 2", 18, True, {"language": "de", "level": Level.B1}),
    ("Deutsch am Vormittag, B2", "Volkshochschule", 40, True, {"language": "de", "level": Level.B2}),
    ("Basisschulung Sprachmittlung", "", 25, False, {"proof": "BASIS_SM"}),
    ("Schulung Integrationslotse", "", 33, False, {"proof": "BASIS_LOTSE"}),
    ("Erste Hilfe für Ehrenamtliche", "Feuerwache", 12, True, {"proof": "ERSTE_HILFE"}),
]
WORDS = {"language": Language, "proof": Proof, "skill": Skill}


def create_courses(agencies: list[int], now: datetime) -> None:
    """The same courses at each agency, whose keys are given."""
    for title, place, days, is_open, codes in COURSES:
        day = (now + timedelta(days)).date()
        course = {"title": title, "place": place, "begins_on": day, "is_open": is_open, **gives(codes)}
        Course.objects.bulk_create(Course(agency_id=agency, **course) for agency in agencies)


def gives(codes: dict) -> dict:
    """What a course gives, with the words of the vocabulary instead of their codes."""
    return {name: WORDS[name].objects.get(code=value) if name in WORDS else value for name, value in codes.items()}
