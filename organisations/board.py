"""The open opportunities as columns, kept in the process while they are true.

A page of the board asks many questions at once: what fits, how many would fit with another answer, what is near.
Columns in memory answer all of them in a few milliseconds, however many notices hang there. Triggers of the database
note which opportunities change (migration 0005), whoever writes the rows; one query asks for what is new since.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache, partial
from itertools import count
from math import cos, radians
from threading import Lock
from time import monotonic
from typing import NamedTuple

import numpy as np
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef, Q
from django.utils.choices import BaseChoiceIterator

from engagement.geometry import DEGREE_KM
from engagement.models import Adjacency, City, Field, Language, Neighbourhood, Skill

from .models import NeededLanguage, Opportunity, OpportunityText
from .searching import Lexicon
from .spots import find_spots

# What changed since a snapshot: keys of opportunities, negative ones of organisations, 0 for the vocabulary with its
# places. Whoever changed something in the same transaction sees what nobody else may see yet.
NEWS = """
    SELECT pg_current_snapshot()::text, ARRAY(
        SELECT key FROM organisations_boardchange
        WHERE changed_by >= pg_snapshot_xmin(%(seen)s::pg_snapshot)
            AND changed_by < pg_snapshot_xmax(pg_current_snapshot())
            AND NOT pg_visible_in_snapshot(changed_by, %(seen)s::pg_snapshot)
    ), EXISTS (SELECT FROM organisations_boardchange WHERE changed_by = pg_current_xact_id_if_assigned())
