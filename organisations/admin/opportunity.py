"""The pages of what organisations post."""

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from engagement.admin import EVERYDAY, HouseAdmin, HouseStackedInline
from engagement.exporting import Exported
from engagement.scope import changeable
from engagement.sidebar import AgencyFilter, TaskFilter

from .. import posting, previewing, verification
from ..exchange import exporting
from ..models import NeededLanguage, Opportunity, Organisation
from ..parts import text_groups
from ..signals import opportunity_saved
from ..texts import PLAIN, TEXT_PARTS, advice_on, text_names
from .importing import Imports
from .opportunity_form import LANGUAGE, PREVIEW, OpportunityAdminForm


class NeededLanguageInline(HouseStackedInline):
    model = NeededLanguage
    fields = [("language", "level", "role")]
    # One empty row for whoever has no JavaScript.
    extra = 1


class OpportunityTaskFilter(TaskFilter):
    tasks = {
        "expiring": (_("end within 14 days"), "valid_until"),
        "unconfirmed": (_("not confirmed for 90 days"), "confirmed_at"),
    }


@admin.register(Opportunity)
class OpportunityAdmin(Imports, Exported, HouseAdmin):
    """One page for everything; what is seldom needed is folded away."""

    form = OpportunityAdminForm
    staff_may = EVERYDAY
    list_display = ["title_or_none", "host", "field", "status", "published_at", "valid_until"]
    list_filter = [OpportunityTaskFilter, "status", "place", AgencyFilter]
    list_select_related = ["host", "field"]
    search_fields = ["texts__title", "host__name"]
    actions = ["publish_selected", "confirm_selected", "close_selected", *Exported.actions]
    inlines = [NeededLanguageInline]
    fieldsets = [
        (None, {"fields": ["host", "field"]}),
        (_("Texts"), {"fields": [tuple(text_names(code)) for code, _name in settings.LANGUAGES], "classes": ["texts"]}),
        (_("Where?"), {"fields": ["place", ("city", "neighbourhoods"), "meeting_point"]}),
        (
            _("When?"),
            {
                "fields": [
                    "frequency",
                    "times",
                    ("hours_per_week", "minimum_weeks"),
                    ("day", "begins_at", "ends_at"),
                    "valid_until",
                ]
            },
        ),
        (
            _("Who?"),
            {
                "fields": ["german_needed", "skills_required", "skills_wanted", "proofs", ("places", "min_age")],
                "classes": ["who"],
            },
        ),
        (_("Only for some people"), {"fields": [("only_for", "only_for_reason")], "classes": ["collapse"]}),
        (
            _("What people get"),
            {
                "fields": [
                    "has_trial_visit",
                    "is_in_team",
                    "is_accompanied",
                    "gives_certificate",
                    "serves_newcomers",
                    "reimbursement",
                    "insured_by",
                ]
            },
        ),
        (_("Contact"), {"fields": [("contact_name", "contact_phone"), "coordinator"]}),
        (_("Who sees it?"), {"fields": ["status"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("texts")

    def get_urls(self):
        advise, confirm = (
            self.admin_site.admin_view(require_POST(view)) for view in (self.advise_view, self.confirm_view)
        )
        return [
            path("advise/", advise, name="organisations_opportunity_advise"),
            path("<int:pk>/confirm/", confirm, name="organisations_opportunity_confirm"),
            *super().get_urls(),
        ]

    def confirm_view(self, request, pk):
        """One press at the desk: it is still true. Leads back to the desk."""
        opportunity = get_object_or_404(changeable(Opportunity.objects.all(), request.user), pk=pk)
        if posting.confirm(opportunity, by=request.user):
            said = gettext("%(opportunity)s: confirmed.") % {"opportunity": opportunity.title}
            self.message_user(request, said, messages.SUCCESS)
        else:
            self.message_user(request, gettext("This opportunity is no longer on the board."), messages.WARNING)
        return redirect("admin:index")

    def sheet_of(self, queryset):
        return exporting.sheet_of(queryset)

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

    # Texts: side by side, with advice and a preview.

    def advise_view(self, request):
        """What is hard to read in what was typed so far, for the script of the page."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        typed = {part: request.POST.get(f"{part}_{PLAIN}", "") for part in TEXT_PARTS}
        return render(request, "admin/organisations/opportunity/advice.html", {"advice": advice_on(typed)})

    def render_change_form(self, request, context, **kwargs):
        if self.has_change_permission(request, kwargs.get("obj")):
            context["text_groups"] = text_groups(context["adminform"].form)
        return super().render_change_form(request, context, **kwargs)

    def response_add(self, request, obj, post_url_continue=None):
        return self.rehearse(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return self.rehearse(request, obj) or super().response_change(request, obj)

    def rehearse(self, request, obj):
        """The preview of what was typed, where that was asked for: everything that was stored for it is undone."""
        if PREVIEW not in request.POST:
            return None
        page = previewing.show(request, obj.pk, language=request.POST.get(LANGUAGE, ""))
        transaction.set_rollback(True)
        return page

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

    @admin.action(description=_("Still current"), permissions=["change"])
    def confirm_selected(self, request, queryset):
        done = sum(posting.confirm(opportunity, by=request.user) for opportunity in queryset)
        text = ngettext("%(count)d opportunity is confirmed.", "%(count)d opportunities are confirmed.", done)
        self.message_user(request, text % {"count": done})

    @admin.action(description=_("Close"), permissions=["change"])
    def close_selected(self, request, queryset):
        done = sum(posting.close(opportunity, by=request.user) for opportunity in queryset)
        text = ngettext("%(count)d opportunity was closed.", "%(count)d opportunities were closed.", done)
        self.message_user(request, text % {"count": done})


def obstacle_message(opportunity, error):
    return format_html("{}: {}", opportunity.title or gettext("(no title)"), " ".join(error.messages))
