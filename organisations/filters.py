"""What visitors may ask for. Everything stands in the query string; what nobody can know is passed over, and named."""

import re
from functools import cached_property

import numpy as np
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement import times
from engagement.models import City, Level, Neighbourhood, Postcode
from engagement.places import find_whereabouts

from .board import UNKNOWN, Board
from .models import Opportunity
from .searching import asked_words
from .spots import Spot

RINGS = {"2": 2, "5": 5, "15": 15}
DISTANCES = [
    ("next", _("here and next door")),
    ("2", _("up to 2 km")),
    ("5", _("up to 5 km")),
    ("15", _("up to 15 km")),
    ("city", _("in the whole city")),
]
FARTHEST = "15"


def slots(days, parts):
    return sum(1 << times.slot(day, part) for day in days for part in parts)


# Code, label and the slots that are meant. Times that are not known yet are a choice of their own.
TIMES = [
    ("day", _("Monday to Friday, in the daytime"), slots(range(5), [0, 1])),
    ("evening", _("Monday to Friday, in the evening"), slots(range(5), [2])),
    ("saturday", _("Saturday"), slots([5], range(3))),
    ("sunday", _("Sunday"), slots([6], range(3))),
    ("open", _("still to be arranged"), 0),
]
RHYTHMS = [("once", _("only once")), ("regular", _("regularly"))]
COMPANIES = [("team", _("in a team")), ("alone", _("alone"))]
ORDERS = {
    "for_you": _("First: for you"),
    "near": _("First: near to you"),
    "new": _("First: the newest"),
}
# What others append to a link that is passed on.
APPENDED = re.compile(r"utm_|mtm_|pk_|.*clid$")
LONGEST_NAMED, MOST_NAMED = 40, 5


class PlaceField(forms.CharField):
    """A town, a neighbourhood or a postcode, as people write it; ``find`` says what places that may be."""

    def clean(self, value):
        text = super().clean(value)
        return the_only(self.find(text)) if text else None


def the_place(text: str) -> City | Neighbourhood | Postcode:
    """The one place that somebody means. Raises ValidationError where that is not clear."""
    return the_only(find_whereabouts(text))


def the_only(places):
    if len(places) > 1:
        raise forms.ValidationError(_("There are several such places. Which one do you mean?"))
    if not places:
        raise forms.ValidationError(_("We do not know this place. Please write a town, a neighbourhood or a postcode."))
    return places[0]


class KnownChoices(forms.TypedMultipleChoiceField):
    """Choices out of an address somebody may have changed: those nobody knows are left out, the others hold."""

    def clean(self, value):
        return self._coerce([choice for choice in dict.fromkeys(self.to_python(value)) if self.valid_value(choice)])


class KnownChoice(forms.TypedChoiceField):
    """The same for one choice."""

    def clean(self, value):
        value = self.to_python(value)
        return self._coerce(value) if self.valid_value(value) else self.empty_value


class Tick(KnownChoice):
    """Something that is asked for, or is not."""

    def __init__(self, label):
        super().__init__(label=label, choices=[("on", label)])


