"""The 81 invented opportunities, and varied copies of them over all neighbourhoods where more are asked for."""

from collections import defaultdict
from datetime import datetime, time, timedelta
from itertools import islice
from random import Random

from django.utils import timezone

from engagement import times
from engagement.models import Level
from organisations.models import NeededLanguage, Opportunity, OpportunityText

from .communities import some_community, some_languages
from .copying import copy_rows, take_keys
from .organisations import Organisations, name_of
from .schedule import slots_in
from .words import Words, phone

BATCH = 1000
NEWCOMERS = {"Neuzugewanderte", "Geflüchtete", "EU-Zugewanderte"}
Place, Reimbursement = Opportunity.Place, Opportunity.Reimbursement
# (key, code, name, town) of a neighbourhood.
Spot = tuple[int, str, str, str]


def create_opportunities(
    number: int, samples: list[dict], rng: Random, words: Words, made: Organisations, now: datetime, progress
) -> None:
    """Writes the opportunities; their hosts are added to ``made`` and must be stored in the same transaction."""
    builder = Builder(rng, words, made, now)
    jobs = builder.jobs(samples, number)
    with progress(total=number, desc="Opportunities", unit="") as bar:
        for start in range(0, number, BATCH):
            size = min(BATCH, number - start)
            rows = defaultdict(list)
            for key, job in zip(take_keys(Opportunity, size), islice(jobs, size), strict=True):
                builder.add(key, *job, rows)
            for model, batch in rows.items():
                copy_rows(model, batch)
            bar.update(size)


