"""The pages of matches and their history."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from engagement.keys import key_of

from .. import desk
from ..explaining import explain
from ..models import Match
from .base import DeskAdmin


@admin.register(Match)
class MatchAdmin(DeskAdmin):
    list_display = ["name", "for_opportunity", "state", "parked_until", "changed_at"]
    list_filter = ["state", "origin", "reason"]
    search_fields = ["opportunity__texts__title", "volunteer__first_name", "organisation__name"]

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": _("Matches"), **(extra_context or {})})

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        return queryset.select_related("volunteer", "organisation").prefetch_related("opportunity__texts")

    @admin.display(description=_("candidate"))
    def name(self, row):
        return format_html("<bdi>{}</bdi>", row.candidate)

    @admin.display(description=_("opportunity"))
    def for_opportunity(self, row):
        return format_html("<bdi>{}</bdi>", row.opportunity.title)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The match with its history, and a button for each step that is possible from here."""
        match = self.get_object(request, object_id)
        if match is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, match):
            raise PermissionDenied
        form = self.decide(request, match) if request.method == "POST" else None
        if request.method == "POST" and form is None:
            return redirect(request.path)
        return self.page(request, "match/change_form", str(match), **self.about(match, form))

    def about(self, match, unfinished):
        key = key_of(match.candidate)
        return {
            "match": match,
            "key": key,
            "forms": desk.forms_for(match.state, key, unfinished and (key, unfinished)),
            "explanation": explain(match.opportunity, match.candidate),
            "events": match.events.select_related("by", "match__volunteer", "match__organisation"),
        }
