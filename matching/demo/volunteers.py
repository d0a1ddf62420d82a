"""Volunteers by the thousand: languages, places, skills, times and motives as they occur, some of it untold."""

import unicodedata
from collections import defaultdict
from datetime import datetime, timedelta
from random import Random

from engagement.models import Level, Proof
from matching.models import Accompaniment
from volunteers import consents
from volunteers.models import Channel, Competence, Consent, Motive, ProofInspection, Reach, SpokenLanguage, Volunteer

from .communities import draw, some_community, some_languages
from .copying import copy_rows, take_keys
from .words import Words, phone, read_file, some_town

BATCH = 1000
WEEKDAYS, WEEKEND = range(5), (5, 6)
MORNING, AFTERNOON, EVENING = range(3)
# Who has time when: days, parts of the day, share.
RHYTHMS = [
    (WEEKDAYS, (EVENING,), 26),
    (WEEKDAYS, (MORNING,), 16),
    (WEEKDAYS, (AFTERNOON,), 16),
    (WEEKDAYS, (MORNING, AFTERNOON), 12),
    (WEEKEND, (MORNING, AFTERNOON), 14),
    (range(7), (AFTERNOON, EVENING), 10),
    (range(7), (MORNING, AFTERNOON, EVENING), 6),
]
MOTIVES = {
    Motive.GIVE_BACK: 0.45,
    Motive.MEET_PEOPLE: 0.4,
    Motive.USE_QUALIFICATION: 0.25,
    Motive.WAY_INTO_WORK: 0.22,
    Motive.OTHER: 0.05,
}
REACHES = {Reach.ON_FOOT: 14, Reach.BICYCLE: 26, Reach.TRAM: 28, Reach.CITY: 18, Reach.REGION: 4, None: 10}
CHANNELS = {
    Channel.PHONE: 34,
    Channel.EMAIL: 38,
    Channel.MESSENGER: 16,
    Channel.LETTER: 2,
    Channel.ORGANISATION: 4,
    "": 6,
}
PROOFS = {"EFZ": 0.14, "SCHWEIGE": 0.12, "ERSTE_HILFE": 0.12, "FUEHRERSCHEIN": 0.35, "JULEICA": 0.03, "IFSG43": 0.05}
OWN_WORDS = [
    "In meinem Land habe ich das als Beruf gemacht.",
    "Das mache ich seit Jahren in der Familie.",
    "Ich habe das studiert.",
    "Ich habe einen Kurs besucht.",
]
GIVEN = {Consent.Given.WEBSITE: 50, Consent.Given.IN_PERSON: 35, Consent.Given.PHONE: 10, Consent.Given.PAPER: 5}
# A certificate is some weeks old when it is shown.
FRESH = timedelta(days=20)


def create_volunteers(number: int, rng: Random, words: Words, agencies: dict, now: datetime, progress) -> None:
    """``agencies`` holds, for each town, the key of the agency and of the account that inspects proofs."""
    maker = Maker(rng, words, agencies, now)
    with progress(total=number, desc="Volunteers", unit="") as bar:
        for start in range(0, number, BATCH):
            size = min(BATCH, number - start)
            rows = defaultdict(list)
            for key in take_keys(Volunteer, size):
                maker.add_person(key, rows)
            for model, batch in rows.items():
                copy_rows(model, batch)
            bar.update(size)


