"""The desk's page for people: staff enter a profile together with somebody, also where there is no e-mail."""

from functools import partial

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engagement.admin import EVERYDAY, HouseAdmin, HouseStackedInline
from engagement.exporting import Exported
from engagement.forms import TimesField
from engagement.formsets import Together
from engagement.languages import interface_languages
from engagement.sidebar import agency_by

from . import consents, desk, exporting
from .filters import BreakFilter, ConsentFilter, LanguageFilter, NeighbourhoodFilter, VolunteerTaskFilter
from .forms import PhoneField, check_channel
from .inspecting import InspectionForm
from .intake import IntakeForm, IntakeLanguageRows, sections
from .models import Competence, Consent, Motive, ProofInspection, Rhythm, SpokenLanguage, Volunteer
from .sheet import Sheet
from .signals import volunteer_saved


class VolunteerAdminForm(forms.ModelForm):
    times = TimesField(label=_("Times"), required=False)
    motives = forms.MultipleChoiceField(
        label=_("Motives"), choices=Motive.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    rhythms = forms.MultipleChoiceField(
        label=_("How often"), choices=Rhythm.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    phone = PhoneField(label=_("Phone"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
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
    """What was noted by mistake can be taken away; what was seen is not written again."""

    model = ProofInspection
    staff_may = administrators_may = frozenset({"view", "delete"})
    fields = readonly_fields = ["proof", "issued_on", "seen_on", "seen_by", "recheck_on"]


class VolunteerAdmin(Exported, HouseAdmin):
    """Registered by ``matching/admin/volunteer.py``, which adds what only the attic knows."""

    form = VolunteerAdminForm
    intake_form = IntakeForm
    staff_may = EVERYDAY
    list_display = ["first_name", "last_name", "neighbourhood", "channel", "is_paused", "created_at"]
    list_filter = [
        VolunteerTaskFilter,
        LanguageFilter,
        NeighbourhoodFilter,
        ConsentFilter,
        BreakFilter,
        "channel",
        agency_by("accompaniments__agency"),
    ]
    list_select_related = ["neighbourhood__city"]
    search_fields = ["folded_name", "phone", "email"]
    search_help_text = _("Name, with or without accents, phone or e-mail")
    inlines = [SpokenLanguageInline, CompetenceInline, InspectionInline]
    fieldsets = [
        (None, {"fields": [("first_name", "last_name")]}),
        (
            _("How to reach the person"),
            {"fields": ["channel", ("phone", "call_times"), "email", "address", "language"]},
        ),
        (_("Where and when"), {"fields": ["neighbourhood", "postcode", "reach_km", "times", "rhythms"]}),
        (
            _("What the person wants"),
            {
                "fields": [
                    "motives",
                    "fields",
                    "refused_fields",
                    ("company", "with_whom"),
                    "doubts",
                    "proofs",
                    ("max_load", "is_paused", "paused_until"),
                ]
            },
        ),
        (
            _("Only where an opportunity asks for it"),
            {
                "fields": [("birth_year", "gender")],
                "description": _("For a minimum age, or for a women's group. Leave it empty otherwise."),
            },
        ),
    ]

    def sheet_of(self, queryset):
        return exporting.sheet_of(queryset)

    def has_add_permission(self, request):
        # Without an agency nobody would accompany the person, and so nobody would see them again.
        user = request.user
        works_here = user.is_superuser or user.memberships.filter(organisation__kind="agency").exists()
        return works_here and super().has_add_permission(request)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        self.announce(request, form.instance)

    def announce(self, request, volunteer):
        volunteer_saved.send(Volunteer, volunteer=volunteer, by=request.user)

    def get_urls(self):
        pages = [("<int:pk>/" + name, view) for name, view in self.pages_of_a_person()]
        return [self.url(name, view) for name, view in [("sheet", self.sheet_view), *pages]] + super().get_urls()

    def url(self, name, view):
        url_name = f"volunteers_volunteer_{name.rpartition('/')[2]}"
        return path(f"{name}/", self.admin_site.admin_view(view), name=url_name)

    def pages_of_a_person(self):
        return [
            ("consent", self.consent_view),
            ("withdraw", self.withdraw_view),
            ("inspect", self.inspect_view),
            ("conversation", self.conversation_view),
            ("print", self.print_view),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        volunteer = self.get_object(request, object_id)
        panel = desk.about(volunteer) if volunteer and self.has_change_permission(request, volunteer) else None
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "panel": panel})

    def person(self, request, pk):
        """Somebody whose page this reader may change; for all others there is nobody."""
        volunteer = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, volunteer):
            raise PermissionDenied
        return volunteer

    def back_to(self, request, volunteer, text):
        self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:volunteers_volunteer_change", volunteer.pk)

    def consent_view(self, request, pk):
        """Somebody agrees at the desk."""
        volunteer = self.person(request, pk)
        form = desk.ConsentForm(request.POST)
        if not form.is_valid():
            messages.warning(request, gettext("Please choose how the person agreed."))
            return redirect("admin:volunteers_volunteer_change", pk)
        with transaction.atomic():
            form.save(volunteer, by=request.user)
            self.announce(request, volunteer)
        return self.back_to(request, volunteer, gettext("The consent is noted."))

    def withdraw_view(self, request, pk):
        """Somebody takes a consent back: as easy as giving it, with one press."""
        volunteer, purpose = self.person(request, pk), request.POST.get("purpose", "")
        if purpose not in Consent.Purpose:
            return redirect("admin:volunteers_volunteer_change", pk)
        with transaction.atomic():
            consents.withdraw(volunteer, purpose)
            self.announce(request, volunteer)
        text = gettext("Taken back on %(date)s.") % {"date": date_format(timezone.localdate(), "DATE_FORMAT")}
        if not volunteer.channel:
            text += " " + gettext("There is no consent left: every way to reach the person is forgotten.")
        return self.back_to(request, volunteer, text)

    def inspect_view(self, request, pk):
        """Somebody showed a proof, and nothing in it speaks against the engagement."""
        volunteer = self.person(request, pk)
        data = request.POST if request.method == "POST" else None
        form = InspectionForm(data, volunteer=volunteer, by=request.user)
        if not form.is_valid():
            return self.page(request, "inspect", gettext("A proof was seen"), form=form, volunteer=volunteer)
        with transaction.atomic():
            inspection = form.save()
            self.announce(request, volunteer)
        return self.back_to(request, volunteer, gettext("Noted: %(proof)s was seen.") % {"proof": inspection.proof})

    # --- The first conversation ---

    def add_view(self, request, form_url="", extra_context=None):
        """A person is entered together with them, on one page of our own."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self.converse(request, Volunteer(), gettext("First conversation"))

    def conversation_view(self, request, pk):
        """The same page for somebody who is known already, such as whoever said "I am interested"."""
        volunteer = self.person(request, pk)
        title = gettext("First conversation with %(name)s") % {"name": volunteer}
        return self.converse(request, volunteer, title)

    def converse(self, request, volunteer, title):
        is_new = volunteer.pk is None
        page = Together(request, self.intake_form, IntakeLanguageRows, instance=volunteer, user=request.user)
        if page.is_ready():
            page.save(announce=partial(self.announce, request))
            note = self.log_addition if is_new else self.log_change
            note(request, volunteer, [{"added" if is_new else "changed": {}}])
            self.message_user(request, gettext("Thank you. The profile is saved."), messages.SUCCESS)
            return self.response_intake(request, volunteer)
        context = {"page": page, "sections": sections(page), **consent_words(Consent.Purpose.PROFILE)}
        return self.page(request, "intake", title, volunteer=volunteer, **context)

    def response_intake(self, request, volunteer):  # noqa: ARG002 (the attic knows more)
        return redirect("admin:volunteers_volunteer_change", volunteer.pk)

    def sheet_view(self, request):
        """The questions on paper, to take along."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self.paper(request, gettext("First conversation on paper"))

    def print_view(self, request, pk):
        """The same with what somebody has told."""
        volunteer = self.person(request, pk)
        return self.paper(request, str(volunteer), volunteer)

    def paper(self, request, title, volunteer=None, **more):
        asked = request.GET.get("language", volunteer.language if volunteer else "")
        codes = [code for code, _name in interface_languages()]
        language = asked if asked in codes else settings.LANGUAGE_CODE
        sheet = Sheet(language, volunteer)
        context = {"volunteer": volunteer, "sheet": sheet, "languages": codes, "language": language, **more}
        return self.page(request, "sheet", title, **context)

    def page(self, request, template, title, **context):
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, **context}
        return TemplateResponse(request, f"admin/volunteers/volunteer/{template}.html", context)


def consent_words(purpose):
    return {"consent_text": consents.TEXTS[purpose], "consent_texts": consents.in_every_language(purpose)}
