"""Samira Haddad, whose profile everybody looks at first."""

from datetime import datetime

from engagement.models import Field, Language, Level, Neighbourhood, Proof, Skill, User
from matching.models import Accompaniment
from organisations.models import Organisation
from volunteers import consents
from volunteers.models import Channel, Consent, Motive, Reach, Volunteer

LANGUAGES = {"ar": Level.NATIVE, "de": Level.B2, "fr": Level.B1, "en": Level.B1}
SKILLS = {"SPR01": "In Homs war ich Lehrerin.", "SPR08": "", "BIL01": "", "BEZ01": "", "KIN01": ""}


def create_samira(user: User, agency: Organisation, now: datetime) -> Volunteer:
    samira = Volunteer.objects.create(
        user=user,
        first_name="Samira",
        last_name="Haddad",
        gender=Volunteer.Gender.WOMAN,
        birth_year=now.year - 38,
        neighbourhood=Neighbourhood.objects.get(code="koeln-muelheim"),
        reach_km=Reach.CITY,
        times=[0, 1, 3, 4, 6, 7, 9, 10, 15, 16],
        motives=[Motive.GIVE_BACK, Motive.USE_QUALIFICATION],
        channel=Channel.EMAIL,
        email=user.email,
        language="de",
        created_at=now,
    )
    languages = Language.objects.in_bulk(LANGUAGES, field_name="code")
    for code, level in LANGUAGES.items():
        samira.spoken_languages.create(language=languages[code], level=level)
    skills = Skill.objects.in_bulk(SKILLS, field_name="code")
    for code, words in SKILLS.items():
        samira.competences.create(skill=skills[code], own_words=words, has_evidence=bool(words))
    samira.fields.set(Field.objects.filter(code__in=["SPRACHMITTLUNG", "LERNHILFE", "ELTERNARBEIT"]))
    samira.proofs.set(Proof.objects.filter(code__in=["EFZ", "SCHWEIGE"]))
    samira.consents.create(
        purpose=Consent.Purpose.PROFILE,
        text_version=consents.VERSION,
        given_how=Consent.Given.WEBSITE,
        given_at=now,
    )
    Accompaniment.objects.create(volunteer=samira, agency=agency, since=now)
    return samira
