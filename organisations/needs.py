"""Needs: what those who know a neighbourhood miss there."""

from django import forms
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engagement.models import Field, Neighbourhood

from .models import Need, Organisation


class NeedForm(forms.ModelForm):
    """The neighbourhoods are those of the organisation's town, and those it reaches."""

    class Meta:
        model = Need
        fields = ["neighbourhood", "field", "text"]
        labels = {
            "neighbourhood": _("In which neighbourhood?"),
            "field": _("In which field?"),
            "text": _("What is missing there?"),
        }
        help_texts = {"text": _("Please write no names of people.")}
        widgets = {"text": forms.Textarea({"rows": 4})}

    def __init__(self, organisation: Organisation, data=None):
        super().__init__(data, instance=Need(organisation=organisation))
        here = Q(city=organisation.city) | Q(pk__in=organisation.reached.values("pk"))
        places = Neighbourhood.objects.in_use().filter(here).select_related("city")
        self.fields["neighbourhood"].queryset = places
        self.fields["field"].queryset = Field.objects.in_use()
        for name in ["neighbourhood", "field"]:
            self.fields[name].empty_label = _("Please choose")


@transaction.atomic
def report(need: Need, *, by) -> Need:
    """Store a need; the same one that is still open is not stored twice."""
    Organisation.objects.select_for_update(no_key=True).get(pk=need.organisation_id)
    told = {name: getattr(need, name) for name in ["organisation", "neighbourhood", "field", "text"]}
    open_one, _is_new = Need.objects.get_or_create(**told, is_covered=False, defaults={"reported_by": by})
    return open_one
