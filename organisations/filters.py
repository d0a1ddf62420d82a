"""What visitors may ask for. Everything stands in the query string; what nobody can know is passed over."""

from dataclasses import dataclass

from django import forms
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_filters import Filter, FilterSet

from engagement import times
from engagement.models import City, Field, Language
from engagement.places import find_cities, find_places, fold

from .models import NeededLanguage, Opportunity
from .searching import about

DISTANCES = [(2, _("up to 2 km")), (5, _("up to 5 km")), (15, _("up to 15 km"))]
FARTHEST = 15


def slots(days, parts):
    return [times.slot(day, part) for day in days for part in parts]


# Code, label, and which opportunities are meant. Times that are not known yet are a choice of their own.
TIMES = [
    ("day", _("Monday to Friday, in the daytime"), Q(times__overlap=slots(range(5), [0, 1]))),
    ("evening", _("Monday to Friday, in the evening"), Q(times__overlap=slots(range(5), [2]))),
    ("saturday", _("Saturday"), Q(times__overlap=slots([5], range(3)))),
    ("sunday", _("Sunday"), Q(times__overlap=slots([6], range(3)))),
    ("once", _("only once"), Q(frequency=Opportunity.Frequency.ONCE)),
    ("open", _("still to be arranged"), Q(times=[])),
]


def german_suffices(level):
    """An unknown need is no obstacle: one can ask."""
    return Q(german_needed__lte=level) | Q(german_needed=None)


@dataclass(frozen=True)
class Spot:
    """Where a visitor looks: a whole town, or the surroundings of a point."""

    name: str
    city: City
    latitude: float | None = None
    longitude: float | None = None


class PlaceField(forms.CharField):
    """A town, a neighbourhood or a postcode, as people write it."""

    def clean(self, value):
        text = super().clean(value)
        return find_spot(text) if text else None


def find_spot(text):
    cities = find_cities(text)
    if len(cities) == 1 and fold(cities[0].name) == fold(text):
        return Spot(cities[0].name, cities[0])
    places = find_places(text, limit=5)
    if len(places) == 1:
        place = places[0]
        return Spot(str(place), place.city, place.latitude, place.longitude)
    if len(cities) == 1 and not places:
        return Spot(cities[0].name, cities[0])
    if places:
        raise forms.ValidationError(_("There are several such places. Which one do you mean?"))
    raise forms.ValidationError(_("We do not know this place. Please write a town, a neighbourhood or a postcode."))


class KnownChoices(forms.MultipleChoiceField):
    """Choices out of an address somebody may have changed: those nobody knows are left out, the others hold."""

    def clean(self, value):
        return [choice for choice in self.to_python(value) if self.valid_value(choice)]


def codes(model):
    return lambda: [(term.code, term) for term in model.objects.in_use()]


class Question(Filter):
    """A filter with one of Django's own fields, answered by a method of the set."""

    def __init__(self, field_class, method, **kwargs):
        self.field_class = field_class
        super().__init__(method=method, **kwargs)


class OpportunityFilter(FilterSet):
    text = Question(forms.CharField, "by_text", label=_("Search for a word"), max_length=100)
    place = Question(PlaceField, "by_place", label=_("Town, neighbourhood or postcode"), max_length=100)
    distance = Question(
        forms.TypedChoiceField,
        "by_nothing",
        label=_("How far do you go?"),
        choices=DISTANCES,
        coerce=int,
        empty_value=None,
    )
    remote = Question(forms.BooleanField, "by_remote", label=_("from home"))
    time = Question(
        KnownChoices,
        "by_time",
        label=_("When do you have time?"),
        choices=[(code, label) for code, label, _condition in TIMES],
    )
    field = Question(KnownChoices, "by_field", label=_("What do you like to do?"), choices=codes(Field))
    german = Question(
        forms.TypedChoiceField,
        "by_german",
        label=_("How good is your German?"),
        choices=Opportunity.GermanNeeded.choices,
        coerce=int,
        empty_value=None,
    )
    language = Question(
        KnownChoices,
        "by_language",
        label=_("Which other languages do you speak?"),
        choices=codes(Language),
    )

    class Meta:
        model = Opportunity
        fields = []

    @property
    def form(self):
        if not hasattr(self, "_form"):
            for field in super().form.fields.values():
                # The vocabulary is fetched once, however often its words are looked up.
                if hasattr(field, "choices"):
                    field.choices = list(field.choices)
        return self._form

    @cached_property
    def answers(self) -> dict:
        """What is asked for, by name, without empty answers and those that make no sense."""
        self.form.full_clean()
        return {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "", [], False)}

    def filter_queryset(self, queryset, without=None):
        for name, value in self.answers.items():
            if name != without:
                queryset = self.filters[name].filter(queryset, value)
        return queryset

    def all_but(self, name):
        """What would be found if this one question had no answer."""
        return self.filter_queryset(self.queryset.all(), without=name)

    @property
    def spot(self):
        return self.answers.get("place")

    def by_text(self, queryset, name, value):
        return about(queryset, value)

    def by_place(self, queryset, name, spot):
        """Around the place; whoever also likes to help from home gets both."""
        home = "remote" in self.answers
        if spot.latitude is None:
            return queryset.in_city(spot.city, or_from_home=home)
        near = queryset.with_distance(spot.latitude, spot.longitude)
        return near.within(self.answers.get("distance", FARTHEST), spot.city, or_from_home=home)

    def by_nothing(self, queryset, name, value):
        """The distance belongs to the place."""
        return queryset

    def by_remote(self, queryset, name, value):
        return queryset if self.spot else queryset.filter(place=Opportunity.Place.REMOTE)

    def by_time(self, queryset, name, value):
        wanted = Q(pk__in=[])
        for code, _label, condition in TIMES:
            if code in value:
                wanted |= condition
        return queryset.filter(wanted)

    def by_field(self, queryset, name, value):
        return queryset.filter(field__code__in=value)

    def by_german(self, queryset, name, value):
        return queryset.filter(german_suffices(value))

    def by_language(self, queryset, name, value):
        needed = NeededLanguage.objects.filter(language__code__in=value)
        return queryset.filter(pk__in=needed.values("opportunity"))
