"""The pages of what organisations post."""

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from engagement.admin import EVERYDAY, HouseAdmin, HouseStackedInline

from .. import posting, verification
from ..forms import OpportunityForm, text_names
from ..models import NeededLanguage, Opportunity, Organisation
from ..signals import opportunity_saved


class OpportunityAdminForm(OpportunityForm):
    def clean(self):
        cleaned = super().clean()
        host, coordinator = cleaned.get("host"), cleaned.get("coordinator")
        if host and coordinator and "coordinator" in self.changed_data:
            agency = host.agency or host
            if not (coordinator.is_superuser or coordinator.memberships.filter(organisation=agency).exists()):
                self.add_error("coordinator", gettext("Choose somebody of the agency that looks after it."))
        return cleaned


class NeededLanguageInline(HouseStackedInline):
    model = NeededLanguage
    fields = [("language", "level", "role")]


MAIN_LANGUAGES = ["de", "de-simple"]
OTHER_LANGUAGES = [code for code, _name in settings.LANGUAGES if code not in MAIN_LANGUAGES]


@admin.register(Opportunity)
class OpportunityAdmin(HouseAdmin):
    """One page for everything; what is seldom needed is folded away."""

    form = OpportunityAdminForm
    staff_may = EVERYDAY
    list_display = ["title_or_none", "host", "field", "status", "published_at", "valid_until"]
    list_filter = ["status", "place"]
    list_select_related = ["host", "field"]
    search_fields = ["texts__title", "host__name"]
    actions = ["publish_selected", "close_selected"]
    inlines = [NeededLanguageInline]
    radio_fields = {"place": admin.VERTICAL}
    fieldsets = [
        (None, {"fields": ["status", "host", "field"]}),
        (_("Text"), {"fields": list(zip(*map(text_names, MAIN_LANGUAGES), strict=True))}),
        (
            _("Text in other languages"),
            {"fields": [tuple(text_names(code)) for code in OTHER_LANGUAGES], "classes": ["collapse"]},
        ),
        (_("Where?"), {"fields": ["place", "city", "neighbourhoods", "meeting_point"]}),
        (
            _("When?"),
            {
                "fields": [
                    "times",
                    ("frequency", "hours_per_week", "minimum_weeks"),
                    ("day", "begins_at", "ends_at"),
                    "valid_until",
                ]
            },
        ),
        (_("Who?"), {"fields": ["german_needed", "skills_required", "skills_wanted", "proofs", ("places", "min_age")]}),
        (_("Only for some people"), {"fields": [("only_for", "only_for_reason")], "classes": ["collapse"]}),
        (
            _("What people get"),
            {
                "fields": [
                    ("has_trial_visit", "is_in_team", "is_accompanied"),
                    ("gives_certificate", "serves_newcomers"),
                    ("reimbursement", "insured_by"),
                ]
            },
        ),
        (_("Contact"), {"fields": ["contact_name", "contact_phone", "coordinator"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("texts")

    @admin.display(description=_("title"))
    def title_or_none(self, opportunity):
        return opportunity.title or gettext("(no title)")

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        if "host" in form.base_fields:
            mine = Organisation.objects.hosts_for(request.user) | Organisation.objects.filter(pk=obj and obj.host_id)
            form.base_fields["host"].queryset = mine.distinct()
        return form

    def get_changeform_initial_data(self, request):
        initial = {"contact_name": request.user.name, "coordinator": request.user.pk}
        agencies = list(verification.agencies_of(request.user)[:2]) if not request.user.is_superuser else []
        if len(agencies) == 1:
            initial |= {"host": agencies[0].pk, "city": agencies[0].city_id, "contact_phone": agencies[0].phone}
        return initial | super().get_changeform_initial_data(request)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        opportunity_saved.send(Opportunity, opportunity=form.instance, by=request.user)

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish_selected(self, request, queryset):
        done = 0
        for opportunity in queryset:
            try:
                done += posting.publish(opportunity, by=request.user)
            except ValidationError as error:
                self.message_user(request, obstacle_message(opportunity, error), messages.ERROR)
        text = ngettext("%(count)d opportunity was published.", "%(count)d opportunities were published.", done)
        self.message_user(request, text % {"count": done})

    @admin.action(description=_("Close"), permissions=["change"])
    def close_selected(self, request, queryset):
        done = sum(posting.close(opportunity, by=request.user) for opportunity in queryset)
        text = ngettext("%(count)d opportunity was closed.", "%(count)d opportunities were closed.", done)
        self.message_user(request, text % {"count": done})


def obstacle_message(opportunity, error):
    return format_html("{}: {}", opportunity.title or gettext("(no title)"), " ".join(error.messages))
