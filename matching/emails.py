"""What we tell whom: one short function a mail. None of them carries a way to reach a volunteer, nor a last name."""

from datetime import date

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation

from engagement import mail
from engagement.models import Mail, User
from organisations import staffing
from volunteers.models import Volunteer

from . import tickets
from .explaining import explain
from .models import Match, MatchEvent

ACCEPTED = "matching/email/match_accepted"
WAY_BACK = "matching/email/way_back"


def tell_coordinator_of_match(match: Match, by: User | None) -> None:
    """Somebody at the office accepted a suggestion: who it is, why it fits, what is open, what to do now.

    It waits as long as the decision may be taken back.
    """
    tell_coordinators(match, ACCEPTED, by, due_at=match.events.last().undo_until)


def take_back_acceptance(match: Match, by: User | None) -> None:  # noqa: ARG001 (what follows is called alike)
    """Nobody hears of a decision that was taken back within its ten minutes."""
    mail.take_back(f"{ACCEPTED}:{match.events.last().pk}:")


def tell_coordinator_of_interest(match: Match, by: User | None) -> None:
    """A volunteer or a self-organisation said "I am interested" and waits for an answer."""
    tell_coordinators(match, "matching/email/interest_expressed", by)


def tell_coordinators(match: Match, template: str, by: User | None, **when) -> None:
    event = match.events.last()
    for reader in coordinators(match):
        with translation.override(reader.language):
            mail.post(
                key=f"{template}:{event.pk}:{reader.pk}",
                to=reader.email,
                language=reader.language,
                template=template,
                context=about(match, reader, by),
                **when,
            )


def coordinators(match: Match):
    """The coordinator of the opportunity, or else everybody at the desk of its agency.

    Only members of that agency: a host hears of nobody before their yes, and who has left the office of nobody at all.
    """
    desk = staffing.desk_of(match.opportunity.agency)
    return desk.filter(pk=match.opportunity.coordinator_id) or desk


def about(match: Match, reader: User, by: User | None) -> dict:
    explanation = explain(match.opportunity, match.candidate).short()
    return {
        "match": match,
        "opportunity": match.opportunity,
        "title": match.opportunity.text,
        "candidate": match.candidate,
        "reasons": explanation.reasons,
        "open_points": explanation.open_points,
        "reader": reader,
        "by": by,
        "is_own_deed": by == reader,
        "path": reverse("admin:matching_match_change", args=[match.pk]),
    }


def send_way_back(match: Match) -> None:
    """Somebody without an account left an e-mail with their yes: the address where they see how it stands.

    Nothing else that they typed is in it: it may be the address of somebody else.
    """
    visitor = match.volunteer
    with translation.override(visitor.language):
        address = settings.SITE_URL + reverse("matching:follow_interest", args=[tickets.issue(match)])
        mail.post(
            key=f"{WAY_BACK}:{match.events.first().pk}:visitor",
            to=visitor.email,
            language=visitor.language,
            template=WAY_BACK,
            context={
                "opportunity": match.opportunity,
                "title": match.opportunity.text,
                "address": address,
                "works_until": tickets.works_until(match),
            },
        )


def take_back_way_back(match: Match) -> None:
    """The visitor withdrew: the mail goes, and with it the address that it went to."""
    for event in match.events.all():
        mail.take_back(f"{WAY_BACK}:{event.pk}:")


def ask_whether_to_keep(volunteer: Volunteer, to: str, word: str, until: date) -> None:
    """Somebody has not used their profile for long: may it stay, or does it go on the day ``until``?"""
    with translation.override(volunteer.language):
        address = settings.SITE_URL + reverse("matching:keep_profile", args=[word])
        mail.post(
            key=f"{silent(volunteer)}{until}",
            to=to,
            language=volunteer.language,
            template="matching/email/keep_profile",
            context={"volunteer": volunteer, "until": until, "address": address},
        )


def ask_agencies_to_call(volunteer: Volunteer, until: date) -> None:
    """The same for somebody without an address: the agencies that accompany them."""
    accompanied = {"memberships__organisation__in": volunteer.accompaniments.values("agency")}
    desk = User.objects.filter(is_active=True, memberships__role__in=staffing.DESK_ROLES, **accompanied).distinct()
    for reader in desk:
        with translation.override(reader.language):
            path = reverse("admin:volunteers_volunteer_change", args=[volunteer.pk])
            mail.post(
                key=f"{silent(volunteer)}{until}:{reader.pk}",
                to=reader.email,
                language=reader.language,
                template="matching/email/call_volunteer",
                context={"volunteer": volunteer, "until": until, "reader": reader, "path": path},
            )


def silent(volunteer: Volunteer) -> str:
    """How the keys of the mails about a profile that is not used begin."""
    return f"silent profile {volunteer.pk}:"


def about_events(events) -> QuerySet:
    """The mails that tell about these events: their key carries the event they are about."""
    numbers = "|".join(str(event) for event in events.values_list("pk", flat=True))
    mails = Mail.objects.filter(key__startswith="matching/email/")
    return mails.filter(key__regex=rf"^matching/email/\w+:({numbers}):") if numbers else mails.none()


def take_back(volunteer: Volunteer) -> None:
    """Erase the mails that tell about somebody, by what happened to them or by their profile."""
    mail.take_back(silent(volunteer))
    about_events(MatchEvent.objects.filter(match__volunteer=volunteer)).delete()
