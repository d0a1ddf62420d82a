"""The forms of organisations and opportunities: one base for the site and for the admin."""

from itertools import groupby

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engagement.forms import TimesField
from engagement.models import Field, Neighbourhood, Proof, Skill
from engagement.places import find_cities, find_place, find_places

from .days import settle_day
from .models import Opportunity, Organisation
from .posting import obstacles
from .texts import TextsForm


class OpportunityForm(TextsForm):
    """Everything that an opportunity says about itself. Whatever is left empty is not known yet."""

    times = TimesField(label=_("Times"), required=False)

    class Meta:
        model = Opportunity
        fields = [
            "host",
            "status",
            "field",
            "place",
            "city",
            "neighbourhoods",
            "meeting_point",
            "german_needed",
            "skills_required",
            "skills_wanted",
            "proofs",
            "min_age",
            "only_for",
            "only_for_reason",
            "times",
            "frequency",
            "hours_per_week",
            "minimum_weeks",
            "places",
            "day",
            "begins_at",
            "ends_at",
            "valid_until",
            "has_trial_visit",
            "is_in_team",
            "is_accompanied",
            "gives_certificate",
            "serves_newcomers",
            "reimbursement",
            "insured_by",
            "contact_name",
            "contact_phone",
            "coordinator",
        ]
        help_texts = {
            "min_age": _("Leave it empty if it is not known yet."),
            "places": _("How many people can take part? Leave it empty if it is not known yet."),
            "only_for_reason": _("People see this reason. Example: a protected room for women."),
            "day": _("Only for something that happens once."),
            "valid_until": _("After this day the opportunity is no longer shown."),
            "contact_phone": _("Everybody can see this number."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # A field that the admin shows to somebody who may only read is not in the form.
        for name in {"frequency", "reimbursement", "insured_by", "german_needed"} & set(self.fields):
            self.fields[name].choices = with_empty(self.fields[name].choices, _("not known yet"))
        for name in {"only_for"} & set(self.fields):
            self.fields[name].choices = with_empty(self.fields[name].choices, _("everybody"))
        for field in self.fields.values():
            if isinstance(field.widget, forms.NullBooleanSelect):
                field.widget.choices = [("unknown", _("not known yet")), *field.widget.choices[1:]]

    def clean(self):
        cleaned = super().clean()
        self.settle_place(cleaned)
        for name, message in settle_day(cleaned).items():
            self.add_error(name, message)
        if cleaned.get("only_for") and not cleaned.get("only_for_reason"):
            self.add_error("only_for_reason", gettext("Give the reason for this restriction."))
        required, wanted = (set(cleaned.get(f"skills_{how}") or []) for how in ("required", "wanted"))
        if required & wanted:
            self.add_error("skills_wanted", gettext("A skill is either needed or wished. Choose one of the two."))
        return cleaned

    def settle_place(self, cleaned):
        """A neighbourhood belongs to its town; where the place is not a neighbourhood, none is chosen."""
        chosen = cleaned.get("neighbourhoods")
        if not chosen:
            return
        if cleaned.get("place") != Opportunity.Place.NEIGHBOURHOOD:
            self.add_error(
                "neighbourhoods", gettext("Remove the neighbourhoods, or choose “in one or several neighbourhoods”.")
            )
        elif "city" in self.fields and not cleaned.get("city"):
            cleaned["city"] = chosen[0].city

    def _post_clean(self):
        super()._post_clean()
        if self.instance.status == Opportunity.Status.PUBLISHED:
            chosen = self.cleaned_data.get("neighbourhoods")
            for name, message in obstacles(self.instance, neighbourhoods=chosen).items():
                if name not in self.errors:
                    self.add_error(name if name in self.fields else None, message)

    def save(self, commit=True):
        """Store the opportunity with its texts. The caller announces it once the rows beside the form are stored."""
        opportunity = self.instance
        opportunity.agency = opportunity.host.agency or opportunity.host
        if opportunity.status == Opportunity.Status.PUBLISHED:
            # Whoever saves what everybody reads has just read it.
            opportunity.confirmed_at = timezone.now()
            opportunity.published_at = opportunity.published_at or opportunity.confirmed_at
        return super().save(commit)


def with_empty(choices, label) -> list:
    """The choices of a field with a word of its own for the empty one."""
    return [("", label), *(choice for choice in choices if choice[0] not in ("", None))]


class Checkboxes(forms.CheckboxSelectMultiple):
    """Many boxes side by side; where they are in groups, these are folded, and a group with a tick is open."""

    template_name = "organisations/checkboxes.html"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        optgroups = context["widget"]["optgroups"]
        context["groups"] = [
            {"name": group, "options": options, "is_open": any(option["selected"] for option in options)}
            for group, options, _index in optgroups
            if group
        ]
        context["options"] = [option for group, options, _index in optgroups if not group for option in options]
        return context


class TermsField(forms.ModelMultipleChoiceField):
    """Words of the vocabulary as boxes, in groups where ``group`` names one for each word.

    Only words in use are offered, and those that the row has already.
    """

    def __init__(self, queryset, *, group=None, **kwargs):
        self.group = group
        super().__init__(queryset, **{"required": False, "widget": Checkboxes, **kwargs})

    def offer(self, chosen=()):
        self.queryset = self.queryset.filter(Q(is_active=True) | Q(pk__in=[term.pk for term in chosen]))
        if self.group:
            groups = groupby(self.queryset, key=self.group)
            self.choices = [(name, [(term.pk, term.name) for term in terms]) for name, terms in groups]


def skills_field(label, **kwargs) -> TermsField:
    skills = Skill.objects.select_related("group").order_by("group__position", "group__code", "position", "code")
    return TermsField(skills, group=lambda skill: skill.group.name, label=label, **kwargs)


def neighbourhoods_field(label, **kwargs) -> TermsField:
    places = Neighbourhood.objects.select_related("city").order_by("city__name", "district", "name")
    return TermsField(places, group=lambda place: place.district or place.city.name, label=label, **kwargs)


class WithTerms(forms.ModelForm):
    """A form on the site: its boxes offer what is in use, and the neighbourhoods of the organisation's town."""

    # The page says so once, instead of every field.
    is_mostly_optional = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, TermsField):
                chosen = list(getattr(self.instance, name).all()) if self.instance.pk else []
                if field.queryset.model is Neighbourhood:
                    here = Q(city=self.town()) | Q(pk__in=[place.pk for place in chosen])
                    field.queryset = field.queryset.filter(here)
                field.offer(chosen)

    def town(self):
        return self.instance.city


class SiteOpportunityForm(WithTerms, OpportunityForm):
    """The form for contacts of an organisation: the host is given, its town is the town."""

    field = forms.ModelChoiceField(Field.objects.all(), label=_("What is it about?"), empty_label=_("Choose a field"))
    neighbourhoods = neighbourhoods_field(_("Which neighbourhoods?"))
    skills_required = skills_field(_("Skills needed"))
    skills_wanted = skills_field(_("Skills wished"))
    proofs = TermsField(Proof.objects.all(), label=_("Proofs"))

    class Meta(OpportunityForm.Meta):
        fields = [name for name in OpportunityForm.Meta.fields if name not in ("host", "city", "coordinator")]
        widgets = {
            **{name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d") for name in ("day", "valid_until")},
            **{name: forms.TimeInput(attrs={"type": "time"}, format="%H:%M") for name in ("begins_at", "ends_at")},
            "place": forms.RadioSelect,
            "contact_phone": forms.TextInput(attrs={"type": "tel"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["field"].queryset = Field.objects.filter(Q(is_active=True) | Q(pk=self.instance.field_id))

    def town(self):
        return self.instance.host.city

    def settle_place(self, cleaned):
        super().settle_place(cleaned)
        is_remote = cleaned.get("place") == Opportunity.Place.REMOTE
        self.instance.city = None if is_remote else self.instance.city or self.instance.host.city


class OrganisationForm(forms.ModelForm):
    """Who we are and how to reach us. Communities and origin are not asked."""

    town = forms.CharField(
        label=_("Town or neighbourhood"), max_length=200, help_text=_("Example: Köln-Ehrenfeld, or a postcode.")
    )
    website = forms.URLField(
        label=_("Website"), required=False, assume_scheme="https", help_text=_("Example: www.example.org")
    )

    class Meta:
        model = Organisation
        fields = ["name", "contact_name", "phone", "email", "website", "description"]
        labels = {"name": _("Name of your organisation"), "contact_name": _("Who can we talk to?")}
        help_texts = {
            "description": _("What do you do? Two or three sentences are enough."),
        }
        widgets = {
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
            "contact_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "description": forms.Textarea(attrs={"rows": 5}),
        }

    field_order = ["name", "town"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["contact_name"].required = True
        # Whoever verified this organisation verified this name.
        self.fields["name"].disabled = self.instance.is_verified
        if self.instance.pk:
            self.initial["town"] = str(self.instance.neighbourhood or self.instance.city)

    def clean_town(self):
        text = self.cleaned_data["town"]
        place = find_place(text)
        cities = [place.city] if place else find_cities(text)
        if len(cities) != 1:
            raise forms.ValidationError(unclear_place(text, cities))
        self.instance.city = cities[0]
        self.instance.neighbourhood = getattr(place, "neighbourhood", place)
        return text


def unclear_place(text, cities):
    """What to write instead, from what it may have meant."""
    names = [str(place) for place in cities or find_places(text)][:5]
    if names:
        return gettext("Which one do you mean? Please write one of these: %(places)s.") % {"places": ", ".join(names)}
    return gettext("We do not know this place. Please write the name of the town, or a postcode.")


class PotentialForm(WithTerms):
    """What the members of a self-organisation bring together."""

    skills = skills_field(_("What can your members do?"))
    reached = neighbourhoods_field(_("Which neighbourhoods do you reach?"))
    fields = TermsField(Field.objects.all(), label=_("What would you like to help with?"))
    times = TimesField(label=_("When do your members have time?"), required=False)

    class Meta:
        model = Organisation
        fields = ["group_size", "skills", "reached", "fields", "times"]
        labels = {"group_size": _("How many people can help?")}
        help_texts = {"group_size": _("A rough number is enough.")}
