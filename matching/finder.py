"""A short finder: four questions, then the five opportunities that suit the answers best. Nothing is stored.

Every answer stands in the query string, so that each page can be kept, passed on and gone back to.
"""

from dataclasses import dataclass
from functools import cached_property
from math import inf
from urllib.parse import urlencode

import numpy as np
from django.forms import BoundField
from django.http import QueryDict

from engagement.models import City, Level, Neighbourhood, Postcode
from organisations.browsing import without_nulls
from organisations.facts import Facts
from organisations.models import Opportunity
from volunteers.models import Reach

from . import vocabulary
from .asking import QUESTIONS, TIMES, Answers, Option, Question
from .explaining import explain_facts
from .fitting import appealing
from .geography import NEIGHBOURHOOD, POSTCODE, TOWN, spot_number
from .judging import OpenPoint, Weights
from .models import Rule
from .packing import CANDIDATE, OPPORTUNITY, CandidateFacts, pack, unpack
from .vocabulary import Stale, Vocabulary

IDEAS = 5
SPOTS = {Neighbourhood: NEIGHBOURHOOD, Postcode: POSTCODE, City: TOWN}
# What somebody speaks who says "very well".
VERY_WELL = Level.C1
# What the finder does not ask is no open point.
UNASKED = OpenPoint.SKILLS | OpenPoint.MOTIVE
# What the board calls it. Whoever goes farther looks there without a limit of their own.
DISTANCES_ON_BOARD = {Reach.ON_FOOT: 2, Reach.BICYCLE: 5, Reach.TRAM: 15, Reach.CITY: 15}
HIGHEST_ON_BOARD = max(Opportunity.GermanNeeded.values)


@dataclass(frozen=True)
class Step:
    """One question on the way: its present answer in words, its page, and the ideas without that answer."""

    number: int
    question: Question
    words: list[str]
    query: str
    without: str


@dataclass(frozen=True)
class Asked:
    """One field of a question, with what may be chosen and what is."""

    field: BoundField
    options: list[Option]
    chosen: list


