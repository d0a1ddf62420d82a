"""Agencies, hosts and migrant self-organisations, all invented, and the accounts that act for them."""

from datetime import datetime, timedelta
from itertools import count
from random import Random

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from engagement.models import Level, User
from organisations.models import MemberLanguage, Membership, Organisation

from . import LOGINS, PASSWORD
from .communities import draw
from .copying import copy_rows, take_keys
from .volunteers import RHYTHMS, ascii_of
from .words import TOWNS, Words, phone, read_file, some_town

Kind = Organisation.Kind
AGENCIES = {
    "Köln": "Domviertel",
    "Düsseldorf": "Rheinbogen",
    "Dortmund": "Nordstern",
    "Essen": "Zollbrücke",
    "Duisburg": "Rheinhafen",
    "Bochum": "Förderturm",
    "Wuppertal": "Schwebeweg",
    "Bielefeld": "Teutotal",
    "Bonn": "Siebenblick",
    "Münster": "Promenade",
    "Mönchengladbach": "Niersaue",
    "Gelsenkirchen": "Emscherblick",
    "Aachen": "Dreiländerblick",
    "Krefeld": "Seidenweg",
    "Oberhausen": "Zinkhof",
    "Hagen": "Volmebogen",
    "Hamm": "Lippeaue",
    "Mülheim an der Ruhr": "Ruhraue",
    "Leverkusen": "Wupperbogen",
    "Solingen": "Klingenpfad",
    "Herne": "Kanalufer",
    "Paderborn": "Paderquelle",
    "Neuss": "Erftmündung",
    "Bottrop": "Haldenblick",
    "Remscheid": "Talsperre",
    "Bergisch Gladbach": "Strundetal",
    "Recklinghausen": "Vestring",
    "Moers": "Grafschaft",
    "Siegen": "Siegtal",
    "Witten": "Kohlenweg",
}
# Coordinators who read another language than German, by town: name, language.
COORDINATORS = {"Köln": ("Elif Yildiz", "de"), "Essen": ("Jonas Brandt", "en"), "Duisburg": ("Hanan Khoury", "ar")}
# The languages of members, by a word of the name.
LANGUAGES_BY_NAME = {
    "Eritreisch": ["ti", "am", "ar"],
    "Kurdisch": ["ku", "tr", "ar"],
    "Bulgarisch": ["bg", "tr"],
    "Afghan": ["fa-AF", "ps", "fa"],
    "Ukrain": ["uk", "ru"],
    "Syrisch": ["ar", "ku"],
    "Marokkan": ["ar", "fr", "rif"],
    "Polnisch": ["pl"],
    "Dialog": ["ru", "uk", "ar", "en"],
    "Anadolu": ["tr", "ku"],
    "Ghana": ["ak", "en"],
    "Romanes": ["rom", "ro", "bg"],
    "Griechisch": ["el"],
    "Tamil": ["ta", "en"],
    "Italien": ["it"],
    "Rumänisch": ["ro", "hu"],
    "Albanisch": ["sq"],
    "Guinea": ["ff", "fr", "sus"],
    "Somal": ["so", "ar"],
    "Iran": ["fa", "en"],
}
FURTHER_NAMES = [
    "Griechischer Familienkreis Philoxenia e. V.",
    "Tamilischer Kulturverein Muttamil e. V.",
    "Italienischer Seniorentreff La Piazza e. V.",
    "Rumänischer Elternverein Luceafărul e. V.",
    "Albanischer Jugendverein Shqiponja e. V.",
    "Verein der Guineer Fouta e. V.",
    "Somalischer Frauenverein Iftin e. V.",
    "Iranischer Kulturkreis Mehr e. V.",
]
ABOUT = "Diese Organisation gibt es nicht. Sie ist für die Vorführung erfunden."
MEMBER_LEVELS = {Level.NATIVE: 80, Level.C1: 14, None: 6}
GERMAN_LEVELS = {Level.B2: 30, Level.C1: 50, Level.C2: 20}


class Organisations:
    """All that was created, by name and town, as primary keys; hosts of further towns are created when asked for."""

    def __init__(self, rng: Random, words: Words, now: datetime):
        self.rng, self.words, self.now = rng, words, now
        self.rows: list[dict] = []
        self.keys: dict[tuple[str, str], int] = {}
        self.agency_of: dict[int, int] = {}
        self.town_of: dict[int, str] = {}
        self.agencies = {town: self.add(Kind.AGENCY, f"Integrationsagentur {AGENCIES[town]}", town) for town in TOWNS}
        self.coordinators: dict[int, int] = {}

    def add(self, kind: str, name: str, town: str, **columns) -> int:
        key = take_keys(Organisation, 1)[0]
        agency = None if kind == Kind.AGENCY else self.agencies[town]
        self.keys[name, town], self.town_of[key] = key, town
        self.agency_of[key] = agency or key
        columns |= {"id": key, "kind": str(kind), "name": name, "description": ABOUT, "agency_id": agency}
        columns |= {"city_id": self.words.cities[town], "contact_name": self.some_name(), "phone": phone(self.rng)}
        self.rows.append(columns | {"verified_at": self.now - timedelta(days=self.rng.randrange(5, 300))})
        return key

    def host(self, name: str, town: str) -> int:
        return self.keys.get((name, town)) or self.add(Kind.HOST, name, town)

    def some_name(self) -> str:
        names = read_file("names.json")["communities"]
        people = names[self.rng.choice(list(names))]
        return f"{self.rng.choice(people['f'] + people['m'])} {self.rng.choice(people['s'])}"


