"""What the desk sees of candidates before it decides: words, points, times, load, and a form for each decision."""

from dataclasses import dataclass, field
from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagement import times
from engagement.keys import key_in, key_of
from organisations.models import Opportunity, Organisation
from volunteers.models import Volunteer

from .answers import answers_to
from .doings import Doings, doings_of
from .explaining import Explanation, explain, explain_all
from .judging import FACTORS, Weights
from .models import Match, Rule, Suggestion
from .ranking import PATIENCE_DAYS, POINTS_A_DAY
from .refusals import AlreadyDecided, AnswerMissing, NoSuchStep
from .transitions import NEW, TRANSITIONS, Transition

BAR = 120
# What the page proposes, so that one key is enough.
PARKED_FOR = timedelta(weeks=4)


class DecisionForm(forms.Form):
    """What one step of the table asks for, and a note."""

    def __init__(self, step: Transition, data=None, *, key: str = "all", opportunity: Opportunity | None = None):
        super().__init__(data, auto_id=f"{key}-{step.to_state}-%s", use_required_attribute=False)
        self.step = step
        if step.asks == "reason":
            self.fields["reason"] = forms.ChoiceField(
                label=_("Why does it not fit?"), choices=Match.Reason.choices, widget=forms.RadioSelect
            )
        if step.asks == "until":
            today = timezone.localdate()
            tomorrow = today + timedelta(days=1)
            self.fields["until"] = day_field(_("Until when?"), initial=today + PARKED_FOR, min=tomorrow.isoformat())
        if step.asks == "trial":
            self.fields["trial_on"] = day_field(_("When is the trial visit?"))
        if step.asks == "agreement":
            self.ask_for_agreement(opportunity)
        if step.asks == "ending":
            self.ask_for_ending()
        self.fields["note"] = forms.CharField(
            label=_("Note"), max_length=1000, required=False, widget=forms.Textarea({"rows": 2})
        )

    def ask_for_agreement(self, opportunity: Opportunity | None):
        """What the opportunity says already need not be typed again."""
        hours, name = (opportunity.hours_per_week, opportunity.contact_name) if opportunity else (None, "")
        contact = Match._meta.get_field("contact_name")
        self.fields["begins_on"] = day_field(_("When does it begin?"), initial=timezone.localdate())
        self.fields["hours_per_week"] = forms.IntegerField(
            label=_("Hours a week"), min_value=1, max_value=60, required=False, initial=hours
        )
        self.fields["contact_name"] = forms.CharField(
            label=capfirst(contact.verbose_name), max_length=contact.max_length, initial=name
        )
        self.fields["ends_on"] = day_field(_("Planned end"), required=False)

    def ask_for_ending(self):
        self.fields["reason"] = forms.ChoiceField(
            label=_("Why does it end?"), choices=Match.Ending.choices, widget=forms.RadioSelect
        )
        self.fields["is_thanked"] = forms.BooleanField(label=_("We have said thank you."), required=False)

    def clean(self):
        """The same rule as the step's, said beside the field."""
        cleaned = super().clean()
        if not self.errors:
            try:
                answers_to(self.step.asks, cleaned, timezone.localdate())
            except AnswerMissing as refusal:
                self.add_error(refusal.field, str(refusal))
        return cleaned


def day_field(label: str, *, required: bool = True, initial=None, **attributes) -> forms.DateField:
    """A day, picked with what the browser has for it."""
    picker = forms.DateInput({"type": "date", **attributes}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=picker, required=required, initial=initial)


@dataclass
class Card:
    """A pair that waits for a decision: a suggestion, or a match that was parked until today.

    ``key`` names it on its page: the candidate on the page of an opportunity, the opportunity on that of a candidate.
    """

    key: str
    subject: Suggestion | Match
    explanation: Explanation
    doings: Doings
    # Those it was scored with; a match carries no points.
    weights: Weights | None
    # For how many weeks at least somebody has waited who stands higher for it; 0 for all others.
    weeks: int = 0
    forms: list[DecisionForm] = field(default_factory=list)

    @property
    def load(self) -> int:
        return self.doings.load

    @property
    def is_group(self) -> bool:
        return self.subject.organisation_id is not None

    @property
    def state(self) -> str:
        return state_of(self.subject)

    @property
    def bars(self) -> list[dict]:
        """Points of each factor and the width of its bar."""
        return bars(self.subject, self.weights) if self.weights else []

    @property
    def week(self) -> list[tuple]:
        return week(self.subject.opportunity, self.subject.candidate)


