"""The list of those opportunities for which nobody is in sight."""

from django.contrib import admin
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from engagement.sidebar import AgencyFilter

from .. import waiting
from ..models import WaitingOpportunity
from .base import DeskAdmin


@admin.register(WaitingOpportunity)
class WaitingOpportunityAdmin(DeskAdmin):
    """What hangs on the board while nobody is suggested for it and nothing is under way, the longest first."""

    list_display = ["title_or_none", "host", "field", "published_at", "valid_until"]
    list_filter = [AgencyFilter]
    oldest_first_by = ["published_at"]
    list_select_related = ["host", "field"]
    search_fields = ["texts__title", "host__name"]

    def get_queryset(self, request):
        mine = self.model.objects.looked_after_by(request.user)
        return waiting.without_candidates(mine).prefetch_related("texts")

    def changelist_view(self, request, extra_context=None):
        title = _("Nobody is in sight for them")
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    @admin.display(description=_("title"))
    def title_or_none(self, row):
        return row.title or _("(no title)")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Whoever looks closer wants the opportunity itself."""
        return redirect("admin:organisations_opportunity_change", object_id)
