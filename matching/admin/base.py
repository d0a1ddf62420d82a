"""What the pages of the desk have in common. Every decision goes through ``review.py``."""

from django.contrib import messages
from django.template.response import TemplateResponse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext

from engagement.admin import HouseAdmin
from engagement.keys import key_of

from .. import desk, review, undoing
from ..models import Match
from ..refusals import AlreadyDecided, CannotDecide
from ..transitions import STEPS, find_step

READ = frozenset({"view"})


class DeskAdmin(HouseAdmin):
    """Pages on which staff decide. Rows are neither added, changed nor deleted by hand."""

    staff_may = administrators_may = READ
    # There is no form: pages of their own show the rows.
    fields = []

    def page(self, request, template, title, **context):
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, **context}
        context["undoable"] = undoing.undoable(request.user)
        return TemplateResponse(request, f"admin/matching/{template}.html", context)

    def decide(self, request, subject, key=""):
        """Take the decision that was posted; ``key`` names its card. Returns the form if there is still something to
        say in it; all else is said in a message."""
        key = key or key_of(subject.candidate)
        seen, to = request.POST.get("seen", ""), request.POST.get("to", "")
        try:
            desk.check_seen(subject, seen)
            form = desk.DecisionForm(find_step(seen, to, Match.Side.STAFF), request.POST, key=key)
            if not form.is_valid():
                return form
            match = review.decide(subject, to, by=request.user, **form.cleaned_data)
        except AlreadyDecided as first:
            self.message_user(request, str(first), messages.WARNING)
            return self.ask_again(request, first, key)
        except CannotDecide as refusal:
            self.message_user(request, str(refusal), messages.WARNING)
        else:
            self.message_user(request, said(match), messages.SUCCESS)
        return None

    def ask_again(self, request, first, key):
        """What somebody typed on a page that was out of date is not lost: the same step from where it stands now, or
        at least the note."""
        step = STEPS.get((first.match.state, request.POST.get("to", ""), Match.Side.STAFF))
        if step and step.asks:
            form = desk.DecisionForm(step, request.POST, key=key)
            form.add_error(None, gettext("Please decide again, or leave it as it is."))
            return form
        self.keep_note(request)
        return None

    def keep_note(self, request):
        if note := request.POST.get("note", "").strip():
            kept = gettext("Your note was not stored: “%(note)s”") % {"note": note[:1000]}
            self.message_user(request, kept, messages.WARNING)


def said(match):
    values = {"candidate": match.candidate, "state": match.get_state_display()}
    return gettext("%(candidate)s: the state is now “%(state)s”.") % values


def sentences(rows):
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((row,) for row in rows)))
