"""The board as a visitor sees it: the notices found, the choices with their numbers, and the ways on."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.http import QueryDict
from django.utils.html import format_html_join
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from engagement.languages import marked, pick

from . import board
from .filters import DISTANCES, FARTHEST, ORDERS, RINGS, TIMES, OpportunityFilter
from .models import Opportunity
from .spots import Spot

WEEK = 7 * 24 * 3600
# A tag that hung on many notices would say nothing.
ONE_IN = 10


class Stranger:
    """Somebody who looks at the board, and of whom nothing is known.

    ``is_known``: whether it can be said what suits them; ``favourites()``: the keys of the opportunities that do, the
    best first; ``home``: where they live, as (latitude, longitude), or None. ``overlooked(most)``: the keys of the
    opportunities that too few people see, whoever looks.
    """

    is_known = False
    home = None

    def favourites(self):
        return []

    def overlooked(self, most):  # noqa: ARG002 (the signature of a reader)
        return []


def reader_of(user):
    """Whoever looks, as a floor knows them of which this one knows nothing: a ``Stranger``, or somebody known."""
    return import_string(settings.BOARD_READER)(user)


@dataclass
class Choice:
    """One answer to a question, how many notices it would give, and whether it is chosen."""

    name: str
    value: object
    label: str
    count: int | None
    chosen: bool


@dataclass
class Way:
    """A link to another search: what it stands for, its query string, how many notices it gives."""

    label: str
    query: str
    count: int | None = None
    chosen: bool = False


class Search:
    """One search: made from a query string, asked by the template."""

    def __init__(self, data, reader=None, now: board.Board | None = None):
        self.reader = reader or Stranger()
        self.asked_order = data.get("order")
        self.filter = OpportunityFilter(without_nulls(data), now or board.current())
        self.board = self.filter.board
        self.form = self.filter.form
        self.answers = self.filter.answers

    # --- The notices, in their order ----------------------------------------------------------------------------------
    @cached_property
    def keys(self) -> list[int]:
        """The keys of all that was found, in the order that was asked for."""
        found = np.flatnonzero(self.filter.found)
        keys = self.board.key[found[np.lexsort([column[found] for column in self.sorting])]].tolist()
        return self.favourites_first(keys) if self.order == "for_you" else keys

    @property
    def sorting(self):
        """By these columns, the last one first. Of those about as near, or as new, what is overlooked stands first;
        what is newer decides, and at the end the key."""
        columns = [np.arange(self.board.size), ~np.isin(self.board.key, list(self.overlooked))]
        if self.order == "near":
            return [columns[0], self.away, columns[1], np.round(self.away)]
        return [*columns, self.board.published // -WEEK]

    @cached_property
    def overlooked(self) -> set[int]:
        return self.board.noted("overlooked", lambda: {*self.reader.overlooked(self.board.size // ONE_IN)})

    def favourites_first(self, keys):
        """What does not suit the reader, or is not known to, follows, never hidden."""
        places = {pk: place for place, pk in enumerate(self.reader.favourites())}
        return sorted(keys, key=lambda pk: places.get(pk, len(places)))

    @cached_property
    def away(self):
        """How far it is from where the visitor looks, or else lives, in kilometres; infinite where that is nowhere."""
        return self.filter.distances if self.filter.point else self.board.distances(*self.reader.home)

    @cached_property
    def distances(self) -> dict[int, float]:
        """The same for each key, where it is of interest and known."""
        if self.order != "near" and not self.filter.point:
            return {}
        near = np.isfinite(self.away)
        return dict(zip(self.board.key[near].tolist(), self.away[near].tolist(), strict=True))

    @cached_property
    def order(self):
        """The one that was asked for, if it can be had.

        Else the nearest first for whoever names a place; for whoever told us about themselves, what suits them and
        still needs somebody, or else all who scroll little would go to the same few notices.
        """
        if self.asked_order in self.possible_orders:
            return self.asked_order
        return "near" if self.filter.point else self.possible_orders[0 if self.reader.is_known else -1]

    @cached_property
    def possible_orders(self):
        near = bool(self.filter.point or self.reader.home)
        is_possible = {"for_you": self.reader.is_known, "near": near, "new": True}
        return [name for name in ORDERS if is_possible[name]]

    @cached_property
    def orders(self):
        return [
            Way(str(ORDERS[name]), self.query(order=name), chosen=name == self.order) for name in self.possible_orders
        ]

    # --- The query string ---------------------------------------------------------------------------------------------
    @property
    def not_understood(self):
        return self.form.not_understood

    def query(self, **changes):
        """The query string of this search with other answers; an answer of None leaves the question out."""
        data = QueryDict(mutable=True)
        order = changes.pop("order", self.asked_order)
        if order in ORDERS:
            data["order"] = order
        for name, value in {**self.answers, **changes}.items():
            if value not in (None, []):
                parts = value if isinstance(value, list) else [value]
                data.setlist(name, [part.name if isinstance(part, Spot) else str(part) for part in parts])
        return data.urlencode()

    # --- Active answers -----------------------------------------------------------------------------------------------
    @cached_property
    def chips(self):
        """Every active answer as a link to the search without it."""
        return [Way(label, self.query(**{name: rest})) for name, label, rest in self.parts]

    @cached_property
    def parts(self):
        return list(self.each_part())

    def each_part(self):
        for name, value in self.answers.items():
            values = value if isinstance(value, list) else [value]
            for one in values:
                rest = [other for other in values if other != one] if isinstance(value, list) else None
                if not (name == "distance" and not self.filter.point):
                    yield name, self.label_of(name, one), rest

    def label_of(self, name, value):
        if name == "text":
            return _("“%(text)s”") % {"text": value}
        if name == "place":
            return value.name
        label = dict(self.form.fields[name].choices)[value]
        if name == "german":
            return _("German: %(level)s") % {"level": label}
        return named(label)

    def answer(self, *names):
        """The present answers to some questions, as short words."""
        return [label for name, label, _rest in self.parts if name in names]

    @property
    def where(self):
        default = [dict(DISTANCES)[FARTHEST]] if self.filter.point and "distance" not in self.answers else []
        return self.answer("place", "distance", "remote") + default

    @property
    def when(self):
        return self.answer("time", "slot", "rhythm")

    @property
    def what(self):
        return self.answer("text", "field", "company", "trial", "certificate")

    @property
    def languages(self):
        return self.answer("easy", "german", "language")

    # --- Choices with their numbers: those without results are left out -----------------------------------------------
    @cached_property
    def fields(self):
        counts = Counter(self.board.field[self.filter.all_but("field")].tolist())
        return self.choices("field", {term.code: counts[key] for key, term in self.board.words.fields.items()})

    @cached_property
    def tongues(self):
        """The languages that notices ask for, with the name that their speakers know."""
        counts = self.board.languages.counted(self.filter.all_but("language"))
        terms = {term.code: term for term in self.board.words.languages.values()}
        choices = self.choices("language", {term.code: counts.get(term.pk, 0) for term in terms.values()})
        for choice in choices:
            choice.autonym = marked(terms[choice.value].autonym, choice.value)
        return choices

    @cached_property
    def levels(self):
        return self.tallied("german", [level for level, _label in Opportunity.GermanNeeded.choices])

    @cached_property
    def times(self):
        others = self.filter.all_but("time")
        return self.choices("time", {code: (others & self.filter.at(slots)).sum() for code, _label, slots in TIMES})

    @cached_property
    def rhythms(self):
        return self.tallied("rhythm", ["once", "regular"])

    @cached_property
    def companies(self):
        return self.tallied("company", ["team", "alone"])

    @cached_property
    def extras(self):
        return [*self.tallied("trial", ["on"]), *self.tallied("certificate", ["on"])]

    @cached_property
    def easy(self):
        return self.tallied("easy", ["on"])

    @cached_property
    def remote(self):
        others = self.filter.all_but("place", "remote")
        return self.choices("remote", {"on": (others & self.filter.from_home).sum()})

    @cached_property
    def distances_offered(self):
        """How many there are in each ring; only known once a place is given."""
        if not self.filter.point:
            return self.choices("distance", dict.fromkeys(RINGS))
        others = self.filter.all_but("place")
        rings = [*(["next"] if self.filter.spot.neighbourhood else []), *RINGS, "city"]
        return self.choices("distance", {ring: (others & self.filter.around(ring)).sum() for ring in rings})

    def tallied(self, name, values):
        others, fits = self.filter.all_but(name), getattr(self.filter, f"by_{name}")
        return self.choices(name, {value: (others & fits(value)).sum() for value in values})

    def choices(self, name, counts):
        chosen = self.answers.get(name, [])
        chosen = chosen if isinstance(chosen, list) else [chosen]
        return [
            Choice(name, value, named(label), counts.get(value, 0), value in chosen)
            for value, label in self.form.fields[name].choices
            if counts.get(value, 0) != 0 or value in chosen
        ]

    # --- The ways on --------------------------------------------------------------------------------------------------
    @cached_property
    def ways_out(self):
        """For a search that found nothing: the searches without one of its answers that find something."""
        ways = [
            Way(
                format_html_join(" · ", "{}", [[label] for label in self.answer(name)]),
                self.query(**{name: None}),
                int(self.filter.all_but(name).sum()),
            )
            for name in self.answers
        ]
        return [way for way in ways if way.count and way.label]

    @cached_property
    def meant(self):
        """The places that somebody may have meant who wrote one that is not clear."""
        if "place" not in self.form.errors:
            return []
        spots = self.board.words.find_spots(self.form.data.get("place", "").strip())
        return [Way(spot.name, self.query(place=spot)) for spot in spots]

    @cached_property
    def by_neighbourhood(self) -> dict[int, int]:
        """How many of these notices hang in each neighbourhood of the town, or of the country, by its key."""
        return self.board.hoods.counted(self.filter.all_but("place", "remote"))


def asked(request) -> QueryDict:
    """The query string of a request. One that no page of ours can have made, with too many names, asks nothing."""
    try:
        return request.GET
    except TooManyFieldsSent:
        return QueryDict()


def without_nulls(data):
    """No text holds the character NUL, and no page shows it."""
    clean = QueryDict(mutable=True)
    for name, values in data.lists():
        clean.setlist(name, [value.replace("\0", "") for value in values])
    return clean


def named(label):
    """A word of the vocabulary in the reader's language, or a label as it is."""
    if hasattr(label, "names"):
        code, name = pick(label.names)
        return marked(name, code) or label.code
    return label
