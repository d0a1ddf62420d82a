"""One pair as the sentences see it: the facts of both sides, what the rule says of them, and what things are called."""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite

import numpy as np
from django.utils.formats import number_format

from engagement.models import City, Field, Language, Neighbourhood, Proof, Skill

from ..geography import NEIGHBOURHOOD, TOWN, Geography, spot_number
from ..judging import FACTORS, SILENCE, Obstacle, OpenPoint, Weights
from ..packing import CANDIDATE, OPPORTUNITY, CandidateFacts, OpportunityFacts, pack
from ..scoring import Scores, score
from ..vocabulary import Vocabulary

Facts = tuple[OpportunityFacts, CandidateFacts]


class Names:
    """What the numbers in the facts are called, in the active language."""

    def __init__(self, vocabulary: Vocabulary):
        self.hood = vocabulary.geography.hood
        self.languages = self._terms(Language, vocabulary.languages)
        self.skills = self._terms(Skill, vocabulary.skills)
        self.fields = self._terms(Field, vocabulary.fields)
        proofs = {proof.pk: proof.name for proof in Proof.objects.only("code", "names").order_by("-code")}
        self.proofs = {vocabulary.proofs[pk]: name for pk, name in proofs.items()}
        self.spots = self._places(NEIGHBOURHOOD, Neighbourhood) | self._places(TOWN, City)

    @staticmethod
    def _places(kind, model):
        return {spot_number(kind, pk): name for pk, name in model.objects.order_by().values_list("pk", "name")}

    @staticmethod
    def _terms(model, places):
        return {places[term.pk]: term.name for term in model.objects.only("code", "names")}


@dataclass(frozen=True)
class Verdict:
    """What the rule says of one pair: one row of ``Scores``, and the weights by which it was made."""

    points: np.ndarray
    total: float
    obstacles: Obstacle
    open_points: OpenPoint
    km: float
    here: int
    there: int
    relation: int
    weights: Weights

    @classmethod
    def of(cls, scores: Scores, row: int, weights: Weights) -> "Verdict":
        return cls(
            points=scores.points[row],
            total=float(scores.total[row]),
            obstacles=Obstacle(int(scores.obstacles[row])),
            open_points=OpenPoint(int(scores.open_points[row])),
            km=float(scores.km[row]),
            here=int(scores.here[row]),
            there=int(scores.there[row]),
            relation=int(scores.relation[row]),
            weights=weights,
        )

    def best_first(self) -> list[str]:
        """The factors that earned something: one whose weight is 0 is no reason."""
        order = np.argsort(-np.nan_to_num(self.points, nan=-1), kind="stable")
        return [FACTORS[number] for number in order if self.points[number] > 0]

    def beats_silence(self, factor: str) -> bool:
        """Whether the factor earned more than somebody who told nothing would."""
        return bool(self.points[FACTORS.index(factor)] > SILENCE * getattr(self.weights, factor))


@dataclass(frozen=True)
class Pair:
    """``ask`` asks the same rule what it would say if the facts of this pair were others."""

    o: OpportunityFacts
    c: CandidateFacts
    verdict: Verdict
    names: Names
    ask: Callable[[list[Facts]], list[Verdict]]

    @property
    def facts(self) -> Facts:
        return self.o, self.c

    @property
    def is_group(self) -> bool:
        return bool(self.c.organisation)

    def level_of(self, language: int) -> int:
        """The candidate's level, UNTOLD, or 0 for a language that is not named."""
        return dict(self.c.levels).get(language, 0)

    def needed_languages(self, *roles):
        """(language, level needed, role, the candidate's level) of each language needed in one of these roles."""
        for language, needed, role in self.o.needed:
            if role in roles:
                yield self.names.languages[language], needed, role, self.level_of(language)

    def shared_skills(self, of_candidate: frozenset[int]) -> list[str]:
        return [self.names.skills[skill] for skill in sorted((self.o.required | self.o.wanted) & of_candidate)]

    @property
    def is_way_known(self) -> bool:
        """A place whose position nobody knows is infinitely far."""
        return isfinite(self.verdict.km)

    def km(self) -> str:
        km = round(self.verdict.km, 0 if self.verdict.km >= 10 else 1)
        return number_format(km, 0 if km.is_integer() else 1)


def judge(geography: Geography, weights: Weights, pairs: list[Facts]) -> list[Verdict]:
    """What the rule says of facts that nobody need have stored."""
    if not pairs:
        return []
    opportunities, candidates = zip(*pairs, strict=True)
    scores = score(_packed(opportunities, OPPORTUNITY), _packed(candidates, CANDIDATE), geography, weights)
    return [Verdict.of(scores, row, weights) for row in range(len(pairs))]


def _packed(facts, layout) -> np.ndarray:
    return np.frombuffer(b"".join(map(pack, facts)), layout)