class Finder:
    """One page of the finder: a question, or after the last of them the ideas."""

    def __init__(self, query: QueryDict):
        self.answers = Answers(without_nulls(query))
        self.told = self.answers.told

    # --- What suits ---------------------------------------------------------------------------------------------------
    @cached_property
    def ideas(self) -> list[Facts]:
        """The notices that appeal most, the best first, each with its ``explanation``."""
        try:
            return list(self.notices())
        except Stale:
            # The words have just changed; until all records are made anew nobody can tell what suits whom.
            return []

    def notices(self):
        found, appeal = self.suiting(self.facts)
        best = found[np.argsort(-appeal, kind="stable")[:IDEAS]]
        rows = Opportunity.objects.open().with_facts().in_bulk(best["pk"].tolist())
        offered = [unpack(record.tobytes(), OPPORTUNITY) for record in best if record["pk"] in rows]
        pairs = [(opportunity, self.facts) for opportunity in offered]
        explanations = explain_facts(pairs, self.words, self.weights, unasked=UNASKED)
        for opportunity, explanation in zip(offered, explanations, strict=True):
            facts = Facts(rows[opportunity.pk])
            facts.explanation = explanation.short()
            yield facts

    @cached_property
    def ways_out(self) -> list[tuple[Step, int]]:
        """Where nothing suits: the questions without whose answers something does, and how much."""
        answered = [step for step in self.steps if step.words]
        try:
            counted = [(step, self.number_without(step.question.names)) for step in answered]
        except Stale:
            return []
        return [(step, count) for step, count in counted if count]

    def number_without(self, names) -> int:
        told = {name: values for name, values in self.told.items() if name not in names}
        return len(self.suiting(self.facts_of(told))[0])

    def suiting(self, facts: CandidateFacts):
        candidate = np.frombuffer(pack(facts), CANDIDATE)
        return appealing(candidate, self.words.reach(facts.spots, facts.reach), self.words, self.weights)

    @cached_property
    def facts(self) -> CandidateFacts:
        return self.facts_of(self.told)

    def facts_of(self, told) -> CandidateFacts:
        """What the rule may know of somebody: the answers, and nothing else."""
        words, german = self.words, int(told.get("german", [0])[0])
        spoken = {words.languages[one.term.pk]: int(VERY_WELL) for one in self.answers.chosen("language", told)}
        if german and words.german:
            spoken[words.languages[words.german]] = german
        return CandidateFacts(
            german=german,
            reach=float(told.get("reach", [inf])[0]),
            times=frozenset(slot for code in told.get("time", []) for slot in TIMES[code][1]),
            fields=frozenset(words.fields[one.term.pk] for one in self.answers.chosen("field", told)),
            levels=tuple(sorted(spoken.items())),
            spots=tuple(spot_number(SPOTS[type(place)], place.pk) for place in told.get("place", [])),
        )

    @cached_property
    def words(self) -> Vocabulary:
        return vocabulary.current()

    @cached_property
    def weights(self) -> Weights:
        return Rule.objects.in_force()

    # --- The way through the questions --------------------------------------------------------------------------------
    @cached_property
    def number(self) -> int:
        """Of the question that is asked now; one more than there are for the ideas. A place that is not clear comes
        first."""
        asked = self.answers.data.get("step", "")
        numbers = {str(number): number for number in range(1, self.last + 2)}
        return 1 if "place" in self.answers.errors else numbers.get(asked, 1)

    @property
    def last(self) -> int:
        return len(QUESTIONS)

    @property
    def is_done(self) -> bool:
        return self.number > self.last

    @cached_property
    def steps(self) -> list[Step]:
        return [self.step(number, question) for number, question in enumerate(QUESTIONS, 1)]

    def step(self, number: int, question: Question) -> Step:
        words = [word for name in question.names for word in self.answers.words(name)]
        return Step(number, question, words, self.query(number), self.query(self.last + 1, *question.names))

    @property
    def now(self) -> Step:
        return self.steps[self.number - 1]

    def query(self, number: int, *without: str) -> str:
        """The query string of a step with the present answers, but for some."""
        data = QueryDict(mutable=True)
        for name, value in self.answers.written(*(name for name in self.told if name not in without)):
            data.appendlist(name, value)
        data["step"] = str(number)
        return data.urlencode()

    @property
    def skip(self) -> str:
        return self.query(self.number + 1, *self.now.question.names)

    @property
    def back(self) -> str:
        return self.query(self.number - 1) if self.number > 1 else ""

    @property
    def end(self) -> str:
        return self.query(self.last + 1)

    @property
    def asked(self) -> list[Asked]:
        """The fields of the present question."""
        names = self.now.question.names
        return [Asked(self.answers[name], self.answers.options(name), self.told.get(name, [])) for name in names]

    @property
    def others(self) -> list[tuple[str, str]]:
        """The answers to the other questions, for the form of this one."""
        return self.answers.written(*(name for name in self.told if name not in self.now.question.names))

    @property
    def meant(self) -> list[tuple[str, str]]:
        """The places that somebody may have meant, each with the page that has understood it."""
        places = self.answers.places_meant
        return [(place, self.query(1) + "&" + urlencode({"place": place})) for place in places]

    @property
    def on_board(self) -> str:
        """The query string of all notices for these answers. There one asks for languages that a task needs, and not
        for those that somebody speaks."""
        data = QueryDict(mutable=True)
        for name, value in self.answers.written("place", "time", "field"):
            data.appendlist(name, value)
        for reach in self.told.get("reach", []):
            data["distance"] = DISTANCES_ON_BOARD.get(int(reach), "")
        for level in self.told.get("german", []):
            data["german"] = min(int(level), HIGHEST_ON_BOARD)
        return data.urlencode()
