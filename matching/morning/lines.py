"""One row of a task by name, with what somebody needs before they open it or reach for the phone."""

from dataclasses import dataclass
from datetime import date
from functools import singledispatch

from django.db.models import Model
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagement.models import Mail
from organisations.models import Opportunity, Organisation
from volunteers.models import Volunteer

from ..models import HandOver, Match
from .kinds import CONFIRM, NOTHING, REVIEW, Kind


@dataclass(frozen=True)
class Line:
    """``name`` and ``about`` are words of people: each may run in its own direction. ``when`` is a sentence."""

    name: str
    about: list[str]
    url: str
    when: str
    # Where the row can be settled without being opened.
    confirm_url: str = ""


def line_of(row: Model, kind: Kind, since: date | None, today: date) -> Line:
    name, about, url = told(row)
    if kind is REVIEW:
        url = reverse("admin:matching_suggestion_review", args=[row.pk])
    if kind is NOTHING:
        url = reverse("admin:matching_suggestion_volunteer", args=[row.pk])
    confirm_url = reverse("admin:organisations_opportunity_confirm", args=[row.pk]) if kind is CONFIRM else ""
    when = how_long((today - since).days) if since else ""
    return Line(name, [part for part in about if part], url, when, confirm_url)


def how_long(days: int) -> str:
    if days < 0:
        return ngettext("in %(days)s day", "in %(days)s days", -days) % {"days": -days}
    if days == 0:
        return _("today")
    return ngettext("for %(days)s day", "for %(days)s days", days) % {"days": days}


@singledispatch
def told(row) -> tuple[str, list[str], str]:
    """Name, what else to know, and the page of a row."""
    raise NotImplementedError(row)  # A kind of rows that nobody has taught the desk to name.


@told.register
def _match(match: Match):
    call_times = match.volunteer.call_times if match.volunteer else ""
    return str(match.candidate), [match.opportunity.title, call_times], change_url(match)


@told.register
def _opportunity(opportunity: Opportunity):
    until = opportunity.valid_until
    ends = _("until %(date)s") % {"date": date_format(until, "SHORT_DATE_FORMAT")} if until else ""
    return opportunity.title or _("(no title)"), [opportunity.host.name, ends], change_url(opportunity)


@told.register
def _volunteer(volunteer: Volunteer):
    place = volunteer.neighbourhood
    return volunteer.short_name, [place.name if place else "", volunteer.get_channel_display()], change_url(volunteer)


@told.register
def _organisation(organisation: Organisation):
    return organisation.name, [organisation.get_kind_display(), organisation.contact_name], change_url(organisation)


@told.register
def _hand_over(hand_over: HandOver):
    return str(hand_over.volunteer), [hand_over.from_agency.name], change_url(hand_over)


@told.register
def _mail(mail: Mail):
    return mail.to, [mail.subject], change_url(mail)


def change_url(row: Model) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
