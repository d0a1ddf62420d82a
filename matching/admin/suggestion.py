"""The pages on which staff review suggestions, and ask about any pair."""

import re

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from engagement import times
from engagement.keys import A_KEY, key_in, key_of
from organisations.models import Opportunity

from .. import desk, inquiry, queues, undoing, waiting
from ..explaining import explain_all, explain_in_detail
from ..models import Match, Suggestion
from ..transitions import NEW, find_step
from .base import DeskAdmin, sentences
from .reviewing import ReviewPages

# A row of the list as its page posts it back: suggestion, opportunity, kind and key of the candidate.
ROW = re.compile(rf"({A_KEY}):({A_KEY}):((?:volunteer|organisation)-{A_KEY})", re.ASCII)


class OpportunityFilter(admin.SimpleListFilter):
    title = _("opportunity")
    parameter_name = "opportunity"

    def lookups(self, request, model_admin):
        waiting = model_admin.get_queryset(request).values("opportunity")
        opportunities = Opportunity.objects.filter(pk__in=waiting).prefetch_related("texts").order_by("pk")
        return [(opportunity.pk, opportunity.title) for opportunity in opportunities[:200]]

    def queryset(self, request, queryset):
        key = key_in(self.value() or "")
        return queryset if key is None else queryset.filter(opportunity=key)


class KindFilter(admin.SimpleListFilter):
    title = _("kind of candidate")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return [("volunteer", _("volunteer")), ("organisation", _("self-organisation"))]

    def queryset(self, request, queryset):
        chosen = self.value() in ("volunteer", "organisation")
        return queryset.filter(**{f"{self.value()}__isnull": False}) if chosen else queryset


@admin.register(Suggestion)
class SuggestionAdmin(ReviewPages, DeskAdmin):
    """The queue: best first, over all opportunities of the agency; and one page for each opportunity."""

    list_display = ["name", "for_opportunity", "score_column", "reasons", "still_open"]
    # Each of the two columns leads somewhere by itself.
    list_display_links = None
    list_filter = [KindFilter, OpportunityFilter]
    # Of somebody who has not been asked yet staff know no more than the first name.
    search_fields = ["opportunity__texts__title", "^volunteer__folded_name", "organisation__name"]
    ordering = ["-standing", "pk"]
    actions = ["accept_selected", "park_selected", "decline_selected"]
    list_per_page = 20
    change_list_template = "admin/matching/suggestion/change_list.html"

    def get_queryset(self, request):
        queryset = super().get_queryset(request).undecided()
        return queryset.select_related("volunteer", "organisation").prefetch_related("opportunity__texts")

    def get_urls(self):
        why_view = self.admin_site.admin_view(self.why_view)
        return [path("why/", why_view, name="matching_suggestion_why"), *super().get_urls()]

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
        pair = f"{row.pk}:{row.opportunity_id}:{key_of(row.candidate)}"
        kind = row.candidate._meta.model_name
        url = reverse(f"admin:matching_suggestion_{kind}", args=[row.candidate.pk])
        link = '<a href="{}"><bdi>{}</bdi></a><input type="hidden" name="pair" value="{}">'
        return format_html(link, url, row.candidate, pair)

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
        context["undoable"] = undoing.undoable(request.user)
        return super().changelist_view(request, {**context, **(extra_context or {})})

    # --- One opportunity after another ---

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """A suggestion is looked at among the others for the same opportunity."""
        suggestion = self.get_object(request, object_id)
        if suggestion is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        url = reverse("admin:matching_suggestion_review", args=[suggestion.opportunity_id])
        return redirect(f"{url}#{key_of(suggestion.candidate)}")

    def waiting_opportunities(self, request):
        """Keys of the opportunities on which somebody waits for a decision, in a steady order."""
        mine = Opportunity.objects.looked_after_by(request.user)
        return list(waiting.to_review(mine).order_by("pk").values_list("pk", flat=True))

    # --- Any pair ---

    def why_view(self, request):
        """Why a pair is suggested, or why not, and what would change it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = inquiry.PairForm(request.GET, user=request.user)
        is_asked = form.is_valid()
        pair = (form.cleaned_data["opportunity"], form.candidate) if is_asked else ()
        context = self.about_pair(*pair, request.user) if is_asked else {}
        return self.page(request, "suggestion/why", _("Why, or why not?"), form=form, **context)

    def about_pair(self, opportunity, candidate, user):
        card = desk.card_of(opportunity, candidate, user)
        details = explain_in_detail(opportunity, candidate, user)
        pair = {"card": card, "answer": inquiry.answer(card), "factors": inquiry.factors(card, details)}
        return {**self.about_opportunity(opportunity), **pair, "courses": details.courses}

    def about_opportunity(self, opportunity):
        """What stands beside the candidates of every kind of page."""
        return {
            "opportunity": opportunity,
            "placed": opportunity.matches.placed().count(),
            "days": desk.days(),
            "slots": [times.label(slot) for slot in opportunity.times],
        }

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
        step = find_step(NEW, to, Match.Side.STAFF)
        form = desk.DecisionForm(step, request.POST if "confirmed" in request.POST or not step.asks else None)
        if not form.is_valid():
            return self.ask(request, queryset, form)
        self.decide_each(request, [*queryset, *self.found_again(request, queryset)], to, form.cleaned_data)
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

    def found_again(self, request, queryset):
        """Pairs that were chosen and whose row is gone: the machine has written it anew, or somebody has decided."""
        there = {str(pk) for pk in queryset.values_list("pk", flat=True)}
        gone = set(request.POST.getlist(ACTION_CHECKBOX_NAME)) - there
        rows = filter(None, map(ROW.fullmatch, request.POST.getlist("pair")))
        for number, key in (row.group(2, 3) for row in rows if row[1] in gone):
            opportunity = Opportunity.objects.looked_after_by(request.user).filter(pk=number).first()
            if opportunity:
                yield from self.found(request, queues.OpportunityQueue(opportunity, request.user), [f"{key}:"])
