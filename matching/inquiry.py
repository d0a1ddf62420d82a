"""Why, or why not? Staff choose any candidate and any opportunity that they may see, and read what the rule says."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagement.admin import Choice
from engagement.keys import key_in
from engagement.scope import visible
from organisations.models import Opportunity, Organisation
from volunteers import consents
from volunteers.models import Consent, Volunteer

from .desk import Card, find_subject
from .explaining import Details
from .judging import FACTORS
from .models import Match, Suggestion

SELF_ORGANISATION = gettext_lazy("Please choose a self-organisation.")


class PairForm(forms.Form):
    """Both sides, each with a search; the address keeps them, so that a page can be sent to a colleague."""

    def __init__(self, query, *, user):
        numbers = {name: value for name, value in query.items() if key_in(value)}
        is_asked = "opportunity" in query and ("volunteer" in query or "organisation" in query)
        super().__init__(numbers if is_asked else None, initial=numbers)
        self.add_choice("opportunity", visible(Opportunity.objects.prefetch_related("texts"), user))
        # Those whom the reader knows by name or meets in the queue.
        suggested = Q(pk__in=visible(Suggestion.objects.all(), user).values("volunteer"))
        known = Q(pk__in=visible(Volunteer.objects.all(), user).values("pk"))
        self.add_choice("volunteer", Volunteer.objects.filter(known | suggested))
        groups = visible(Organisation.objects.self_organisations(), user)
        self.add_choice("organisation", groups, error_messages={"invalid_choice": SELF_ORGANISATION})

    def add_choice(self, name, queryset, **options):
        relation = Match._meta.get_field(name)
        label, widget = capfirst(relation.verbose_name), Choice(relation, admin.site)
        self.fields[name] = forms.ModelChoiceField(queryset, label=label, required=False, widget=widget, **options)

    def clean(self):
        chosen = {name for name, row in self.cleaned_data.items() if row}
        if not self.errors and chosen not in ({"opportunity", "volunteer"}, {"opportunity", "organisation"}):
            raise ValidationError(_("Please choose an opportunity, and either a volunteer or a self-organisation."))

    @property
    def candidate(self) -> Volunteer | Organisation:
        return self.cleaned_data["volunteer"] or self.cleaned_data["organisation"]


def answer(card: Card) -> str:
    """Whether the pair is suggested, in one sentence."""
    subject = find_subject(card.subject.opportunity, card.key)
    if isinstance(subject, Match):
        return _("Somebody has decided: %(state)s.") % {"state": subject.get_state_display()}
    if subject:
        return _("This pair is suggested.")
    if card.subject.volunteer and not consents.has(card.subject.volunteer, Consent.Purpose.PROFILE):
        return _("Not suggested: the person has not agreed to suggestions.")
    if card.explanation.obstacles or not card.weights:
        return _("Not suggested: something is in the way.")
    if card.explanation.remedies:
        return _("Not suggested: it fits too little.")
    return _("It fits. It is not in the lists because others fit better at the moment.")


def factors(card: Card, details: Details) -> list[tuple[dict, list[str]]]:
    """Each factor with its points and what the rule sees there."""
    rows = zip(FACTORS, card.bars, strict=True) if card.bars else []
    return [(bar, details.factors.get(factor, [])) for factor, bar in rows]
