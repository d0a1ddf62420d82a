"""The desk's pages for suggestions and matches. Every decision goes through ``review.py``."""

import re

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from engagement import times
from engagement.admin import HouseAdmin
from engagement.scope import visible
from organisations.models import Opportunity

from . import curves, desk, inquiry, review, waiting, weighing
from .explaining import explain, explain_all
from .models import Match, NightlyFigures, Rule, Suggestion, WaitingVolunteer, looked_after_by
from .scoring import FACTORS

READ = frozenset({"view"})
# A row of the list as its page posts it back: suggestion, opportunity, kind and key of the candidate.
ROW = re.compile(r"(\d{1,18}):(\d{1,18}):((?:volunteer|organisation)-\d{1,18})", re.ASCII)


class DeskAdmin(HouseAdmin):
    """Pages on which staff decide. Rows are neither added, changed nor deleted by hand."""

    staff_may = administrators_may = READ
    # There is no form: pages of their own show the rows.
    fields = []

    def page(self, request, template, title, **context):
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, **context}
        return TemplateResponse(request, f"admin/matching/{template}.html", context)

    def decide(self, request, subject):
        """Take the decision that was posted. Returns the form if it has errors; all else is said in a message."""
        try:
            seen, to = request.POST.get("seen", ""), request.POST.get("to", "")
            if desk.state_of(subject) != seen:
                raise review.AlreadyDecided(subject)
            step = review.find_step(seen, to, Match.Side.STAFF)
            form = desk.DecisionForm(step, request.POST, key=desk.key_of(subject.candidate))
            if not form.is_valid():
                return form
            match = review.decide(subject, to, by=request.user, **form.cleaned_data)
        except review.CannotDecide as refusal:
            self.message_user(request, str(refusal), messages.WARNING)
        else:
            self.message_user(request, said(match), messages.SUCCESS)
        return None


def said(match):
    values = {"candidate": match.candidate, "state": match.get_state_display()}
    return gettext("%(candidate)s: the state is now “%(state)s”.") % values


class OpportunityFilter(admin.SimpleListFilter):
    title = _("opportunity")
    parameter_name = "opportunity"

    def lookups(self, request, model_admin):
        waiting = model_admin.get_queryset(request).values("opportunity")
        opportunities = Opportunity.objects.filter(pk__in=waiting).prefetch_related("texts").order_by("pk")
        return [(opportunity.pk, opportunity.title) for opportunity in opportunities[:200]]

    def queryset(self, request, queryset):
        value = self.value() or ""
        return queryset.filter(opportunity=int(value)) if value.isdecimal() else queryset


class KindFilter(admin.SimpleListFilter):
    title = _("kind of candidate")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return [("volunteer", _("volunteer")), ("organisation", _("self-organisation"))]

    def queryset(self, request, queryset):
        chosen = self.value() in ("volunteer", "organisation")
        return queryset.filter(**{f"{self.value()}__isnull": False}) if chosen else queryset


def sentences(rows):
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((row,) for row in rows)))


