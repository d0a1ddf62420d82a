"""The board as a visitor sees it: the notices found, the choices with their numbers, and the ways on."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, F, Q
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagement.languages import marked, pick
from engagement.models import Language, Neighbourhood
from engagement.places import find_places

from .filters import DISTANCES, FARTHEST, TIMES, OpportunityFilter, Spot, german_suffices
from .models import Opportunity

ORDERS = {
    "for_you": gettext_lazy("First: for you"),
    "near": gettext_lazy("First: near to you"),
    "new": gettext_lazy("First: the newest"),
}


class Stranger:
    """Somebody who looks at the board, and of whom nothing is known.

    ``is_known``: whether it can be said what suits them; ``favourites()``: the keys of the opportunities that do, the
    best first; ``home``: where they live, as (latitude, longitude), or None.
    """

    is_known = False
    home = None

    def favourites(self):
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

    def __init__(self, data, reader=None):
        self.reader = reader or Stranger()
        self.asked_order = data.get("order")
        self.filter = OpportunityFilter(without_nulls(data), queryset=Opportunity.objects.open())
        self.form = self.filter.form
        self.answers = self.filter.answers

    @cached_property
    def results(self):
        """The notices with their facts, in the order that was asked for."""
        notices = self.found.with_facts()
        return InOrder(notices, self.favourites_first()) if self.order == "for_you" else notices

    @cached_property
    def found(self):
        """The nearest first where that is asked, else the newest first; the key decides between equals."""
        order = [F("published_at").desc(nulls_last=True), "-pk"]
        if self.order != "near":
            return self.filter.qs.order_by(*order)
        # A search around a place has its distances already.
        notices = self.filter.qs if self.point else self.filter.qs.with_distance(*self.reader.home)
        return notices.order_by(F("distance").asc(nulls_last=True), *order)

    def favourites_first(self):
        """The keys of all that was found. What does not suit the reader, or is not known to, follows, never hidden."""
        places = {pk: place for place, pk in enumerate(self.reader.favourites())}
        return sorted(self.found.values_list("pk", flat=True), key=lambda pk: places.get(pk, len(places)))

    # --- The order ----------------------------------------------------------------------------------------------------
    @cached_property
    def order(self):
        """The one that was asked for, if it can be had.

        Else the nearest first for whoever names a place; for whoever told us about themselves, what suits them and
        still needs somebody, or else all who scroll little would go to the same few notices.
        """
        if self.asked_order in self.possible_orders:
            return self.asked_order
        return "near" if self.point else self.possible_orders[0 if self.reader.is_known else -1]

    @cached_property
    def possible_orders(self):
        is_possible = {"for_you": self.reader.is_known, "near": bool(self.point or self.reader.home), "new": True}
        return [name for name in ORDERS if is_possible[name]]

    @property
    def point(self):
        """Where the visitor looks, unless that is a whole town."""
        spot = self.filter.spot
        return spot if spot and spot.latitude is not None else None

    @cached_property
    def orders(self):
        return [
            Way(str(ORDERS[name]), self.query(order=name), chosen=name == self.order) for name in self.possible_orders
        ]

    # --- The query string ---------------------------------------------------------------------------------------------
    def query(self, **changes):
        """The query string of this search with other answers; an answer of None leaves the question out."""
        data = QueryDict(mutable=True)
        order = changes.pop("order", self.asked_order)
        if order in ORDERS:
            data["order"] = order
        for name, value in {**self.answers, **changes}.items():
            if value not in (None, []):
                data.setlist(
                    name, [self.written(name, part) for part in (value if isinstance(value, list) else [value])]
                )
        return data.urlencode()

    def written(self, name, value):
        return {"place": lambda spot: spot.name, "remote": lambda _: "on"}.get(name, str)(value)

    # --- Active answers -----------------------------------------------------------------------------------------------
    @cached_property
    def chips(self):
        """Every active answer as a link to the search without it."""
        return [Way(label, self.query(**{name: rest})) for name, label, rest in self.parts()]

    def parts(self):
        for name, value in self.answers.items():
            values = value if isinstance(value, list) else [value]
            for one in values:
                rest = [other for other in values if other != one] if isinstance(value, list) else None
                if not (name == "distance" and not self.filter.spot):
                    yield name, self.label_of(name, one), rest

    def label_of(self, name, value):
        if name == "text":
            return _("“%(text)s”") % {"text": value}
        if name == "place":
            return value.name
        if name == "remote":
            return _("from home")
        label = dict(self.form.fields[name].choices)[value]
        if name == "german":
            return _("German: %(level)s") % {"level": label}
        return named(label)

    def answer(self, *names):
        """The present answers to some questions, as short words."""
        return [label for name, label, _rest in self.parts() if name in names]

    @property
    def where(self):
        spot = self.filter.spot
        default = [dict(DISTANCES)[FARTHEST]] if spot and spot.latitude and "distance" not in self.answers else []
        return self.answer("place", "distance", "remote") + default

    @property
    def when(self):
        return self.answer("time")

    @property
    def what(self):
        return self.answer("text", "field")

    @property
    def languages(self):
        return self.answer("german", "language")

    # --- Choices with their numbers: those without results are left out -----------------------------------------------
    @cached_property
    def fields(self):
        return self.counted("field", "field__code")

    @cached_property
    def tongues(self):
        """The languages that notices ask for, with the name that their speakers know."""
        choices = self.counted("language", "needed_languages__language__code")
        autonyms = {term.code: term for term in Language.objects.filter(code__in=[c.value for c in choices])}
        for choice in choices:
            choice.autonym = marked(autonyms[choice.value].autonym, choice.value)
        return choices

    def counted(self, name, path):
        rows = self.filter.all_but(name).order_by().values_list(path).annotate(Count("pk", distinct=True))
        return self.choices(name, dict(rows))

    @cached_property
    def levels(self):
        counts = {
            level: Count("pk", filter=german_suffices(level)) for level, _label in Opportunity.GermanNeeded.choices
        }
        return self.tallied("german", counts)

    @cached_property
    def times(self):
        return self.tallied("time", {code: Count("pk", filter=condition) for code, _label, condition in TIMES})

    @cached_property
    def distances(self):
        """How many there are in each ring; only known once a place is given."""
        spot = self.filter.spot
        if spot is None or spot.latitude is None:
            return self.choices("distance", {value: None for value, _label in DISTANCES})
        rings = self.filter.all_but("place").with_distance(spot.latitude, spot.longitude)
        return self.tallied(
            "distance", {km: Count("pk", filter=Q(distance__lte=km)) for km, _label in DISTANCES}, rings
        )

    def tallied(self, name, counts, queryset=None):
        queryset = self.filter.all_but(name) if queryset is None else queryset
        tally = queryset.order_by().aggregate(**{f"n{value}": count for value, count in counts.items()})
        return self.choices(name, {value: tally[f"n{value}"] for value in counts})

    def choices(self, name, counts):
        chosen = self.answers.get(name, [])
        chosen = chosen if isinstance(chosen, list) else [chosen]
        every = [
            Choice(name, value, named(label), counts.get(value, 0), value in chosen)
            for value, label in self.form.fields[name].choices
        ]
        return [choice for choice in every if choice.count != 0 or choice.chosen]

    # --- The ways on --------------------------------------------------------------------------------------------------
    @cached_property
    def ways_out(self):
        """For a search that found nothing: the searches without one of its answers that find something."""
        ways = [
            Way(
                format_html_join(" · ", "{}", [[label] for label in self.answer(name)]),
                self.query(**{name: None}),
                self.filter.all_but(name).count(),
            )
            for name in self.answers
        ]
        return [way for way in ways if way.count and way.label]

    @cached_property
    def meant(self):
        """The places that somebody may have meant who wrote one that is not clear."""
        if "place" not in self.form.errors:
            return []
        places = find_places(self.form.data.get("place", ""), limit=5)
        return [Way(str(place), self.query(place=Spot(str(place), None))) for place in places]

    @cached_property
    def neighbourhoods(self):
        """Where most of these notices hang, with their numbers."""
        hanging = Opportunity.neighbourhoods.through.objects.filter(
            opportunity__in=self.filter.all_but("place").order_by().values("pk")
        )
        if self.filter.spot:
            hanging = hanging.filter(neighbourhood__city=self.filter.spot.city)
        rows = (
            hanging.values_list("neighbourhood").annotate(number=Count("pk")).order_by("-number", "neighbourhood")[:8]
        )
        places = Neighbourhood.objects.select_related("city").defer("geometry").in_bulk([pk for pk, _number in rows])
        return [Way(str(places[pk]), self.query(place=Spot(str(places[pk]), None)), number) for pk, number in rows]


class InOrder:
    """Rows in an order that the database does not know: a page of them is fetched when it is cut out."""

    def __init__(self, queryset, keys):
        self.queryset, self.keys = queryset, keys

    def __len__(self):
        return len(self.keys)

    def __getitem__(self, part):
        keys = self.keys[part]
        rows = self.queryset.in_bulk(keys)
        return [rows[key] for key in keys if key in rows]


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
