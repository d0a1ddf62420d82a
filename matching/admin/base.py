"""What the pages of the desk have in common. Every decision goes through ``review.py``."""

from django.contrib import messages
from django.template.response import TemplateResponse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext

from engagement.admin import HouseAdmin
from engagement.keys import key_of

from .. import desk, review
from ..models import Match
from ..refusals import AlreadyDecided, CannotDecide
from ..transitions import find_step

READ = frozenset({"view"})


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
                raise AlreadyDecided(subject)
            step = find_step(seen, to, Match.Side.STAFF)
            form = desk.DecisionForm(step, request.POST, key=key_of(subject.candidate))
            if not form.is_valid():
                return form
            match = review.decide(subject, to, by=request.user, **form.cleaned_data)
        except CannotDecide as refusal:
            self.message_user(request, str(refusal), messages.WARNING)
        else:
            self.message_user(request, said(match), messages.SUCCESS)
        return None


def said(match):
    values = {"candidate": match.candidate, "state": match.get_state_display()}
    return gettext("%(candidate)s: the state is now “%(state)s”.") % values


def sentences(rows):
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((row,) for row in rows)))
