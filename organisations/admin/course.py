"""The desk's page for courses."""

from django.contrib import admin

from engagement.admin import EVERYTHING, HouseAdmin

from .. import verification
from ..models import Course


@admin.register(Course)
class CourseAdmin(HouseAdmin):
    """An agency writes down its own courses, and reads those of others that are open to everybody."""

    staff_may = EVERYTHING
    list_display = ["title", "begins_on", "place", "agency", "is_open"]
    list_filter = ["is_open", "begins_on"]
    list_select_related = ["agency"]
    search_fields = ["title", "place"]
    fields = ["title", ("begins_on", "place"), "proof", ("language", "level"), "skill", "is_open", "agency"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        if "agency" in form.base_fields:
            form.base_fields["agency"].queryset = verification.agencies_of(request.user)
        return form

    def get_changeform_initial_data(self, request):
        agencies = list(verification.agencies_of(request.user)[:2])
        own = {"agency": agencies[0].pk} if len(agencies) == 1 else {}
        return own | super().get_changeform_initial_data(request)