@admin.register(Suggestion)
class SuggestionAdmin(DeskAdmin):
    """The queue: best first, over all opportunities of the agency; and one page for each opportunity."""

    list_display = ["name", "for_opportunity", "score_column", "reasons", "still_open"]
    list_filter = [KindFilter, OpportunityFilter]
    search_fields = ["opportunity__texts__title", "volunteer__first_name", "organisation__name"]
    ordering = ["-standing", "pk"]
    actions = ["accept_selected", "park_selected", "decline_selected"]
    list_per_page = 20
    change_list_template = "admin/matching/suggestion/change_list.html"

    def get_queryset(self, request):
        queryset = super().get_queryset(request).undecided()
        return queryset.select_related("volunteer", "organisation").prefetch_related("opportunity__texts")

    def get_urls(self):
        review_view, why_view = map(self.admin_site.admin_view, (self.review_view, self.why_view))
        return [
            path("opportunity/<int:pk>/", review_view, name="matching_suggestion_review"),
            path("why/", why_view, name="matching_suggestion_why"),
            *super().get_urls(),
        ]

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        changelist.result_list = list(changelist.result_list)
        pairs = [(row.opportunity, row.candidate) for row in changelist.result_list]
        for row, explanation in zip(changelist.result_list, explain_all(pairs), strict=True):
            row.explanation = explanation.short()
        return changelist

    @admin.display(description=_("candidate"))
    def name(self, row):
        # The hidden field says which pair this row was, should somebody decide before the page is sent.
        pair = f"{row.pk}:{row.opportunity_id}:{desk.key_of(row.candidate)}"
        return format_html('<bdi>{}</bdi><input type="hidden" name="pair" value="{}">', row.candidate, pair)

    @admin.display(description=_("opportunity"))
    def for_opportunity(self, row):
        url = reverse("admin:matching_suggestion_review", args=[row.opportunity_id])
        return format_html('<a href="{}"><bdi>{}</bdi></a>', url, row.opportunity.title)

    @admin.display(description=_("score"), ordering="standing")
    def score_column(self, row):
        return round(row.score)

    @admin.display(description=_("reasons"))
    def reasons(self, row):
        return sentences(row.explanation.reasons)

    @admin.display(description=_("still open"))
    def still_open(self, row):
        return sentences(row.explanation.open_points)

    def changelist_view(self, request, extra_context=None):
        first = next(iter(self.waiting_opportunities(request)), None)
        context = {"title": _("Suggestions, the best first"), "first_waiting": first}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    # --- One opportunity after another ---

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """A suggestion is looked at among the others for the same opportunity."""
        suggestion = self.get_object(request, object_id)
        if suggestion is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        url = reverse("admin:matching_suggestion_review", args=[suggestion.opportunity_id])
        return redirect(f"{url}#{desk.key_of(suggestion.candidate)}")

    def review_view(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        opportunity = get_object_or_404(looked_after_by(request.user).select_related("field", "host", "city"), pk=pk)
        unfinished = None
        if request.method == "POST":
            key = request.POST.get("candidate", "")
            form = self.decide_for(request, opportunity, key)
            if form is None:
                return redirect(request.path)
            unfinished = (key, form)
        return self.page(
            request, "suggestion/review", _("Review suggestions"), **self.about(request, opportunity, unfinished)
        )

    def decide_for(self, request, opportunity, key):
        subject = desk.find_subject(opportunity, key)
        if subject is None:
            gone = gettext("This suggestion is gone: the profile or the opportunity has changed.")
            return self.message_user(request, gone, messages.WARNING)
        return self.decide(request, subject)

    def about(self, request, opportunity, unfinished):
        queue = self.waiting_opportunities(request)
        after = [pk for pk in queue if pk > opportunity.pk]
        before = [pk for pk in queue if pk < opportunity.pk]
        return {
            "opportunity": opportunity,
            "placed": opportunity.matches.placed().count(),
            "cards": desk.cards(opportunity, unfinished),
            "days": desk.days(),
            "slots": [times.label(slot) for slot in opportunity.times],
            "previous": before[-1] if before else None,
            "next": after[0] if after else None,
            "number": len(before) + 1,
            "total": len(set(queue) | {opportunity.pk}),
        }

    def waiting_opportunities(self, request):
        """Keys of the opportunities on which somebody waits for a decision, in a steady order."""
        waiting = [self.get_queryset(request), visible(Match.objects.returned(), request.user)]
        return sorted({pk for rows in waiting for pk in rows.values_list("opportunity", flat=True)})

    # --- Any pair ---

    def why_view(self, request):
        """Why a pair is suggested, or why not, and what would change it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = inquiry.PairForm(request.GET, user=request.user)
        context = {"form": form}
        if form.is_valid():
            opportunity = form.cleaned_data["opportunity"]
            card = desk.card_of(opportunity, form.candidate)
            context |= {
                "card": card,
                "answer": inquiry.answer(card),
                "opportunity": opportunity,
                "placed": opportunity.matches.placed().count(),
                "days": desk.days(),
                "slots": [times.label(slot) for slot in opportunity.times],
            }
        return self.page(request, "suggestion/why", _("Why, or why not?"), **context)

    # --- Several at once ---

    @admin.action(description=_("Accept the selected suggestions"))
    def accept_selected(self, request, queryset):
        return self.decide_selected(request, queryset, Match.State.PROPOSED)

    @admin.action(description=_("Park the selected suggestions until …"))
    def park_selected(self, request, queryset):
        return self.decide_selected(request, queryset, Match.State.PARKED)

    @admin.action(description=_("Decline the selected suggestions, with a reason"))
    def decline_selected(self, request, queryset):
        return self.decide_selected(request, queryset, Match.State.DECLINED)

    def decide_selected(self, request, queryset, to):
        step = review.find_step(review.NEW, to, Match.Side.STAFF)
        form = desk.DecisionForm(step, request.POST if "confirmed" in request.POST or not step.asks else None)
        if not form.is_valid():
            return self.ask(request, queryset, form)
        self.tell_what_others_decided(request, queryset)
        decided = 0
        # Always in the same order, so that two people with overlapping selections do not wait for each other.
        for suggestion in queryset.order_by("volunteer", "organisation", "opportunity"):
            try:
                review.decide(suggestion, to, by=request.user, **form.cleaned_data)
                decided += 1
            except review.CannotDecide as refusal:
                self.message_user(request, str(refusal), messages.WARNING)
        if decided:
            stored = ngettext("One decision is stored.", "%(number)s decisions are stored.", decided)
            self.message_user(request, stored % {"number": decided}, messages.SUCCESS)
        return None

    def ask(self, request, queryset, form):
        """The page between: what the decision asks for, and whom it is about."""
        return self.page(
            request,
            "suggestion/decide_selected",
            form.step.label,
            form=form,
            suggestions=queryset,
            action=request.POST.get("action", ""),
            selected=request.POST.getlist(ACTION_CHECKBOX_NAME),
            pairs=request.POST.getlist("pair"),
            action_checkbox_name=ACTION_CHECKBOX_NAME,
        )

    def tell_what_others_decided(self, request, queryset):
        there = {str(pk) for pk in queryset.values_list("pk", flat=True)}
        gone = set(request.POST.getlist(ACTION_CHECKBOX_NAME)) - there
        for row in filter(None, map(ROW.fullmatch, request.POST.getlist("pair"))):
            opportunity = looked_after_by(request.user).filter(pk=row[2]).first()
            subject = desk.find_subject(opportunity, row[3]) if opportunity and row[1] in gone else None
            if isinstance(subject, Match):
                self.message_user(request, str(review.AlreadyDecided(subject)), messages.WARNING)


@admin.register(Match)
class MatchAdmin(DeskAdmin):
    list_display = ["name", "for_opportunity", "state", "parked_until", "changed_at"]
    list_filter = ["state", "origin", "reason"]
    search_fields = ["opportunity__texts__title", "volunteer__first_name", "organisation__name"]

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": _("Matches"), **(extra_context or {})})

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        return queryset.select_related("volunteer", "organisation").prefetch_related("opportunity__texts")

    @admin.display(description=_("candidate"))
    def name(self, row):
        return format_html("<bdi>{}</bdi>", row.candidate)

    @admin.display(description=_("opportunity"))
    def for_opportunity(self, row):
        return format_html("<bdi>{}</bdi>", row.opportunity.title)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The match with its history, and a button for each step that is possible from here."""
        match = self.get_object(request, object_id)
        if match is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, match):
            raise PermissionDenied
        key = desk.key_of(match.candidate)
        unfinished = None
        if request.method == "POST":
            form = self.decide(request, match)
            if form is None:
                return redirect(request.path)
            unfinished = (key, form)
        return self.page(
            request,
            "match/change_form",
            str(match),
            match=match,
            key=key,
            forms=desk.forms_for(match.state, key, unfinished),
            explanation=explain(match.opportunity, match.candidate),
            events=match.events.select_related("by", "match__volunteer", "match__organisation"),
        )


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


@admin.register(WaitingVolunteer)
class WaitingVolunteerAdmin(DeskAdmin):
    """Those of one's own people for whom nothing has happened for more than two weeks, the longest first."""

    list_display = ["short_name", "neighbourhood", "waits_since", "has_ideas"]
    list_select_related = ["neighbourhood__city"]
    search_fields = ["first_name", "last_name"]

    def get_queryset(self, request):
        people = waiting.idle(super().get_queryset(request).available())
        return people.annotate(is_suggested=Exists(Suggestion.objects.filter(volunteer=OuterRef("pk")).undecided()))

    def changelist_view(self, request, extra_context=None):
        title = _("Nothing has happened for them for more than two weeks")
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    @admin.display(description=_("waits since"), ordering="waiting_since")
    def waits_since(self, row):
        return date_format(timezone.localtime(row.waiting_since), "DATE_FORMAT")

    @admin.display(description=_("in somebody's queue"), boolean=True)
    def has_ideas(self, row):
        return row.is_suggested

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Whoever looks closer wants the profile."""
        return redirect("admin:volunteers_volunteer_change", object_id)


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
