"""The questions of the short finder, and the answers that stand in an address: those that are good, and the others."""

from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.db.models import Exists, OuterRef
from django.forms import CheckboxSelectMultiple, RadioSelect
from django.utils.translation import gettext_lazy as _

from engagement.models import Field, Language, Level
from engagement.places import find_whereabouts
from engagement.templatetags.house import term as named
from engagement.times import SLOTS
from organisations.facts import picture_of
from organisations.filters import APPENDED, LONGEST_NAMED, MOST_NAMED, KnownChoice, KnownChoices, the_place
from organisations.filters import TIMES as TIMES_ON_BOARD
from organisations.models import NeededLanguage, Opportunity
from volunteers.models import Reach

from .vocabulary import GERMAN

TIME_PICTURES = {"day": "sun", "evening": "moon", "saturday": "week", "sunday": "week"}
# Code and label as on the board, and the slots of the week that are meant.
TIMES = {code: (label, [n for n in SLOTS if slots >> n & 1]) for code, label, slots in TIMES_ON_BOARD if slots}
REACHES = {Reach.ON_FOOT: "walk", Reach.BICYCLE: "bike", Reach.TRAM: "tram", Reach.CITY: "place", Reach.REGION: "go"}
LEVELS = [Level.A1, Level.A2, Level.B1, Level.B2, Level.C1, Level.NATIVE]
MOST_PLACES = 5


@dataclass(frozen=True)
class Question:
    """``names`` are the fields that it asks for, ``unanswered`` is what goes without saying."""

    title: str
    picture: str
    names: tuple[str, ...]
    unanswered: str


QUESTIONS = [
    Question(_("Where?"), "place", ("place", "reach"), _("everywhere")),
    Question(_("When?"), "clock", ("time",), _("any time")),
    Question(_("What?"), "leaf", ("field",), _("everything")),
    Question(_("Which languages?"), "talk", ("german", "language"), _("any language")),
]


@dataclass(frozen=True)
class Option:
    """One answer to choose, with its picture; ``term`` is the word of the vocabulary that it stands for, if any."""

    value: str
    label: str
    picture: str = ""
    term: Field | Language | None = None


class HomeField(forms.CharField):
    """A town, a neighbourhood or a postcode, as people write it."""

    def clean(self, value):
        text = super().clean(value)
        return the_place(text) if text else None


class Answers(forms.Form):
    """Every answer may be missing. ``told`` has those that are good, each as a list."""

    place = HomeField(label=_("Where do you live?"), max_length=100)
    reach = KnownChoice(label=_("How far do you go?"), widget=RadioSelect)
    time = KnownChoices(label=_("When do you have time?"), widget=CheckboxSelectMultiple)
    field = KnownChoices(label=_("What do you like to do?"), widget=CheckboxSelectMultiple)
    german = KnownChoice(label=_("How good is your German?"), widget=RadioSelect)
    language = KnownChoices(label=_("Which other languages do you speak very well?"), widget=CheckboxSelectMultiple)

    def __init__(self, query):
        super().__init__(query)
        self.offered = {
            "place": [],
            "reach": [Option(str(reach.value), reach.label, picture) for reach, picture in REACHES.items()],
            "time": [Option(code, label, TIME_PICTURES[code]) for code, (label, _slots) in TIMES.items()],
            "field": fields(),
            "german": [Option(str(level.value), level.label, f"level-{step}") for step, level in enumerate(LEVELS, 1)],
            "language": languages(),
        }
        for name, field in self.fields.items():
            field.required = False
            if self.offered[name]:
                field.choices = [(option.value, option.label) for option in self.offered[name]]

    @cached_property
    def told(self) -> dict[str, list]:
        self.full_clean()
        answers = {name: value for name, value in self.cleaned_data.items() if value}
        return {name: value if isinstance(value, list) else [value] for name, value in answers.items()}

    def options(self, name) -> list[Option]:
        """What may be chosen: of the vocabulary only what opportunities ask for now, and what is chosen already."""
        chosen = self.chosen(name)
        return [one for one in self.offered[name] if one.term is None or one.term.is_asked or one in chosen]

    def chosen(self, name, told=None) -> list[Option]:
        """The options of one question that are among the answers ``told``, the present ones if none are given."""
        values = (self.told if told is None else told).get(name, [])
        return [option for option in self.offered[name] if option.value in values]

    def words(self, name) -> list[str]:
        """The answers to one question in words."""
        return list(map(str, self.told.get(name, []))) if name == "place" else [one.label for one in self.chosen(name)]

    def written(self, *names) -> list[tuple[str, str]]:
        """The answers to some questions, as they stand in an address."""
        return [(name, str(value)) for name in names for value in self.told.get(name, [])]

    @property
    def places_meant(self) -> list[str]:
        """Where somebody may live who wrote something that is not clear."""
        if "place" not in self.errors:
            return []
        return list(map(str, find_whereabouts(self.data.get("place", ""), MOST_PLACES)))

    @cached_property
    def not_understood(self) -> list[str]:
        """Values and names that say nothing to us. What is wrong with a place stands beside its field."""
        strange = [value for name, values in self.data.lists() for value in self._strange(name, values)]
        return [value[:LONGEST_NAMED] for value in dict.fromkeys(strange)][:MOST_NAMED]

    def _strange(self, name, values):
        if name not in self.fields:
            return [] if name == "step" or APPENDED.match(name) else [name]
        is_known = getattr(self.fields[name], "valid_value", bool)
        return [value for value in values if value and not is_known(value)]


def fields() -> list[Option]:
    hanging = Opportunity.objects.open().filter(field=OuterRef("pk"))
    terms = Field.objects.in_use().annotate(is_asked=Exists(hanging))
    return [Option(term.code, named(term), picture_of(term), term) for term in terms]


def languages() -> list[Option]:
    asked = NeededLanguage.objects.filter(language=OuterRef("pk"), opportunity__in=Opportunity.objects.open())
    terms = Language.objects.in_use().exclude(code=GERMAN).annotate(is_asked=Exists(asked))
    return [Option(term.code, named(term), "", term) for term in terms]
