"""The page on which administrators see how the house does."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from .. import curves
from ..models import NightlyFigures
from .base import DeskAdmin


@admin.register(NightlyFigures)
class NightlyFiguresAdmin(DeskAdmin):
    """How the house does over time, for administrators."""

    staff_may = frozenset()

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        about = curves.about(self.get_queryset(request), request.GET.get("region", ""))
        return self.page(request, "nightlyfigures/curves", _("Figures over time"), **about)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One day is looked at among the others."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect("admin:matching_nightlyfigures_changelist")
