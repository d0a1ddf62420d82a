"""The desk's page for people: staff enter a profile together with somebody, also where there is no e-mail."""

from django import forms
from django.contrib import admin
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from engagement.admin import EVERYDAY, HouseAdmin, HouseStackedInline
from engagement.folding import Fold
from engagement.forms import TimesField

from . import consents, inspecting
from .forms import PhoneField, check_channel
from .models import Competence, Consent, Motive, ProofInspection, SpokenLanguage, Volunteer
from .signals import volunteer_saved

AT_THE_DESK = [Consent.Given.IN_PERSON, Consent.Given.PHONE, Consent.Given.PAPER]


class VolunteerAdminForm(forms.ModelForm):
    times = TimesField(label=_("Times"), required=False)
    motives = forms.MultipleChoiceField(
        label=_("Motives"), choices=Motive.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    phone = PhoneField(label=_("Phone"), required=False)
    consent = forms.ChoiceField(
        label=_("How did the person agree?"),
        help_text=format_lazy(_("Read it to them: “{text}”"), text=consents.TEXTS[Consent.Purpose.PROFILE]),
        choices=[("", _("Please choose")), *((given.value, given.label) for given in AT_THE_DESK)],
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "consent" in self.fields and consents.has(self.instance, Consent.Purpose.PROFILE):
            self.fields["consent"].required = False
        if "channel" in self.fields and self.instance.user_id is None:
            self.fields["channel"].required = True

    def clean(self):
        cleaned = super().clean()
        check_channel(self)
        return cleaned


class SpokenLanguageInline(HouseStackedInline):
    model = SpokenLanguage
    fields = [("language", "level")]
    extra = 1


class CompetenceInline(HouseStackedInline):
    model = Competence
    fields = [("skill", "own_words", "has_evidence")]
    extra = 1


class InspectionInline(HouseStackedInline):
    """Somebody saw a proof. Who and when is written by itself, and what was seen is not written again."""

    model = ProofInspection
    staff_may = frozenset({"view", "add", "delete"})
    fields = ["proof", ("seen_on", "seen_by", "recheck_on")]
    readonly_fields = ["seen_on", "seen_by", "recheck_on"]


class ConsentInline(HouseStackedInline):
    model = Consent
    staff_may = administrators_may = frozenset({"view"})
    fields = [("purpose", "given_at", "given_how"), ("text_version", "recorded_by", "withdrawn_at")]


@admin.register(Volunteer)
class VolunteerAdmin(HouseAdmin):
    form = VolunteerAdminForm
    staff_may = EVERYDAY
    list_display = ["first_name", "last_name", "neighbourhood", "channel", "is_paused", "created_at"]
    list_filter = ["is_paused", "channel"]
    list_select_related = ["neighbourhood__city"]
    search_fields = ["first_name", "last_name", "phone", "email"]
    search_help_text = _("Name, with or without accents, phone or e-mail")
    inlines = [SpokenLanguageInline, CompetenceInline, InspectionInline, ConsentInline]
    fieldsets = [
        (None, {"fields": [("first_name", "last_name"), "consent"]}),
        (
            _("How to reach the person"),
            {"fields": ["channel", ("phone", "call_times"), "email", "address", "language"]},
        ),
        (_("Where and when"), {"fields": ["neighbourhood", "postcode", "reach_km", "times"]}),
        (
            _("What the person wants"),
            {"fields": ["motives", "fields", "refused_fields", "proofs", ("max_load", "is_paused", "paused_until")]},
        ),
        (
            _("Only where an opportunity asks for it"),
            {
                "fields": [("birth_year", "gender")],
                "description": _("For a minimum age, or for a women's group. Leave it empty otherwise."),
            },
        ),
    ]

    def has_add_permission(self, request):
        # Without an agency nobody would accompany the person, and so nobody would see them again.
        user = request.user
        works_here = user.is_superuser or user.memberships.filter(organisation__kind="agency").exists()
        return works_here and super().has_add_permission(request)

    def get_search_results(self, request, queryset, search_term):
        """Each word is found in the name, whatever its accents, or in phone or e-mail."""
        queryset = queryset.alias(folded=Fold(Concat(F("first_name"), Value(" "), F("last_name"))))
        for word in search_term.replace("\0", "").split():
            found = Q(folded__contains=Fold(Value(word))) | Q(phone__contains=word) | Q(email__icontains=word)
            queryset = queryset.filter(found)
        return queryset, False

    def save_formset(self, request, form, formset, change):
        if formset.model is ProofInspection:
            for inspection in formset.save(commit=False):
                inspecting.note(inspection, by=request.user)
        super().save_formset(request, form, formset, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if form.cleaned_data.get("consent"):
            consents.record(form.instance, Consent.Purpose.PROFILE, how=form.cleaned_data["consent"], by=request.user)
        volunteer_saved.send(Volunteer, volunteer=form.instance, by=request.user)
