"""The pages on which administrators change how much each factor counts."""

from django.contrib import admin, messages
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engagement.admin import HouseAdmin

from .. import weighing
from ..judging import FACTORS
from ..models import Rule
from .base import sentences


@admin.register(Rule)
class RuleAdmin(HouseAdmin):
    """What counts how much. Administrators change it by adding a version; what was in force before stays to be read."""

    administrators_may = frozenset({"view", "add"})
    form = weighing.RuleForm
    list_display = ["version", "created_at", "changed_by", "changes", "reason"]
    list_select_related = ["before", "changed_by"]

    def get_fieldsets(self, request, obj=None):
        if obj:
            return [
                (
                    None,
                    {"fields": ["version", "created_at", "changed_by", "reason", "changes", *FACTORS, "text_version"]},
                )
            ]
        consequence = _(
            "The six weights make 100 together. When you save, they are in force, and everything is scored anew. "
            "What people decided stays."
        )
        return [(None, {"fields": [*FACTORS, "note"], "description": consequence})]

    @admin.display(description=_("what changed"), empty_value="–")
    def changes(self, rule):
        sentence = gettext("%(factor)s: %(now)s, before %(before)s")
        changes = [
            sentence % {"factor": weighing.label(factor), "now": now, "before": before}
            for factor, before, now in rule.changes
        ]
        return sentences(changes) if changes else None

    @admin.display(description=_("why"))
    def reason(self, rule):
        return rule.reason

    def add_view(self, request, form_url="", extra_context=None):
        # Each version is looked at before the next.
        one = {"title": _("Change the weights"), "show_save_and_add_another": False, "show_save_and_continue": False}
        return super().add_view(request, form_url, {**one, **(extra_context or {})})

    def save_model(self, request, obj, form, change):
        weighing.put_in_force(obj, by=request.user)

    def response_add(self, request, obj, post_url_continue=None):
        said = gettext("Version %(version)s of the weights is in force. Everything is scored anew now.")
        self.message_user(request, said % {"version": obj.version}, messages.SUCCESS)
        return redirect("admin:matching_rule_changelist")
