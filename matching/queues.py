"""The two ways through what waits for a decision: one opportunity with its candidates, one candidate with theirs."""

from collections.abc import Iterable

from django.utils.functional import cached_property

from engagement.keys import key_in, key_of
from engagement.scope import visible
from organisations.models import Opportunity, Organisation
from volunteers.models import Volunteer

from . import desk
from .doings import Doings, doings_of
from .models import Match, Suggestion
from .review import named

Subject = Suggestion | Match
# The longest list that a page shows: whoever decides on the best sees the others move up.
LONGEST = 10
OF_OPPORTUNITY = ["field", "host", "city"]


class OpportunityQueue:
    """Whoever waits for a decision on one opportunity, best first; at the end those who were parked until today."""

    # What the forms of its page call a card.
    name = "candidate"

    def __init__(self, opportunity: Opportunity, user):
        self.opportunity, self.user = opportunity, user

    def find(self, key: str) -> Subject | None:
        return desk.find_subject(self.opportunity, key)

    def subjects(self) -> dict[str, Subject]:
        suggestions = self.of(Suggestion.objects.undecided().best_first())
        return {key_of(subject.candidate): subject for subject in [*suggestions, *self.of(Match.objects.returned())]}

    def of(self, rows) -> Iterable[Subject]:
        return rows.filter(opportunity=self.opportunity).select_related("volunteer__neighbourhood", "organisation")[
            :LONGEST
        ]

    def cards(self, unfinished=None) -> list[desk.Card]:
        subjects = with_unfinished(self, unfinished)
        for subject in subjects.values():
            # The same row for all of them, with all that the page needs of it.
            subject.opportunity = self.opportunity
        rows = list(subjects.values())
        cards = desk.cards(subjects, doings_of([subject.candidate for subject in rows], self.user), unfinished)
        for number, card in enumerate(cards):
            card.weeks = desk.weeks_waiting(card.subject, rows[number + 1 :])
        return cards


class CandidateQueue:
    """What waits for a decision about one candidate at the reader's agency, what appeals most first."""

    name = "opportunity"

    def __init__(self, candidate: Volunteer | Organisation, user):
        self.candidate, self.user = candidate, user

    def find(self, key: str) -> Subject | None:
        pk = key_in(key.removeprefix("opportunity-"))
        opportunity = Opportunity.objects.looked_after_by(self.user).filter(pk=pk).first() if pk else None
        return opportunity and desk.find_subject(opportunity, key_of(self.candidate))

    def subjects(self) -> dict[str, Subject]:
        suggestions = self.of(Suggestion.objects.undecided().best_for_candidate())
        return {key_of(subject.opportunity): subject for subject in [*suggestions, *self.of(Match.objects.returned())]}

    def of(self, rows) -> Iterable[Subject]:
        rows = visible(rows, self.user).filter(**named(self.candidate))
        rows = rows.select_related(*(f"opportunity__{name}" for name in OF_OPPORTUNITY))
        return rows.prefetch_related("opportunity__texts", "opportunity__neighbourhoods")[:LONGEST]

    def cards(self, unfinished=None) -> list[desk.Card]:
        subjects = with_unfinished(self, unfinished)
        for subject in subjects.values():
            # The same row for all of them.
            setattr(subject, self.kind, self.candidate)
        return desk.cards(subjects, self.doings, unfinished)

    def neighbours(self) -> tuple[int | None, int | None]:
        """Of whom something waits as well, before and after this candidate, in a steady order."""
        column = f"{self.kind}_id"
        waiting = visible(Suggestion.objects.undecided(), self.user).values_list(column, flat=True)
        before = waiting.filter(**{f"{column}__lt": self.candidate.pk}).order_by(f"-{column}")
        after = waiting.filter(**{f"{column}__gt": self.candidate.pk}).order_by(column)
        return before.first(), after.first()

    @cached_property
    def doings(self) -> dict[str, Doings]:
        return doings_of([self.candidate], self.user)

    @property
    def kind(self) -> str:
        return "volunteer" if isinstance(self.candidate, Volunteer) else "organisation"


def with_unfinished(queue: OpportunityQueue | CandidateQueue, unfinished) -> dict[str, Subject]:
    """What waits; before it, what somebody else has decided while a decision was typed here."""
    subjects = queue.subjects()
    if unfinished and unfinished[0] not in subjects and (subject := queue.find(unfinished[0])):
        return {unfinished[0]: subject, **subjects}
    return subjects