class Maker:
    def __init__(self, rng: Random, words: Words, agencies: dict, now: datetime):
        self.rng, self.words, self.agencies, self.now = rng, words, agencies, now
        self.names = read_file("names.json")["communities"]
        self.fields = list(words.fields.values())
        self.skills = list(words.skills.values())
        self.number = 0
        self.recheck = dict(Proof.objects.values_list("pk", "recheck_months"))

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def add_person(self, key: int, rows: dict) -> None:
        """Put one volunteer and all that belongs to the profile into ``rows``, by model."""
        self.number += 1
        rng, town, community = self.rng, some_town(self.rng), some_community(self.rng)
        since = self.now - timedelta(days=rng.randrange(400), minutes=rng.randrange(600))
        languages = some_languages(rng, community)
        columns = {"id": key, "created_at": since, **self.person(community), **self.place(town)}
        rows[Volunteer].append(columns | self.wishes(languages.get("de")) | self.channel(columns))
        rows[SpokenLanguage] += [
            {"volunteer_id": key, "language_id": self.words.languages[code], "level": level}
            for code, level in languages.items()
        ]
        self.add_skills(key, rows)
        self.add_trust(key, since, town, rows)

    def person(self, community: str) -> dict:
        gender = "f" if self.chance(0.62) else "m"
        names = self.names[community]
        told = {"f": Volunteer.Gender.WOMAN, "m": Volunteer.Gender.MAN}[gender] if self.chance(0.6) else ""
        age = round(self.rng.triangular(16, 79, 36))
        return {
            "first_name": self.rng.choice(names[gender]),
            "last_name": self.rng.choice(names["s"]),
            "gender": told,
            "birth_year": self.now.year - age if self.chance(0.7) else None,
        }

    def place(self, town: str) -> dict:
        """A neighbourhood, or only a postcode, or nothing at all."""
        lot = self.rng.random()
        if lot < 0.86:
            return {"neighbourhood_id": self.rng.choice(self.words.hoods[town])[0]}
        return {"postcode_id": self.rng.choice(self.words.postcodes[town])} if lot < 0.96 else {}

    def wishes(self, german: Level | None) -> dict:
        rng = self.rng
        motives = [motive.value for motive, share in MOTIVES.items() if self.chance(share)]
        if german and german <= Level.B2 and self.chance(0.45):
            motives.append(Motive.LEARN_GERMAN.value)
        paused_until = self.now.date() + timedelta(days=rng.randrange(10, 60)) if self.chance(0.02) else None
        return {
            "times": self.times() if self.chance(0.85) else [],
            "motives": motives if self.chance(0.92) else [],
            "reach_km": draw(rng, REACHES),
            "max_load": rng.choice([1, 2, 2, 2, 3]),
            "is_paused": self.chance(0.03),
            "paused_until": paused_until,
        }

    def times(self) -> list[int]:
        days, parts, _ = self.rng.choices(RHYTHMS, weights=[share for *_, share in RHYTHMS])[0]
        chosen = self.rng.sample(list(days), self.rng.randint(1, len(days)))
        return sorted(day * 3 + part for day in chosen for part in parts)

    def channel(self, columns: dict) -> dict:
        channel = draw(self.rng, CHANNELS)
        reached = {"channel": str(channel)}
        if channel == Channel.EMAIL or self.chance(0.4):
            local = f"{columns['first_name']}.{columns['last_name']}{self.number}"
            reached["email"] = f"{ascii_of(local)}@example.org"
        if channel in (Channel.PHONE, Channel.MESSENGER) or self.chance(0.4):
            reached["phone"] = phone(self.rng)
        if channel == Channel.LETTER:
            reached["address"] = "Musterstraße 1"
        return reached

    def add_skills(self, key: int, rows: dict) -> None:
        """One to three fields, and skills that mostly belong to them."""
        rng = self.rng
        wished = rng.sample(self.fields, rng.choice([1, 1, 2, 2, 3]))
        likely = [skill for field in wished for skill in self.words.typical[field]]
        skills = [skill for skill in likely if self.chance(0.55)] + rng.sample(self.skills, rng.choice([0, 1, 2]))
        if self.chance(0.9):
            rows[Competence] += [
                {
                    "volunteer_id": key,
                    "skill_id": skill,
                    "has_evidence": self.chance(0.35),
                    "own_words": rng.choice(OWN_WORDS) if self.chance(0.15) else "",
                }
                for skill in dict.fromkeys(skills)
            ]
        if self.chance(0.85):
            rows[Volunteer.fields.through] += [{"volunteer_id": key, "field_id": field} for field in wished]

    def add_trust(self, key: int, since: datetime, town: str, rows: dict) -> None:
        """Consent, accompaniment by the agency of the town, and proofs: at hand, or seen by staff."""
        consent = {"purpose": Consent.Purpose.PROFILE.value, "given_how": draw(self.rng, GIVEN).value}
        rows[Consent].append({"volunteer_id": key, "text_version": consents.VERSION, "given_at": since, **consent})
        agency, inspector = self.agencies[town]
        is_accompanied = self.chance(0.45)
        if is_accompanied:
            rows[Accompaniment].append({"volunteer_id": key, "agency_id": agency, "since": since})
        for code, share in PROOFS.items():
            if self.chance(share):
                proof = self.words.proofs[code]
                rows[Volunteer.proofs.through].append({"volunteer_id": key, "proof_id": proof})
                if is_accompanied and self.chance(0.5):
                    inspection = self.inspection(proof, since)
                    rows[ProofInspection].append({"volunteer_id": key, "seen_by_id": inspector, **inspection})

    def inspection(self, proof: int, since: datetime) -> dict:
        seen, months = since.date(), self.recheck[proof]
        recheck = seen + timedelta(days=round(months * 30.44)) if months else None
        return {"proof_id": proof, "issued_on": seen - FRESH, "seen_on": seen, "recheck_on": recheck}


def ascii_of(name: str) -> str:
    """A name as the first part of an e-mail address."""
    plain = name.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    plain = plain.replace("ł", "l").replace("ı", "i")
    folded = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return "".join(letter for letter in folded if letter.isalnum() or letter == ".")
