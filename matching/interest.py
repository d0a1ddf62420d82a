""" "I am interested": who says it, and what becomes of it."""

import re
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language

from engagement import workdays
from organisations.models import Opportunity, Organisation
from volunteers import consents
from volunteers.models import Channel, Consent, Volunteer

from . import emails, review, tickets
from .models import Match


def own_candidates(user, opportunity) -> list[Volunteer | Organisation]:
    """For whom ``user`` may say yes: for themselves, where there is a profile, and for their self-organisations.

    A self-organisation does not answer what it posted itself.
    """
    if not user.is_authenticated:
        return []
    return [
        *Volunteer.objects.filter(user=user),
        *Organisation.objects.of(user).candidates().exclude(pk=opportunity.host_id),
    ]


def from_visitor(opportunity: Opportunity, user, *, sheet: str, name, phone, email, call_times) -> Match:
    """Keep name and contact of somebody without a profile, with their consent, and make the match.

    The same contact for the same opportunity is the same person: a second press makes no second one. Only whoever
    filled in this ``sheet`` gets its ticket: to know somebody's phone number is not enough to see what they said.
    """
    # Those who are interested in the same opportunity come one after the other.
    Opportunity.objects.select_for_update(no_key=True).get(pk=opportunity.pk)
    word = tickets.word_for(opportunity, sheet)
    if pressed_before := Match.objects.filter(ticket=word).first():
        return pressed_before
    account = user if user.is_authenticated else None
    known = Volunteer.objects.filter(user=account).first() if account else known_visitor(opportunity, phone, email)
    volunteer = known or Volunteer.objects.create(
        user=account,
        first_name=name,
        phone=phone,
        email=email,
        call_times=call_times,
        channel=Channel.PHONE if phone else Channel.EMAIL,
        language=get_language(),
    )
    # They agree to be asked about this one opportunity, not to suggestions of others.
    consents.record(volunteer, Consent.Purpose.CONTACT)
    match = review.express_interest(opportunity, volunteer, by=account)
    if not known and not account:
        match.ticket = word
        match.save(update_fields=["ticket"])
        if email:
            emails.send_way_back(match)
    return match


def known_visitor(opportunity, phone, email):
    """Who has left this phone number or e-mail for this opportunity already, or None."""
    visitors = Volunteer.objects.filter(user=None, matches__opportunity=opportunity)
    same = Q(email__iexact=email) if email else Q(pk=None)
    if phone:
        # People write their number in many ways: the last digits tell them apart.
        same |= Q(phone__regex=r"\D*".join(re.findall(r"[0-9]", phone)[-8:]) + r"\D*$")
    return visitors.filter(same).first()


@transaction.atomic
def withdraw(match: Match) -> None:
    """Somebody without an account takes their yes back: it ends, and with their consent goes every way to reach them.

    A second press changes nothing.
    """
    review.leave(match, by=None)
    emails.take_back_way_back(match)
    consents.withdraw(match.volunteer, Consent.Purpose.CONTACT)


def answer_by(match: Match) -> date | None:
    """Until when the agency answers a yes; None where none is waiting."""
    yeses = [event.at for event in match.events.all() if event.to_state == Match.State.INTERESTED]
    if match.state != Match.State.INTERESTED or not yeses:
        return None
    return workdays.answer_by(timezone.localdate(yeses[-1]))
