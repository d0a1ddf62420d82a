"""The desk's pages for people, with what only the attic knows about them."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engagement.admin import HouseStackedInline
from engagement.keys import key_in
from organisations.models import Organisation
from volunteers import consents
from volunteers.admin import VolunteerAdmin
from volunteers.filters import RuleFilter
from volunteers.intake import IntakeForm
from volunteers.models import Channel, Consent, Volunteer

from .. import letters
from ..models import Intermediary, Suggestion


def without_suggestions(people):
    """Whoever may be suggested and is in nobody's queue."""
    return people.available().exclude(Exists(Suggestion.objects.filter(volunteer=OuterRef("pk")).undecided()))


class SuggestionFilter(RuleFilter):
    title = _("suggestions")
    parameter_name = "suggestions"
    rules = {"none": (_("none at the moment"), without_suggestions)}


class DeskIntakeForm(IntakeForm):
    """With the association through which somebody wants to be reached."""

    association = forms.ModelChoiceField(
        Organisation.objects.self_organisations().filter(verified_at__isnull=False),
        label=_("Through which association?"),
        empty_label=_("Not told yet"),
        required=False,
    )
    association_may_know = forms.BooleanField(label=consents.TEXTS[Consent.Purpose.THROUGH], required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = Intermediary.objects.filter(volunteer=self.instance.pk).first()
        self.initial["association"] = known and known.organisation_id
        if consents.has(self.instance, Consent.Purpose.THROUGH):
            del self.fields["association_may_know"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("channel") == Channel.ORGANISATION and not cleaned.get("association"):
            self.add_error("association", _("Please choose the association."))
        return cleaned

    def record_consents(self, volunteer):
        super().record_consents(volunteer)
        if self.cleaned_data.get("association_may_know") and self.cleaned_data["association"]:
            how = self.cleaned_data.get("consent") or Consent.Given.IN_PERSON
            consents.record(volunteer, Consent.Purpose.THROUGH, how=how, by=self.user)

    def save(self, commit=True):
        volunteer = super().save(commit)
        if association := self.cleaned_data["association"]:
            Intermediary.objects.update_or_create(volunteer=volunteer, defaults={"organisation": association})
        else:
            Intermediary.objects.filter(volunteer=volunteer).delete()
        return volunteer


class IntermediaryInline(HouseStackedInline):
    model = Intermediary
    fields = ["organisation"]


@admin.register(Volunteer)
class VolunteerDesk(VolunteerAdmin):
    intake_form = DeskIntakeForm
    list_filter = [SuggestionFilter, *VolunteerAdmin.list_filter]
    inlines = [*VolunteerAdmin.inlines, IntermediaryInline]

    def response_intake(self, request, volunteer):
        """Whoever has just told about themselves wants to hear what suits; a worker finds that out meanwhile."""
        seconds = gettext("What suits is found within seconds. Is nothing here yet? Please load the page again.")
        self.message_user(request, seconds, messages.INFO)
        return redirect("admin:matching_suggestion_volunteer", volunteer.pk)

    def pages_of_a_person(self):
        letters = [("certificate", self.certificate_view), ("reference", self.reference_view)]
        return [*super().pages_of_a_person(), *letters]

    def certificate_view(self, request, pk):
        """For the office that makes the certificate of good conduct: it is for volunteering, and so it is free."""
        title = gettext("Letter for a free certificate")
        return self.letter(request, pk, "certificate", title, letters.for_certificate)

    def reference_view(self, request, pk):
        """What somebody did, for their papers: the draft of an Engagementnachweis."""
        title = gettext("Confirmation of an engagement")
        return self.letter(request, pk, "reference", title, letters.for_reference)

    def letter(self, request, pk, template, title, tasks_of):
        volunteer = self.person(request, pk)
        agency = letters.agency_of(volunteer, request.user)
        if agency is None:
            raise PermissionDenied
        tasks = tasks_of(volunteer, request.user)
        wanted = key_in(request.GET.get("match", ""))
        task = next((task for task in tasks if task["pk"] == wanted), tasks[0] if tasks else None)
        context = {"volunteer": volunteer, "agency": agency, "tasks": tasks, "task": task}
        return self.page(request, template, title, today=timezone.localdate(), officer=request.user.name, **context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        volunteer = self.get_object(request, object_id)
        writes = volunteer is not None and letters.agency_of(volunteer, request.user) is not None
        extra_context = {**(extra_context or {}), "writes_letters": writes}
        return super().change_view(request, object_id, form_url, extra_context)

    def paper(self, request, title, volunteer=None, **more):
        """With the agency of whoever prints it, so that the person can call."""
        agency = Organisation.objects.agencies().of(request.user).first()
        return super().paper(request, title, volunteer, agency=agency, officer=request.user.name, **more)