class Builder:
    def __init__(self, rng: Random, words: Words, made: Organisations, now: datetime):
        self.rng, self.words, self.made, self.now = rng, words, made, now
        self.spots = {code: (key, code, name, town) for town, hoods in words.hoods.items() for key, code, name in hoods}
        self.self_organisations = [row["id"] for row in made.rows if row["kind"] == "mso"]

    def jobs(self, samples: list[dict], number: int):
        """Sample, host and neighbourhood of each opportunity: first the samples as they are, then copies."""
        for sample in samples[:number]:
            spot = self.spots.get(sample["neighbourhood_id"])
            yield sample, self.host_of(sample, sample["city"]), spot
        spots = self.rng.sample(list(self.spots.values()), len(self.spots))
        for turn in range(number - len(samples)):
            spot = spots[turn % len(spots)]
            sample = self.varied(samples[turn % len(samples)], spot)
            if sample["organisation"]["type"] == "mso":
                host = self.rng.choice(self.self_organisations)
                spot = self.some_spot(self.made.town_of[host])
            else:
                host = self.host_of(sample, spot[3])
            yield sample, host, None if sample["location_mode"] == "remote" else spot

    def host_of(self, sample: dict, town: str) -> int:
        if sample["organisation"]["type"] == "integrationsagentur":
            return self.made.agencies[town]
        return self.made.host(name_of(sample), town)

    def some_spot(self, town: str) -> Spot:
        return (*self.rng.choice(self.words.hoods[town]), town)

    def varied(self, sample: dict, spot: Spot) -> dict:
        """The same task with other languages, other times and another number of places."""
        rng = self.rng
        levels = ["A1", "A2", "B1", "B2", "C1"]
        german = levels.index(sample["german_min_level"]) + rng.choice([-1, 0, 0, 0, 1])
        return sample | {
            "title": f"{sample['title']} – {spot[2]}"[:120],
            "languages": self.other_languages(sample["languages"]) if rng.random() < 0.6 else sample["languages"],
            "german_min_level": levels[min(max(german, 0), 4)],
            "slots": rng.choice([1, 1, 2, 2, 3, 4, 5, 6, 8, 10, 12]),
            "hours_per_week": rng.randint(1, 5),
            "shift": rng.choice([0, 0, 3, 6, 9, 12]),
            "trial_visit": rng.choice([True, True, None]),
            "mixed_team": rng.choice([True, False, None]),
        }

    def other_languages(self, needed: list[dict]) -> list[dict]:
        codes = [code for _ in needed for code in some_languages(self.rng, some_community(self.rng)) if code != "de"]
        return [language | {"code": code} for code, language in zip(dict.fromkeys(codes), needed, strict=False)]

    def add(self, key: int, sample: dict, host: int, spot: Spot | None, rows: dict) -> None:
        """Put one opportunity and all its rows into ``rows``, by model."""
        agency = self.made.agency_of[host]
        published = self.now - timedelta(days=self.rng.randrange(1, 60), minutes=self.rng.randrange(600))
        town = spot[3] if spot else self.made.town_of[host]
        rows[Opportunity].append(
            {
                "id": key,
                "host_id": host,
                "agency_id": agency,
                "coordinator_id": self.made.coordinators[agency],
                "city_id": self.words.cities[town],
                "place": self.place(sample, spot),
                "contact_name": self.made.some_name(),
                "contact_phone": phone(self.rng),
                "created_at": published,
                "published_at": published,
                "confirmed_at": published,
                **facts_of(sample, self.words),
                **self.day_of(sample),
            }
        )
        self.add_links(key, sample, spot, rows)
        self.add_words(key, sample, rows)

    def day_of(self, sample: dict) -> dict:
        """What happens once gets a day that is still to come. The copies of it take place again and again."""
        once = sample.get("once")
        if once is None or "shift" in sample:
            return {}
        soon = timezone.localdate(self.now) + timedelta(days=once["days_ahead"])
        day = soon + timedelta(days=(once["weekday"] - soon.weekday()) % 7)
        begins, ends = (time.fromisoformat(once[name]) for name in ("begins_at", "ends_at"))
        return {
            "frequency": Opportunity.Frequency.ONCE.value,
            "day": day,
            "valid_until": day,
            "begins_at": begins,
            "ends_at": ends,
            "times": times.slots_on(day, begins, ends),
            "hours_per_week": None,
            "minimum_weeks": None,
        }

    def place(self, sample: dict, spot: Spot | None) -> str:
        if sample["location_mode"] == "remote":
            return Place.REMOTE.value
        return (Place.NEIGHBOURHOOD if spot else Place.CITY).value

    def add_links(self, key: int, sample: dict, spot: Spot | None, rows: dict) -> None:
        if spot:
            through = Opportunity.neighbourhoods.through
            rows[through].append({"opportunity_id": key, "neighbourhood_id": spot[0]})
        for name, column, codes, terms in (
            ("skills_required", "skill_id", sample["skills_required"], self.words.skills),
            ("skills_wanted", "skill_id", sample["skills_wanted"], self.words.skills),
            ("proofs", "proof_id", sample["certificates"], self.words.proofs),
        ):
            through = getattr(Opportunity, name).through
            rows[through] += [{"opportunity_id": key, column: terms[code]} for code in codes]
        rows[NeededLanguage] += [
            {
                "opportunity_id": key,
                "language_id": self.words.languages[language["code"]],
                "level": Level[language["min_level"]].value,
                "role": language["role"],
            }
            for language in sample["languages"]
        ]

    def add_words(self, key: int, sample: dict, rows: dict) -> None:
        """The text in German and in Einfache Sprache. A copy has lost the times of its sample's sentence."""
        schedule = "" if sample.get("shift") or self.day_of(sample) else sample["schedule"]
        texts = {
            "de": (sample["title"], sample["description"]),
            "de-simple": (sample["title_easy"], sample["description_easy"]),
        }
        rows[OpportunityText] += [
            {"opportunity_id": key, "language": language, "title": title, "body": body, "schedule": schedule}
            for language, (title, body) in texts.items()
        ]


def facts_of(sample: dict, words: Words) -> dict:
    """What the sample states; what it does not state stays unknown."""
    only_for = sample["gender_restriction"] or {}
    pays = {"Fahrtkosten": Reimbursement.EXPENSES}.get(sample["reimbursement"], Reimbursement.ALLOWANCE)
    shift = sample.get("shift", 0)
    return {
        "status": Opportunity.Status.PUBLISHED.value,
        "field_id": words.fields[sample["field"]],
        "german_needed": Level[sample["german_min_level"]].value,
        "min_age": sample["min_age"],
        "only_for": Opportunity.OnlyFor.WOMEN.value if only_for else "",
        "only_for_reason": only_for.get("reason", ""),
        "times": sorted((slot + shift) % 21 for slot in slots_in(sample["schedule"])),
        "frequency": sample["frequency"],
        "hours_per_week": sample["hours_per_week"],
        "minimum_weeks": sample["min_duration_weeks"],
        "places": sample["slots"],
        "has_trial_visit": sample["trial_visit"],
        "is_in_team": sample["mixed_team"],
        "is_accompanied": True if sample["accompaniment"] else None,
        "gives_certificate": True if "Zertifikat" in (sample["training"] or "") else None,
        "serves_newcomers": True if NEWCOMERS & set(sample["target_groups"]) else None,
        "reimbursement": pays.value,
    }
