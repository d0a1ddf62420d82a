"""The pages of matches and their history."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from engagement.keys import key_of
from engagement.scope import all_of, visible
from engagement.sidebar import TaskFilter, agency_by

from .. import desk
from ..doings import doings_of
from ..explaining import explain, explain_in_detail
from ..models import Match
from ..refusals import CannotDecide
from . import match_page
from .base import DeskAdmin
from .following import NOTES, NoteForm, ResponsibleFilter, ResponsibleForm

State = Match.State
NAMED = ["volunteer", "organisation", "responsible", "opportunity__host", "opportunity__agency"]


class MatchTaskFilter(TaskFilter):
    tasks = {
        "awaiting_answer": (_("interested, not answered yet"), "changed_at"),
        "unanswered": (_("asked a week ago, no answer"), "changed_at"),
        "trials_to_follow_up": (_("after a trial visit"), "trial_on"),
        "tried_out": (_("trial visit over, nothing agreed"), "trial_on"),
        "due_for_checkin": (_("check-ins that are due"), "checkin_due"),
        "flagged": (_("two check-ins missed"), "checkin_due"),
        "returned": (_("parked until today"), "parked_until"),
    }


@admin.register(Match)
class MatchAdmin(DeskAdmin):
    list_display = ["name", "for_opportunity", "state", "next_day", "changed_at"]
    list_filter = [
        MatchTaskFilter,
        "state",
        ResponsibleFilter,
        "origin",
        "reason",
        agency_by("opportunity__agency"),
    ]
    search_fields = ["opportunity__texts__title", "volunteer__folded_name", "organisation__name"]

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": _("Matches"), **(extra_context or {})})

    def get_queryset(self, request):
        queryset = super().get_queryset(request).decided()
        return queryset.select_related(*NAMED).prefetch_related("opportunity__texts")

    @admin.display(description=_("candidate"))
    def name(self, row):
        return format_html("<bdi>{}</bdi>", row.candidate)

    @admin.display(description=_("opportunity"))
    def for_opportunity(self, row):
        return format_html("<bdi>{}</bdi>", row.opportunity.title)

    @admin.display(description=_("next day"))
    def next_day(self, row):
        """When somebody has to look after it again."""
        return {State.TRIAL: row.trial_on, State.PLACED: row.checkin_due}.get(row.state, row.parked_until)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The match with its history, and a button for each step that is possible from here."""
        match = self.get_object(request, object_id)
        if match is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, match):
            raise PermissionDenied
        form = self.act(request, match) if request.method == "POST" else None
        if request.method == "POST" and form is None:
            return redirect(request.path)
        return self.page(request, "match/change_form", str(match), **self.about(match, request.user, form))

    def act(self, request, match):
        """Take the step, or keep the note, that was posted. Returns a form of a step that has errors."""
        kind = NOTES.get(request.POST.get("note_of", ""))
        return self.keep_note(request, kind(match, request.POST)) if kind else self.decide(request, match)

    def keep_note(self, request, form):
        if not form.is_valid():
            for error in form.refused:
                self.message_user(request, error, messages.WARNING)
            return
        try:
            self.message_user(request, form.keep(request.user), messages.SUCCESS)
        except CannotDecide as refusal:
            self.message_user(request, str(refusal), messages.WARNING)

    def about(self, match, user, unfinished):
        key = key_of(match.candidate)
        events = list(match.events.select_related("by", "person", "match__volunteer", "match__organisation"))
        return {
            "match": match,
            "is_known": match.volunteer is None or visible(all_of(match.volunteer), user).exists(),
            "key": key,
            "path": match_page.path(match, events),
            "events": events,
            "mails": match_page.mails(match),
            "tongues": match_page.tongues(match.candidate),
            "shows_contact": match_page.shows_contact(match),
            "load": doings_of([match.candidate], user)[key].load,
            "placed": match.opportunity.matches.placed().count(),
            "forms": desk.forms_for(match.state, key, unfinished and (key, unfinished), match.opportunity),
            "note_form": NoteForm(match),
            "responsible_form": ResponsibleForm(match),
            "check_ins": Match.CheckIn.choices,
            "impressions": Match.Impression.choices,
            "is_flagged": match.is_flagged(),
            "courses": explain_in_detail(match.opportunity, match.candidate, user).courses,
            "explanation": explain(match.opportunity, match.candidate),
        }