def create_organisations(number: int, samples: list[dict], rng: Random, words: Words, now: datetime) -> Organisations:
    """An agency for each town, the self-organisations that post something, and more of them up to ``number``."""
    made = Organisations(rng, words, now)
    posting = {(name_of(sample), sample["city"]) for sample in samples if sample["organisation"]["type"] == "mso"}
    for name, town in sorted(posting):
        add_self_organisation(made, name, town)
    for turn in count():
        if len(made.rows) - len(TOWNS) >= number:
            break
        town = some_town(rng)
        name = FURTHER_NAMES[turn % len(FURTHER_NAMES)]
        # There are more groups to invent than names.
        add_self_organisation(made, name if (name, town) not in made.keys else f"{name}, Gruppe {turn}", town)
    return made


def name_of(sample: dict) -> str:
    return sample["organisation"]["name"].removesuffix(" (fiktiv)")


def add_self_organisation(made: Organisations, name: str, town: str) -> None:
    """A self-organisation with its potential: how many can help, and when."""
    rng = made.rng
    days, parts, _ = rng.choices(RHYTHMS, weights=[share for *_, share in RHYTHMS])[0]
    times = [day * 3 + part for day in days for part in parts] if rng.random() < 0.8 else []
    seat = rng.choice(made.words.hoods[town])[0]
    made.add(Kind.MSO, name, town, times=times, group_size=rng.randint(3, 25), neighbourhood_id=seat)


def store_organisations(made: Organisations) -> None:
    copy_rows(Organisation, made.rows)
    potential = [row for row in made.rows if row["kind"] == Kind.MSO]
    copy_rows(MemberLanguage, [language for row in potential for language in member_languages(made, row)])
    for name in ("skills", "fields", "reached"):
        through = getattr(Organisation, name).through
        copy_rows(through, [link for row in potential for link in links(made, row, name)])


def member_languages(made: Organisations, row: dict) -> list[dict]:
    codes = next((codes for word, codes in LANGUAGES_BY_NAME.items() if word in row["name"]), ["en"])
    levels = {code: draw(made.rng, MEMBER_LEVELS) for code in codes} | {"de": draw(made.rng, GERMAN_LEVELS)}
    return [
        {"organisation_id": row["id"], "language_id": made.words.languages[code], "level": level}
        for code, level in levels.items()
    ]


def links(made: Organisations, row: dict, name: str) -> list[dict]:
    rng, words = made.rng, made.words
    column, choices, most = {
        "skills": ("skill_id", list(words.skills.values()), 10),
        "fields": ("field_id", list(words.fields.values()), 5),
        "reached": ("neighbourhood_id", [key for key, *_ in words.hoods[made.town_of[row["id"]]]], 6),
    }[name]
    chosen = rng.sample(choices, min(len(choices), rng.randint(2, most)))
    return [{"organisation_id": row["id"], column: key} for key in chosen]


def create_accounts(made: Organisations) -> dict[str, User]:
    """The accounts of LOGINS by e-mail, and a coordinator for every agency."""
    emails = {who.split("(")[-1].rstrip(")"): email for who, email in LOGINS}
    password = make_password(PASSWORD)
    users, memberships = [], []
    for town, agency in made.agencies.items():
        name, language = COORDINATORS.get(town) or (made.some_name(), "de")
        email = emails.get(name) or f"{ascii_of(name.replace(' ', '.'))}.{ascii_of(AGENCIES[town])}@example.org"
        hashed = password if name in emails else make_password(None)
        user = User(email=email, name=name, language=language, is_staff=True, password=hashed)
        users.append(user)
        memberships.append((user, agency, Membership.Role.LEAD))
    contact = User(email="demir@example.org", name="Rojda Demir", password=password)
    memberships.append((contact, made.keys["Kurdischer Elternverein Newroz e. V.", "Köln"], Membership.Role.CONTACT))
    samira = User(email="samira@example.org", name="Samira Haddad", password=password)
    admin = User(email="admin@example.org", name="Administration", password=password, is_staff=True, is_superuser=True)
    everybody = User.objects.bulk_create([*users, contact, samira, admin])
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in everybody
    )
    Membership.objects.bulk_create(
        Membership(user=user, organisation_id=organisation, role=role) for user, organisation, role in memberships
    )
    made.coordinators = {agency: user.pk for user, agency, role in memberships if role == Membership.Role.LEAD}
    return {user.email: user for user in everybody}
