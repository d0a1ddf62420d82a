"""The pages of organisations, and the decision whom to trust."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from engagement.admin import EVERYDAY, Choice, HouseAdmin, HouseStackedInline
from engagement.forms import TimesField
from engagement.keys import key_in
from engagement.sidebar import TaskFilter

from .. import staffing, verification
from ..models import MemberLanguage, Membership, Organisation
from ..signals import organisation_saved
from .membership import MembershipInline


class MemberLanguageInline(HouseStackedInline):
    model = MemberLanguage
    fields = [("language", "level")]


class OrganisationTaskFilter(TaskFilter):
    tasks = {"awaiting_verification": (_("wait for an agency"), "created_at")}


class OrganisationAdminForm(forms.ModelForm):
    times = TimesField(label=_("Times"), required=False)


@admin.register(Organisation)
class OrganisationAdmin(HouseAdmin):
    """Staff read whoever is verified, and change their own, whom they accompany, and who waits for an agency."""

    form = OrganisationAdminForm
    staff_may = EVERYDAY
    list_display = ["name", "kind", "city", "agency", "verified"]
    list_filter = [OrganisationTaskFilter, "kind", ("verified_at", admin.EmptyFieldListFilter)]
    list_select_related = ["city", "agency"]
    search_fields = ["name", "city__name"]
    actions = ["verify_selected", "withdraw_selected"]
    inlines = [MemberLanguageInline, MembershipInline]
    readonly_fields = ["agency", "verified_at", "verified_by"]
    fieldsets = [
        (None, {"fields": ["kind", "name", "description", "city", "neighbourhood"]}),
        (_("Contact"), {"fields": ["contact_name", "phone", "email", "website"]}),
        (_("Verification"), {"fields": ["verified_at", "verified_by", "agency"]}),
    ]
    potential = (
        _("Potential"),
        {"fields": ["group_size", "skills", "reached", "fields", "times", "max_load", "is_paused"]},
    )

    @admin.display(description=_("verified"), boolean=True, ordering="verified_at")
    def verified(self, organisation):
        return organisation.is_verified

    def get_fieldsets(self, request, obj=None):
        is_mso = obj is not None and obj.kind == Organisation.Kind.MSO
        return [*self.fieldsets, self.potential] if is_mso else self.fieldsets

    def get_inlines(self, request, obj):
        if obj is None:
            return []
        return self.inlines if obj.kind == Organisation.Kind.MSO else [MembershipInline]

    def get_readonly_fields(self, request, obj=None):
        # A change of kind would change who may use the desk, and who is suggested.
        return [*self.readonly_fields, "kind"] if obj else self.readonly_fields

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        field = super().formfield_for_choice_field(db_field, request, **kwargs)
        if db_field.name == "kind" and not request.user.is_superuser:
            field.choices = [choice for choice in field.choices if choice[0] != Organisation.Kind.AGENCY]
        return field

    def get_search_results(self, request, queryset, search_term):
        if request.GET.get("model_name") == "opportunity" and request.GET.get("field_name") == "host":
            queryset = queryset & Organisation.objects.hosts_for(request.user)
        return super().get_search_results(request, queryset, search_term)

    def save_formset(self, request, form, formset, change):
        if formset.model is not Membership:
            super().save_formset(request, form, formset, change)
            return
        formset.save(commit=False)
        for membership in formset.deleted_objects:
            staffing.leave(membership.user, formset.instance)
        for membership in [*formset.new_objects, *(row for row, _fields in formset.changed_objects)]:
            staffing.join(membership.user, formset.instance, membership.role)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        organisation_saved.send(Organisation, organisation=form.instance, by=request.user)

    # Verification: a page of its own, for one organisation or many.

    def get_urls(self):
        decisions = [
            path("verify/", self.admin_site.admin_view(self.verify_view), name="organisations_organisation_verify"),
            path(
                "withdraw/", self.admin_site.admin_view(self.withdraw_view), name="organisations_organisation_withdraw"
            ),
        ]
        return decisions + super().get_urls()

    def change_view(self, request, object_id, form_url="", extra_context=None):
        organisation = self.get_object(request, object_id)
        decision = organisation and self.decision_about(request, organisation)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "decision": decision})

    def decision_about(self, request, organisation):
        if not verification.may_decide(organisation, request.user):
            return None
        name = "withdraw" if organisation.is_verified else "verify"
        return {
            "url": f"{reverse(f'admin:organisations_organisation_{name}')}?ids={organisation.pk}",
            "label": gettext("Withdraw the verification") if organisation.is_verified else gettext("Verify"),
        }

    @admin.action(description=_("Verify"), permissions=["change"])
    def verify_selected(self, request, queryset):
        return self.decide_about(queryset, "verify")

    @admin.action(description=_("Withdraw the verification"), permissions=["change"])
    def withdraw_selected(self, request, queryset):
        return self.decide_about(queryset, "withdraw")

    def decide_about(self, queryset, name):
        keys = ",".join(str(key) for key in queryset.values_list("pk", flat=True))
        return redirect(f"{reverse(f'admin:organisations_organisation_{name}')}?ids={keys}")

    def verify_view(self, request):
        words = {
            "title": gettext("Verify"),
            "decision_text": gettext("Whoever is verified may publish opportunities, and is suggested for others."),
        }
        return self.decision_view(request, is_verified=False, words=words, form_class=AgencyForm)

    def withdraw_view(self, request):
        words = {
            "title": gettext("Withdraw the verification"),
            "decision_text": gettext("Their opportunities are no longer shown, until they are verified again."),
        }
        return self.decision_view(request, is_verified=True, words=words, form_class=forms.Form)

    def decision_view(self, request, *, is_verified, words, form_class):
        """Ask, and decide about each; whoever was decided about in the meantime is named as such."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        chosen = self.chosen(request)
        rows = [row for row in chosen if row.is_verified is is_verified or request.method == "POST"]
        rows = [row for row in rows if verification.may_decide(row, request.user)]
        if not rows:
            messages.warning(request, gettext("There is nothing to decide here, or it is not yours to decide."))
            return redirect("admin:organisations_organisation_changelist")
        form_kwargs = {"user": request.user, "organisations": rows} if form_class is AgencyForm else {}
        form = form_class(request.POST if request.method == "POST" else None, **form_kwargs)
        if form.is_valid():
            self.decide(request, rows, is_verified, form.cleaned_data.get("agency"))
            return redirect("admin:organisations_organisation_changelist")
        context = {**self.admin_site.each_context(request), **words, "form": form, "rows": rows, "opts": self.opts}
        return render(request, "admin/organisations/organisation/decide.html", context)

    def chosen(self, request):
        keys = [key for key in map(key_in, request.GET.get("ids", "").split(",")) if key]
        return list(self.get_queryset(request).filter(pk__in=keys[:100]).select_related("agency", "city"))

    def decide(self, request, rows, is_verified, agency):
        if is_verified:
            done = [row for row in rows if verification.withdraw(row, by=request.user)]
        else:
            done = [row for row in rows if verification.verify(row, by=request.user, agency=row.agency or agency)]
        for row in rows:
            if row not in done:
                messages.warning(request, gettext("Somebody else was faster: %(name)s.") % {"name": row})
        if done:
            text = ngettext("%(count)d organisation was changed.", "%(count)d organisations were changed.", len(done))
            messages.success(request, text % {"count": len(done)})


class AgencyForm(forms.Form):
    """In whose name an organisation is verified; asked only where there is a choice."""

    def __init__(self, data, *, user, organisations):
        super().__init__(data)
        agencies = verification.agencies_of(user)
        waits = any(row.kind != Organisation.Kind.AGENCY and row.agency_id is None for row in organisations)
        if waits and (user.is_superuser or len(agencies) > 1):
            self.fields["agency"] = forms.ModelChoiceField(agencies, label=_("Agency that will accompany"))
        if user.is_superuser and "agency" in self.fields:
            # Nobody picks one of all the agencies out of one long list.
            relation = Organisation._meta.get_field("agency")
            self.fields["agency"].widget = Choice(relation, admin.site)
            self.fields["agency"].widget.choices = self.fields["agency"].choices
