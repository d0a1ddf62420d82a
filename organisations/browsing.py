"""The board as a visitor sees it: the notices found, the choices with their numbers, and the ways on."""

from dataclasses import dataclass

from django.db.models import Count, F, Q
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from engagement.languages import marked, pick
from engagement.models import Language, Neighbourhood
from engagement.places import find_places

from .filters import DISTANCES, FARTHEST, TIMES, OpportunityFilter, Spot, german_suffices
from .models import Opportunity


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


class Search:
    """One search: made from a query string, asked by the template."""

    def __init__(self, data):
        self.filter = OpportunityFilter(without_nulls(data), queryset=Opportunity.objects.open())
        self.form = self.filter.form
        self.answers = self.filter.answers

    @cached_property
    def results(self):
        """Nearest first where a place is given, else the newest first; the key decides between equals."""
        order = [F("published_at").desc(nulls_last=True), "-pk"]
        spot = self.filter.spot
        if spot and spot.latitude is not None:
            order.insert(0, F("distance").asc(nulls_last=True))
        return self.filter.qs.order_by(*order).with_facts()

    # --- The query string ---------------------------------------------------------------------------------------------
    def query(self, **changes):
        """The query string of this search with other answers; an answer of None leaves the question out."""
        data = QueryDict(mutable=True)
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
