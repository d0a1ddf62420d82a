"""The base of every admin page, and the pages of the vocabulary."""

from django.contrib import admin


class HouseAdmin(admin.ModelAdmin):
    """Every list, choice and page shows only what ``visible_to(user)`` gives."""

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        return queryset.visible_to(request.user) if hasattr(queryset, "visible_to") else queryset
