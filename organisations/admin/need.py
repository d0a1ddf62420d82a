"""The desk's page for needs."""

from django.contrib import admin

from engagement.admin import HouseAdmin

from ..models import Need


@admin.register(Need)
class NeedAdmin(HouseAdmin):
    """What those miss who know a neighbourhood. Staff read it, and note when it is covered."""

    staff_may = administrators_may = frozenset({"view", "change"})
    list_display = ["neighbourhood", "field", "organisation", "created_at", "is_covered"]
    list_filter = ["is_covered"]
    list_select_related = ["neighbourhood__city", "field", "organisation"]
    search_fields = ["text", "organisation__name", "neighbourhood__name"]
    fields = ["organisation", "neighbourhood", "field", "text", "created_at", "is_covered"]
    readonly_fields = ["organisation", "neighbourhood", "field", "text", "created_at"]