def cards(
    subjects: dict[str, Suggestion | Match],
    doings: dict[str, Doings],
    unfinished: tuple[str, DecisionForm] | None = None,
) -> list[Card]:
    """The cards of these pairs, by their keys and in their order, with a form for each step that staff may take.

    ``doings`` are those of the candidates. ``unfinished`` is the key of a card and a form that is shown again as it was
    filled in.
    """
    pairs = list(subjects.values())
    explanations = explain_all([(subject.opportunity, subject.candidate) for subject in pairs])
    weights = weights_of(pairs)
    return [
        Card(
            key,
            subject,
            explanation,
            doings[key_of(subject.candidate)],
            weights[subject],
            forms=forms_for(state_of(subject), key, unfinished),
        )
        for (key, subject), explanation in zip(subjects.items(), explanations, strict=True)
    ]


def card_of(opportunity: Opportunity, candidate: Volunteer | Organisation, user) -> Card:
    """The card of any pair, with points by the rule in force, and without a decision to take."""
    explanation = explain(opportunity, candidate)
    kind = "volunteer" if isinstance(candidate, Volunteer) else "organisation"
    subject = Suggestion(opportunity=opportunity, score=explanation.total, **{kind: candidate}, **explanation.points)
    key = key_of(candidate)
    return Card(key, subject, explanation, doings_of([candidate], user)[key], explanation.weights)


def weeks_waiting(subject: Suggestion | Match, behind: list) -> int:
    """For how many weeks somebody has waited at least whom that has put before somebody else; 0 if it has not."""
    fits = [other.score for other in behind if isinstance(other, Suggestion)]
    if isinstance(subject, Match) or subject.score >= max(fits, default=0):
        return 0
    return round(PATIENCE_DAYS + (subject.standing - subject.score) / POINTS_A_DAY) // 7


def forms_for(
    state: str, key: str, unfinished: tuple[str, DecisionForm] | None = None, opportunity: Opportunity | None = None
) -> list[DecisionForm]:
    """A form for each step that staff may take from ``state``."""
    steps = [step for step in TRANSITIONS if (step.from_state, step.side) == (state, Match.Side.STAFF)]
    fresh = [DecisionForm(step, key=key, opportunity=opportunity) for step in steps]
    if unfinished and unfinished[0] == key:
        return [unfinished[1] if form.step == unfinished[1].step else form for form in fresh]
    return fresh


def weights_of(subjects: list) -> dict[Suggestion | Match, Weights | None]:
    """Those that each suggestion was scored with; None for a match."""
    versions = {subject: getattr(subject, "rule_version", None) for subject in subjects}
    weights = Rule.objects.weights_of(set(versions.values()) - {None})
    return {subject: weights.get(version) for subject, version in versions.items()}


def state_of(subject: Suggestion | Match) -> str:
    return subject.state if isinstance(subject, Match) else NEW


def check_seen(subject: Suggestion | Match, seen: str) -> None:
    """``seen`` is the state that the page showed. Raises AlreadyDecided, if somebody has changed it meanwhile."""
    if state_of(subject) == seen:
        return
    raise AlreadyDecided(subject) if isinstance(subject, Match) else NoSuchStep


def find_subject(opportunity: Opportunity, key: str) -> Suggestion | Match | None:
    """What there is of the candidate ``key``: the match, once somebody has decided, or else the suggestion."""
    kind, _dash, number = key.partition("-")
    pk = key_in(number)
    if kind not in ("volunteer", "organisation") or pk is None:
        return None
    pair = {"opportunity": opportunity, f"{kind}_id": pk}
    return Match.objects.decided().filter(**pair).first() or Suggestion.objects.filter(**pair).first()


def bars(suggestion: Suggestion, weights: Weights) -> list[dict]:
    rows = []
    for factor in FACTORS:
        points, weight = getattr(suggestion, factor), getattr(weights, factor)
        rows.append(
            {
                "label": Suggestion._meta.get_field(factor).verbose_name,
                "points": points,
                "weight": weight,
                "width": round(BAR * points / weight) if points else 0,
            }
        )
    return rows


BOTH, WANTED, FREE = "both want", "want", "has"
SIGNS = {BOTH: "✓", WANTED: "", FREE: "•", "": ""}
MEANINGS = {BOTH: gettext_lazy("in common"), WANTED: gettext_lazy("needed"), FREE: gettext_lazy("has time"), "": "–"}


def week(opportunity: Opportunity, candidate: Volunteer | Organisation) -> list[tuple]:
    """Seven days by three parts: for each part its name and the cells, as (class, sign, meaning)."""
    needed, free = set(opportunity.times), set(candidate.times)
    rows = []
    for part, name in enumerate(times.PARTS):
        slots = [times.slot(day, part) for day in times.DAYS]
        kinds = [kind_of(slot in needed, slot in free) for slot in slots]
        rows.append((name, [(kind, SIGNS[kind], MEANINGS[kind]) for kind in kinds]))
    return rows


def kind_of(is_needed: bool, is_free: bool) -> str:
    if is_needed:
        return BOTH if is_free else WANTED
    return FREE if is_free else ""


def days() -> list[str]:
    return [WEEKDAYS_ABBR[day] for day in times.DAYS]