"""
NOTHING_SEEN = "3:3:"
UNKNOWN = -1
SOME_MINUTES = 600.0
FOREVER = date.max.toordinal()

_kept: "Board | None" = None
_lock = Lock()
_versions = count()


def current() -> "Board":
    """The board as it is now. One query where nothing has changed; what has changed is read anew."""
    global _kept  # noqa: PLW0603 (one a process)
    known = _kept
    snapshot, changed, is_own = news(known.snapshot if known else NOTHING_SEEN)
    if is_own:
        return Board(snapshot, *rows_of_all())
    if known and not changed:
        return known
    with _lock:
        if _kept is known:
            _kept = Board(snapshot, *(with_changes(known, changed) if known else rows_of_all()))
            return _kept
    # Somebody else was faster, and may have missed what changed last.
    return current()


def news(seen: str) -> tuple[str, list[int], bool]:
    with connection.cursor() as cursor:
        cursor.execute(NEWS, {"seen": seen})
        return cursor.fetchone()


def rows_of_all() -> "tuple[Words, dict[int, Notice]]":
    words = Words()
    return words, {row.key: row for row in read(words, Opportunity.objects.all())}


def with_changes(known: "Board", changed: list[int]) -> "tuple[Words, dict[int, Notice]]":
    """The words and notices of a board, and what has changed of them since: mostly few, so all others are kept."""
    words, rows = known.words, known.rows
    if 0 in changed:
        words, left = Words(known.words.lexicon), {*Opportunity.objects.values_list("pk", flat=True)}
        rows = {key: row for key, row in rows.items() if key in left}
    keys, hosts = {key for key in changed if key > 0}, {-key for key in changed if key < 0}
    rows = {key: row for key, row in rows.items() if key not in keys and not {row.host, row.agency} & hosts}
    opportunities = Opportunity.objects.filter(Q(pk__in=keys) | Q(host__in=hosts) | Q(agency__in=hosts))
    return words, rows | {row.key: row for row in read(words, opportunities)}


class Notice(NamedTuple):
    """What can be asked about one opportunity; lists are numpy columns of keys, ``tokens`` numbers of words.

    No two that were ever read have the same ``version``.
    """

    version: int
    key: int
    host: int
    agency: int
    field: int
    city: int
    german: int
    place: str
    frequency: str
    slots: int
    has_trial_visit: int
    is_in_team: int
    gives_certificate: int
    published: float
    until: int
    hoods: np.ndarray
    languages: np.ndarray
    skills: np.ndarray
    tokens: np.ndarray


def read(words: "Words", opportunities):
    """The notices among these opportunities, expired ones too: a day that ends changes no row."""
    published = opportunities.filter(status=Opportunity.Status.PUBLISHED, host__verified_at__isnull=False)
    titles, bodies = (rows_of(OpportunityText, "opportunity", name) for name in ("title", "body"))
    lists = [
        rows_of(Opportunity.neighbourhoods.through, "opportunity", "neighbourhood"),
        rows_of(NeededLanguage, "opportunity", "language"),
        rows_of(Opportunity.skills_required.through, "opportunity", "skill"),
        rows_of(Opportunity.skills_wanted.through, "opportunity", "skill"),
    ]
    columns = [
        "pk",
        "host",
        "agency",
        "field",
        "city",
        "german_needed",
        "place",
        "frequency",
        "times",
        "has_trial_visit",
    ]
    columns += ["is_in_team", "gives_certificate", "published_at", "valid_until", "host__name", titles, bodies, *lists]
    for row in published.order_by().values_list(*columns):
        yield notice(words, *row)


def rows_of(model, owner, column):
    return ArraySubquery(model.objects.filter(**{owner: OuterRef("pk")}).order_by().values(column))


def notice(words, key, host, agency, field, city, german, place, frequency, slots, *rest) -> Notice:
    trial, team, certificate, published_at, until, host_name, titles, bodies, hoods, languages, needed, wished = rest
    return Notice(
        next(_versions),
        key,
        host,
        agency,
        field,
        city or 0,
        UNKNOWN if german is None else german,
        place,
        frequency,
        sum(1 << slot for slot in slots),
        *(UNKNOWN if answer is None else int(answer) for answer in (trial, team, certificate)),
        published_at.timestamp() if published_at else 0.0,
        until.toordinal() if until else FOREVER,
        # One that is new in this moment is read together with its place, next time.
        np.array([hood for hood in hoods if hood in words.hoods], np.int64),
        np.array(languages, np.int64),
        np.array(needed + wished, np.int64),
        words.lexicon.numbers_of(" ".join([*titles, *bodies, host_name])),
    )


@dataclass(frozen=True)
class Place:
    """A neighbourhood as the board knows it."""

    name: str
    city: int
    latitude: float
    longitude: float


class Offered(BaseChoiceIterator):
    """The terms that may be asked for, as choices of a form: each form would examine a plain list anew."""

    def __init__(self, terms):
        self.choices = [(term.code, term) for term in terms.values() if term.is_active]

    def __iter__(self):
        return iter(self.choices)


class Words:
    """The words of the notices and of the vocabulary, and its places. No two have the same ``version``."""

    def __init__(self, lexicon: Lexicon | None = None):
        """``lexicon``: of the notices that are kept, when the vocabulary changes; it only grows."""
        self.version = next(_versions)
        self.lexicon = lexicon or Lexicon()
        self.fields = {field.pk: field for field in Field.objects.all()}
        self.languages = {language.pk: language for language in Language.objects.all()}
        self.offered_fields, self.offered_languages = Offered(self.fields), Offered(self.languages)
        self.of_fields = {pk: self._numbers(field.names) for pk, field in self.fields.items()}
        self.of_skills = {
            pk: self._numbers(names, *synonyms)
            for pk, names, synonyms in Skill.objects.order_by().values_list("pk", "names", "synonyms")
        }
        hoods = Neighbourhood.objects.order_by().values_list(
            "pk", "city", "city__name", "name", "latitude", "longitude"
        )
        self.hoods = {pk: Place(f"{city_name}-{name}", city, *point) for pk, city, city_name, name, *point in hoods}

        self.next_door = doors()
        self.find_spots = lru_cache(maxsize=1000)(partial(find_spots, towns=list(City.objects.all())))

    def _numbers(self, names, *more):
        return self.lexicon.numbers_of(" ".join([*names.values(), *more]))


def doors() -> dict[int, set[int]]:
    """The neighbourhoods that share a border, none across the Rhine; where borders are not known, those near."""
    found = {relation: defaultdict(set) for relation in Adjacency.Relation.values}
    pairs = Adjacency.objects.order_by().filter(crosses_rhine=False).values_list("one", "other", "relation")
    for one, other, relation in pairs:
        found[relation][one].add(other)
        found[relation][other].add(one)
    return found[Adjacency.Relation.NEAR] | found[Adjacency.Relation.TOUCHES]


class Links:
    """Which notices have which keys: all pairs in two columns."""

    def __init__(self, lists):
        self.owners = np.repeat(np.arange(len(lists)), [len(keys) for keys in lists])
        self.keys = np.concatenate([np.empty(0, np.int64), *lists])
        self.size = len(lists)

    @cached_property
    def is_empty(self) -> np.ndarray:
        """Whether each notice has no key at all."""
        return np.bincount(self.owners, minlength=self.size) == 0

    def having(self, wanted) -> np.ndarray:
        """Whether each notice has one of the ``wanted`` keys."""
        return self.marked(np.isin(self.keys, list(wanted)))

    def marked(self, links) -> np.ndarray:
        found = np.zeros(self.size, bool)
        found[self.owners[links]] = True
        return found

    def counted(self, notices) -> dict[int, int]:
        """For each key, how many of the ``notices`` (a mask) have it."""
        keys, numbers = np.unique(self.keys[notices[self.owners]], return_counts=True)
        return dict(zip(keys.tolist(), numbers.tolist(), strict=True))


class Board:
    """All notices, the newest first; every column and every mask is in this order."""

    def __init__(self, snapshot: str, words: Words, rows: dict[int, Notice]):
        self.snapshot, self.words, self.rows = snapshot, words, rows
        notices = sorted(rows.values(), key=lambda row: (row.published, row.key), reverse=True)
        self.size = len(notices)
        columns = zip(*notices, strict=True) if notices else [()] * len(Notice._fields)
        column = dict(zip(Notice._fields, columns, strict=True))
        for name in ("hoods", "languages", "skills", "tokens"):
            setattr(self, name, Links(column.pop(name)))
        for name, values in column.items():
            setattr(self, name, np.array(values, Notice.__annotations__[name]))
        self.point_of_hoods = self._points()
        self.speaking_of = lru_cache(maxsize=500)(self._speaking_of)
        self._noted: dict[str, tuple[float, object]] = {}
        # Pages that show it (see ``prints.py``).
        self.prints: dict[tuple, dict[str, str]] = {}

    def _points(self):
        points = [self.words.hoods[key] for key in self.hoods.keys.tolist()]
        return np.array([(place.latitude, place.longitude) for place in points]).reshape(-1, 2)

    def _speaking_of(self, word: str) -> tuple[np.ndarray, bool]:
        """Which notices speak of a folded word, and whether it had to be read as a similar one."""
        lexicon = self.words.lexicon
        exact = self._using(lexicon.meant_by(word))
        if exact.any():
            return exact, False
        similar = self._using(lexicon.nearly(word))
        return similar, bool(similar.any())

    def _using(self, numbers) -> np.ndarray:
        """The notices whose text, host, field or skills have one of the words with these ``numbers``."""
        wanted = np.zeros(len(self.words.lexicon), bool)
        wanted[numbers] = True
        fields, skills = (
            [key for key, own in of.items() if wanted[own].any()] for of in (self.words.of_fields, self.words.of_skills)
        )
        return self.tokens.marked(wanted[self.tokens.keys]) | np.isin(self.field, fields) | self.skills.having(skills)

    def noted(self, name: str, ask):
        """What ``ask()`` said some minutes ago at most: for what changes slowly and is found out slowly."""
        until, answer = self._noted.get(name, (0.0, None))
        if until < monotonic():
            answer = ask()
            self._noted[name] = monotonic() + SOME_MINUTES, answer
        return answer

    def distances(self, latitude: float, longitude: float) -> np.ndarray:
        """Kilometres as the crow flies to the nearest neighbourhood of each notice, infinite without any."""
        offsets = (self.point_of_hoods - (latitude, longitude)) * DEGREE_KM
        offsets[:, 1] *= cos(radians(latitude))
        nearest = np.full(self.size, np.inf)
        np.minimum.at(nearest, self.hoods.owners, np.hypot(offsets[:, 0], offsets[:, 1]))
        return nearest
