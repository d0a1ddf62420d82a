"""Lists of the desk that can be taken away as a table: what is ticked, or all that the filters leave."""

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import sheets

# As many rows are held at once, and as many again come with the same number of queries.
CHUNK = 2000


class Exported:
    """For the admin of a list. ``sheet_of(queryset)`` yields the rows of cells, the header first."""

    actions = ["export_selected"]

    def sheet_of(self, queryset):
        raise NotImplementedError  # Each list has columns of its own.

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [path("export/", self.admin_site.admin_view(self.export_view), name=name), *super().get_urls()]

    def export_view(self, request):
        """All rows of the list as the address filters, searches and sorts it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            rows = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return self.export(request, rows)

    @admin.action(description=_("Download as a table (CSV)"), permissions=["view"])
    def export_selected(self, request, queryset):
        return self.export(request, queryset)

    def export(self, request, queryset):
        name = f"{self.opts.model_name}-{timezone.localdate():%Y-%m-%d}.csv"
        return sheets.answer(self.noted(request, self.sheet_of(queryset)), name)

    def noted(self, request, rows):
        """The rows as they are. The log then says who took away how many, never whose."""
        number = -1
        for number, row in enumerate(rows):  # noqa: B007 (the header is number 0)
            yield row
        LogEntry.objects.create(
            user=request.user,
            content_type=ContentType.objects.get_for_model(self.model),
            object_repr=str(self.opts.verbose_name_plural),
            action_flag=CHANGE,
            change_message=f"Downloaded as a table: {number}",
        )
