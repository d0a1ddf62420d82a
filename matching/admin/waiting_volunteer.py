"""The list of those for whom nothing happens."""

from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from engagement.sidebar import agency_by

from .. import waiting
from ..models import Suggestion, WaitingVolunteer
from .base import DeskAdmin


@admin.register(WaitingVolunteer)
class WaitingVolunteerAdmin(DeskAdmin):
    """Those of one's own people for whom nothing has happened for more than two weeks, the longest first."""

    list_display = ["short_name", "neighbourhood", "waits_since", "has_ideas"]
    oldest_first_by = ["waiting_since"]
    list_select_related = ["neighbourhood__city"]
    list_filter = [agency_by("accompaniments__agency")]
    search_fields = ["folded_name"]

    def get_queryset(self, request):
        people = waiting.idle(super().get_queryset(request).available())
        return people.annotate(is_suggested=Exists(Suggestion.objects.filter(volunteer=OuterRef("pk")).undecided()))

    def changelist_view(self, request, extra_context=None):
        title = _("Nothing has happened for them for more than two weeks")
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    @admin.display(description=_("waits since"), ordering="waiting_since")
    def waits_since(self, row):
        return date_format(timezone.localtime(row.waiting_since), "DATE_FORMAT")

    @admin.display(description=_("in somebody's queue"), boolean=True)
    def has_ideas(self, row):
        return row.is_suggested

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Whoever looks closer wants to know what suits, and sees the profile from there."""
        return redirect("admin:matching_suggestion_volunteer", object_id)
