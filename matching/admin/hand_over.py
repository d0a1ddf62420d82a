"""The pages on which staff hand somebody over to another agency, or let go of them."""

from datetime import date

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engagement.admin import Choice, write_log
from engagement.keys import key_in
from engagement.scope import visible
from engagement.sidebar import TaskFilter, agency_by
from organisations.models import Organisation
from volunteers import consents
from volunteers.intake import GIVEN_CHOICES
from volunteers.models import Consent, Volunteer

from .. import handing_over
from ..models import HandOver
from .base import DeskAdmin

SHARED = [
    ("no", _("No. We let go, and no longer see the profile.")),
    ("yes", _("Yes. Both agencies see the profile.")),
]


class HandOverForm(forms.Form):
    """Which agency, how and when the person agreed, and whether one's own goes on."""

    how = forms.ChoiceField(
        label=_("How did the person agree?"),
        help_text=format_lazy(_("Read it to them: “{text}”"), text=consents.TEXTS[Consent.Purpose.HAND_OVER]),
        choices=GIVEN_CHOICES,
        widget=forms.RadioSelect,
    )
    on = forms.DateField(label=_("On which day?"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    is_shared = forms.ChoiceField(
        label=_("Do you go on accompanying them as well?"), choices=SHARED, widget=forms.RadioSelect
    )
    field_order = ["giver", "taker", "how", "on", "is_shared"]

    def __init__(self, data, *, volunteer, user):
        super().__init__(data, initial={"on": timezone.localdate()}, label_suffix="", use_required_attribute=False)
        givers = handing_over.agencies_with(volunteer, user)
        relation = HandOver._meta.get_field("to_agency")
        self.fields["taker"] = forms.ModelChoiceField(
            handing_over.agencies_without(volunteer),
            label=capfirst(relation.verbose_name),
            widget=Choice(relation, admin.site),
        )
        self.giver = givers[0] if len(givers) == 1 else None
        if self.giver is None:
            self.fields["giver"] = forms.ModelChoiceField(givers, label=_("Agency that hands over"))
        self.order_fields(self.field_order)

    def clean_on(self) -> date:
        if self.cleaned_data["on"] > timezone.localdate():
            raise ValidationError(gettext("This day has not come yet."))
        return self.cleaned_data["on"]

    @property
    def answers(self) -> dict:
        answers = {"giver": self.giver, **self.cleaned_data}
        return answers | {"is_shared": answers["is_shared"] == "yes"}


class WelcomeFilter(TaskFilter):
    tasks = {"to_welcome": (_("to be welcomed by us"), "at")}

    def queryset(self, request, queryset):
        return queryset.to_welcome(request.user) if self.value() in self.tasks else queryset


@admin.register(HandOver)
class HandOverAdmin(DeskAdmin):
    """Who came from another agency, and who went to one."""

    list_display = ["name", "from_agency", "to_agency", "at", "is_welcomed"]
    list_filter = [WelcomeFilter, agency_by("to_agency")]
    list_select_related = ["volunteer", "from_agency", "to_agency"]
    search_fields = ["volunteer__first_name"]

    @admin.display(description=_("volunteer"))
    def name(self, row):
        return format_html("<bdi>{}</bdi>", row.volunteer)

    @admin.display(description=_("welcomed"), boolean=True, ordering="welcomed_at")
    def is_welcomed(self, row):
        return row.welcomed_at is not None

    def get_urls(self):
        pages = [("hand-over", self.hand_over_view, "new"), ("let-go", self.let_go_view, "let_go")]
        own = [
            path(f"of/<int:pk>/{route}/", self.admin_site.admin_view(view), name=f"matching_handover_{name}")
            for route, view, name in pages
        ]
        return own + super().get_urls()

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """What was agreed, and for those who were given somebody: a button to say that they have talked."""
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        if request.method == "POST":
            handing_over.welcome(row, by=request.user)
            return redirect(request.path)
        is_mine = HandOver.objects.to_welcome(request.user).filter(pk=row.pk).exists()
        profile = visible(Volunteer.objects.filter(pk=row.volunteer_id), request.user).first()
        title = str(row.volunteer)
        return self.page(request, "handover/change_form", title, row=row, is_mine=is_mine, profile=profile)

    def find(self, request, pk):
        """Whom one's agency accompanies; with all others there is nothing to hand over."""
        volunteer = get_object_or_404(visible(Volunteer.objects.all(), request.user), pk=pk)
        if not handing_over.agencies_with(volunteer, request.user).exists():
            raise PermissionDenied
        return volunteer

    def hand_over_view(self, request, pk):
        volunteer = self.find(request, pk)
        form = HandOverForm(request.POST if request.method == "POST" else None, volunteer=volunteer, user=request.user)
        if form.is_valid() and self.hand_over(request, volunteer, form):
            return redirect("admin:matching_handover_changelist")
        return self.page(request, "handover/new", gettext("Hand over"), form=form, volunteer=volunteer)

    def hand_over(self, request, volunteer, form):
        """Whether it is done; if not, the form says why."""
        try:
            done = handing_over.hand_over(volunteer, by=request.user, **form.answers)
        except handing_over.CannotLetGo as refusal:
            form.add_error("is_shared", str(refusal))
            return False
        write_log(request.user, [volunteer], CHANGE, [{"changed": {"fields": ["accompanied by"]}}])
        said = gettext("%(agency)s accompanies %(name)s from now on, and finds it at its desk.")
        self.message_user(request, said % {"agency": done.to_agency, "name": volunteer}, messages.SUCCESS)
        return True

    def let_go_view(self, request, pk):
        volunteer = self.find(request, pk)
        agencies = handing_over.agencies_with(volunteer, request.user)
        if request.method == "POST":
            agency = get_object_or_404(agencies, pk=key_in(request.POST.get("agency", "")) or 0)
            return self.let_go(request, volunteer, agency)
        others = Organisation.objects.filter(accompaniments__volunteer=volunteer)
        context = {"volunteer": volunteer, "agencies": agencies, "others": others.exclude(pk__in=agencies)}
        return self.page(request, "handover/let_go", gettext("Let go"), **context)

    def let_go(self, request, volunteer, agency):
        try:
            handing_over.let_go(volunteer, agency, by=request.user)
        except handing_over.CannotLetGo as refusal:
            self.message_user(request, str(refusal), messages.WARNING)
            return redirect(request.path)
        write_log(request.user, [volunteer], CHANGE, [{"changed": {"fields": ["accompanied by"]}}])
        said = gettext("You accompany %(name)s no longer.") % {"name": volunteer}
        self.message_user(request, said, messages.SUCCESS)
        return redirect("admin:volunteers_volunteer_changelist")
