"""The pages of the queue: one opportunity with its best candidates, one candidate with the best opportunities."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from engagement.keys import key_in, key_of
from engagement.scope import visible
from organisations.models import Opportunity, Organisation
from volunteers.models import Volunteer

from .. import desk, queues, review, undoing
from ..doings import declines_of
from ..models import Match, MatchEvent
from ..refusals import CannotDecide, NoSuchStep
from ..transitions import NEW, find_step

# What is decided about several at once, on the page itself.
FOR_SEVERAL = [Match.State.PROPOSED, Match.State.DECLINED]
MOST_EVENTS = 100


@dataclass
class Left:
    """What a page shows again: the form of one card, or that of the marked ones."""

    one: tuple[str, desk.DecisionForm] | None = None
    several: desk.DecisionForm | None = None
    marked: set[str] = field(default_factory=set)


def told_by(candidate):
    """What the rule reads of a candidate, in the words of the two kinds."""
    if isinstance(candidate, Volunteer):
        return {
            "languages": candidate.spoken_languages.select_related("language"),
            "skills": candidate.competences.select_related("skill"),
        }
    return {"languages": candidate.member_languages.select_related("language"), "skills": candidate.skills.all()}


def profile_of(candidate):
    return reverse(f"admin:{candidate._meta.app_label}_{candidate._meta.model_name}_change", args=[candidate.pk])


class ReviewPages:
    """The part of the desk's page of suggestions that shows them one after another."""

    def get_urls(self):
        def of(view):
            return self.admin_site.admin_view(view)

        return [
            path("opportunity/<int:pk>/", of(self.review_view), name="matching_suggestion_review"),
            path("volunteer/<int:pk>/", of(self.volunteer_view), name="matching_suggestion_volunteer"),
            path("organisation/<int:pk>/", of(self.organisation_view), name="matching_suggestion_organisation"),
            path("undo/", of(require_POST(self.undo_view)), name="matching_suggestion_undo"),
            *super().get_urls(),
        ]

    # --- One opportunity ---

    def review_view(self, request, pk):
        self.check_view(request)
        mine = Opportunity.objects.looked_after_by(request.user).select_related(*queues.OF_OPPORTUNITY)
        opportunity = get_object_or_404(mine, pk=pk)
        queue = queues.OpportunityQueue(opportunity, request.user)
        left = self.answer(request, queue)
        waiting = self.waiting_opportunities(request)
        before, after = [pk for pk in waiting if pk < opportunity.pk], [pk for pk in waiting if pk > opportunity.pk]
        if left is None:
            return redirect(self.after(request, queue, after or before[:1]))
        context = {
            **self.about_opportunity(opportunity),
            "declines": declines_of(opportunity),
            "previous": before[-1] if before else None,
            "next": after[0] if after else None,
            "number": len(before) + 1,
            "total": len(set(waiting) | {opportunity.pk}),
        }
        return self.show(request, "suggestion/review", _("Review suggestions"), queue, left, context)

    def after(self, request, queue, others):
        """Where to go after a decision: the page itself, and once nobody waits there, the next opportunity."""
        if others and not queue.subjects():
            return reverse("admin:matching_suggestion_review", args=others[:1])
        return request.path

    # --- One candidate ---

    def volunteer_view(self, request, pk):
        return self.candidate_view(request, get_object_or_404(Volunteer.objects.select_related("neighbourhood"), pk=pk))

    def organisation_view(self, request, pk):
        groups = Organisation.objects.self_organisations().select_related("neighbourhood")
        return self.candidate_view(request, get_object_or_404(groups, pk=pk))

    def candidate_view(self, request, candidate):
        """What suits this candidate? Whoever may see the profile, or has a suggestion of them to decide."""
        self.check_view(request)
        queue = queues.CandidateQueue(candidate, request.user)
        is_known = visible(type(candidate).objects.filter(pk=candidate.pk), request.user).exists()
        if not is_known and not queue.subjects():
            raise Http404
        left = self.answer(request, queue)
        if left is None:
            return redirect(request.path if is_known or queue.subjects() else "admin:matching_suggestion_changelist")
        title = gettext("What suits %(candidate)s?") % {"candidate": candidate}
        previous, following = queue.neighbours()
        context = {
            "candidate": candidate,
            "kind": queue.kind,
            "page": f"admin:matching_suggestion_{queue.kind}",
            "previous": previous,
            "next": following,
            "profile": profile_of(candidate) if is_known else "",
            **told_by(candidate),
            "days": desk.days(),
            "doings": queue.doings[key_of(candidate)],
        }
        return self.show(request, "suggestion/candidate", title, queue, left, context)

    # --- Both ---

    def check_view(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied

    def show(self, request, template, title, queue, left, context):
        decline = find_step(NEW, Match.State.DECLINED, Match.Side.STAFF)
        several = left.several or desk.DecisionForm(decline, key="several")
        cards = queue.cards(left.one)
        shown = {"cards": cards, "name": queue.name, "several": several, "marked": left.marked}
        return self.page(request, template, title, is_cut=len(cards) >= queues.LONGEST, **shown, **context)

    def answer(self, request, queue):
        """Take what was posted. Returns what the page shows again, or None if nothing is left to say."""
        if request.method != "POST":
            return Left()
        return self.decide_marked(request, queue) if "several" in request.POST else self.decide_one(request, queue)

    def decide_one(self, request, queue):
        key = request.POST.get(queue.name, "")
        subject = queue.find(key)
        if subject is None:
            self.tell_gone(request)
            return None
        form = self.decide(request, subject, key)
        return Left(one=(key, form)) if form else None

    def tell_gone(self, request):
        gone = gettext("This suggestion is gone: the profile or the opportunity has changed.")
        self.message_user(request, gone, messages.WARNING)
        self.keep_note(request)

    def decide_marked(self, request, queue):
        to, marked = request.POST.get("to", ""), request.POST.getlist("marked")[: 2 * queues.LONGEST]
        if to not in FOR_SEVERAL or not marked:
            refusal = gettext("Please mark somebody first.") if to in FOR_SEVERAL else str(NoSuchStep())
            self.message_user(request, refusal, messages.WARNING)
            return Left(marked=set(marked))
        form = desk.DecisionForm(find_step(NEW, to, Match.Side.STAFF), request.POST, key="several")
        if not form.is_valid():
            return Left(several=form, marked=set(marked))
        self.decide_each(request, self.found(request, queue, marked), to, form.cleaned_data)
        return None

    def found(self, request, queue, marked):
        """The pairs that are marked and still as the page showed them."""
        for mark in marked:
            key, _colon, seen = mark.partition(":")
            subject = queue.find(key)
            if subject is None:
                self.tell_gone(request)
            elif self.is_as_seen(request, subject, seen):
                yield subject

    def is_as_seen(self, request, subject, seen):
        try:
            desk.check_seen(subject, seen)
        except CannotDecide as refusal:
            self.message_user(request, str(refusal), messages.WARNING)
            return False
        return True

    def decide_each(self, request, subjects, to, answers):
        """The same decision on each of them, at one moment, so that it can be taken back with one press."""
        # Always in the same order, so that two people with overlapping selections do not wait for each other.
        rows = sorted(subjects, key=lambda row: (row.volunteer_id or 0, row.organisation_id or 0, row.opportunity_id))
        now = timezone.now()
        decided = sum(self.is_decided(request, row, to, {**answers, "now": now}) for row in rows)
        if decided:
            stored = ngettext("One decision is stored.", "%(number)s decisions are stored.", decided)
            self.message_user(request, stored % {"number": decided}, messages.SUCCESS)

    def is_decided(self, request, subject, to, answers):
        """Whether the decision is stored; if not, a message says why."""
        try:
            review.decide(subject, to, by=request.user, **answers)
        except CannotDecide as refusal:
            self.message_user(request, str(refusal), messages.WARNING)
            return False
        return True

    # --- Taking back ---

    def undo_view(self, request):
        keys = [key for key in map(key_in, request.POST.getlist("event")[:MOST_EVENTS]) if key]
        seen = visible(Match.objects.all(), request.user)
        events = MatchEvent.objects.filter(pk__in=keys, match__in=seen).order_by("match").select_related("match", "by")
        undone = [match for match in (self.undo(request, event) for event in events) if match]
        if undone:
            names = ", ".join(str(match.candidate) for match in undone)
            back = gettext("Taken back, and as it was before: %(names)s.") % {"names": names}
            self.message_user(request, back, messages.SUCCESS)
        return redirect(self.back(request, undone))

    def undo(self, request, event):
        try:
            return undoing.undo(event, by=request.user)
        except CannotDecide as refusal:
            self.message_user(request, str(refusal), messages.WARNING)
            return None

    def back(self, request, undone):
        """Where the button was pressed; from the page of a match that is none any more, to its opportunity."""
        where = request.POST.get("back", "")
        for match in undone:
            if match.state == NEW and where == reverse("admin:matching_match_change", args=[match.pk]):
                url = reverse("admin:matching_suggestion_review", args=[match.opportunity_id])
                return f"{url}#{key_of(match.candidate)}"
        own = url_has_allowed_host_and_scheme(where, allowed_hosts=None)
        return where if own else reverse("admin:matching_suggestion_changelist")