class Questions(forms.Form):
    text = forms.CharField(label=_("Search for a word"), max_length=100)
    place = PlaceField(label=_("Town, neighbourhood or postcode"), max_length=100)
    distance = KnownChoice(label=_("How far do you go?"), choices=DISTANCES)
    remote = Tick(_("from home"))
    time = KnownChoices(label=_("When do you have time?"), choices=[(code, label) for code, label, _slots in TIMES])
    slot = KnownChoices(label=_("Exact times"), choices=times.choices, coerce=int)
    rhythm = KnownChoice(label=_("Once or regularly?"), choices=RHYTHMS)
    field = KnownChoices(label=_("What do you like to do?"))
    company = KnownChoice(label=_("With whom?"), choices=COMPANIES)
    trial = Tick(_("with a first visit, to try"))
    certificate = Tick(_("with a certificate at the end"))
    easy = Tick(_("A little German is enough"))
    german = KnownChoice(label=_("My German is:"), choices=Opportunity.GermanNeeded.choices, coerce=int)
    language = KnownChoices(label=_("Which other languages do you speak?"))

    def __init__(self, data, words):
        super().__init__(data)
        for field in self.fields.values():
            field.required = False
        self.fields["place"].find = words.find_spots
        self.fields["field"].choices = words.offered_fields
        self.fields["language"].choices = words.offered_languages

    @cached_property
    def answers(self) -> dict:
        """What is asked for, by name, without empty answers and those that make no sense."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [])}

    @cached_property
    def not_understood(self) -> list[str]:
        """What stands in the address and says nothing to us: values that nobody knows, names that nobody asks for."""
        strange = [part for name, values in self.data.lists() for part in self._strange(name, values)]
        return [part[:LONGEST_NAMED] for part in dict.fromkeys(strange) if part][:MOST_NAMED]

    def _strange(self, name, values):
        known = {"page": str.isdecimal, "order": ORDERS.__contains__}.get(name)
        if name in self.fields:
            known = getattr(self.fields[name], "valid_value", bool)
        if known is None:
            return [] if APPENDED.match(name) else [name]
        return [value for value in values if value and not known(value)]


class OpportunityFilter:
    """Who asks what of the board: a mask over all its notices for each question that is answered."""

    def __init__(self, data, board: Board):
        self.board = board
        self.form = Questions(data, board.words)
        self.answers = self.form.answers
        self.hanging = board.until >= timezone.localdate().toordinal()
        self.masks = {name: getattr(self, f"by_{name}")(value) for name, value in self.answers.items()}

    @cached_property
    def found(self) -> np.ndarray:
        return self.all_but()

    def all_but(self, *names) -> np.ndarray:
        """What would be found if these questions had no answer."""
        masks = [mask for name, mask in self.masks.items() if name not in names]
        return np.logical_and.reduce([self.hanging, *masks])

    @property
    def qs(self):
        return Opportunity.objects.open().filter(pk__in=self.board.key[self.found].tolist())

    # --- Where --------------------------------------------------------------------------------------------------------
    @property
    def spot(self) -> Spot | None:
        return self.answers.get("place")

    @property
    def point(self):
        """Where the visitor looks, unless that is a whole town."""
        spot = self.spot
        return (spot.latitude, spot.longitude) if spot and spot.latitude is not None else None

    @cached_property
    def distances(self) -> np.ndarray:
        return self.board.distances(*self.point)

    @property
    def how_far(self) -> str:
        return self.answers.get("distance", FARTHEST) if self.point else "city"

    def by_place(self, _spot):
        return self.around(self.how_far)

    def around(self, how_far):
        """Around the place, or anywhere in its town; whoever also likes to help from home gets both."""
        board, spot = self.board, self.spot
        somewhere = (board.city == spot.city.pk) & ~self.from_home
        if how_far == "city":
            near = somewhere | board.hoods.having(self.hoods_of(spot.city.pk))
        elif how_far == "next":
            near = board.hoods.having({spot.neighbourhood, *board.words.next_door.get(spot.neighbourhood, ())})
        else:
            near = self.distances <= RINGS[how_far]
        near |= somewhere & board.hoods.is_empty
        return near | self.from_home if "remote" in self.answers else near & ~self.from_home

    def hoods_of(self, city):
        return [key for key, place in self.board.words.hoods.items() if place.city == city]

    @cached_property
    def from_home(self):
        return self.board.place == Opportunity.Place.REMOTE

    def by_distance(self, _how_far):
        """It belongs to the place."""
        return self.hanging

    def by_remote(self, _on):
        return self.hanging if self.spot else self.from_home

    # --- When ---------------------------------------------------------------------------------------------------------
    def by_time(self, codes):
        return np.logical_or.reduce([self.at(slots) for code, _label, slots in TIMES if code in codes])

    def at(self, slots):
        return self.board.slots & slots != 0 if slots else self.board.slots == 0

    def by_slot(self, numbers):
        return self.at(sum(1 << number for number in numbers))

    def by_rhythm(self, code):
        once = self.board.frequency == Opportunity.Frequency.ONCE
        return once if code == "once" else ~once & (self.board.frequency != "")

    # --- What ---------------------------------------------------------------------------------------------------------
    def by_text(self, text):
        """What a text, the field, a skill or the host speaks of: every word, each somewhere."""
        words = asked_words(text)
        return np.logical_and.reduce([self.board.speaking_of(word)[0] for word in words]) if words else self.nothing

    @property
    def nothing(self):
        return np.zeros(self.board.size, bool)

    @property
    def misspelled(self) -> list[str]:
        """Words that nobody uses, and that were read as similar ones."""
        return [word for word in asked_words(self.answers.get("text", "")) if self.board.speaking_of(word)[1]]

    def by_field(self, codes):
        return np.isin(self.board.field, [key for key, term in self.board.words.fields.items() if term.code in codes])

    def by_company(self, code):
        return self.board.is_in_team == (code == "team")

    def by_trial(self, _on):
        return self.board.has_trial_visit == 1

    def by_certificate(self, _on):
        return self.board.gives_certificate == 1

    # --- Which languages ----------------------------------------------------------------------------------------------
    def by_easy(self, _on):
        """Only where it is known that a little is enough."""
        return (self.board.german != UNKNOWN) & (self.board.german <= Level.A2)

    def by_german(self, level):
        """An unknown need is no obstacle: one can ask."""
        return self.board.german <= level

    def by_language(self, codes):
        terms = self.board.words.languages.items()
        return self.board.languages.having([key for key, term in terms if term.code in codes])
