"""Erase a person completely: what is theirs, and what others' tables and mails say about them (Article 17 GDPR).

The foreign keys delete most of it; here is the rest. ``receivers.py`` calls the two functions ``forget_…`` whenever a
row goes, also where an administrator deletes it at the desk.
"""

from django.db import transaction

from engagement.models import Mail, User
from organisations.models import Opportunity, Organisation, SavedSearch
from volunteers.models import Volunteer

from .. import emails, review
from ..models import Match, MatchEvent
from .exporting import Person, any_of


@transaction.atomic
def erase_account(user: User) -> None:
    """Everything about the person with this account. Engagements end first, so that their places are free again."""
    person = Person.of(user)
    for volunteer in Volunteer.objects.filter(pk__in=person.profiles):
        erase_profile(volunteer, by=user)
    user.delete()


@transaction.atomic
def erase_profile(volunteer: Volunteer, *, by: User | None = None) -> None:
    for match in volunteer.matches.all():
        review.leave(match, by=by if volunteer.user_id else None)
    volunteer.delete()


def forget_profile(volunteer: Volunteer) -> None:
    """Mails to and about somebody, before their profile goes."""
    emails.take_back(volunteer)
    if volunteer.email:
        Mail.objects.filter(to__iexact=volunteer.email).delete()


def forget_account(user: User) -> None:
    """Mails to somebody, their saved searches and their name as a contact, before their account goes."""
    addresses = [user.email, *user.emailaddress_set.values_list("email", flat=True)]
    Mail.objects.filter(any_of("to", addresses)).delete()
    SavedSearch.objects.filter(any_of("email", addresses)).delete()
    own = Organisation.objects.filter(memberships__user=user).values("pk")
    contacts = Organisation.objects.filter(pk__in=own)
    contacts.filter(any_of("email", addresses)).update(email="")
    if user.name:
        contacts.filter(contact_name__iexact=user.name).update(contact_name="", phone="")
        notices = Opportunity.objects.filter(contact_name__iexact=user.name)
        (notices.filter(host__in=own) | notices.filter(agency__in=own)).update(contact_name="", contact_phone="")
        forget_contact(user.name, Match.objects.filter(opportunity__host__in=own))


def forget_contact(name: str, matches) -> None:
    """Their name as the contact person of an agreement, also where a decision remembers what was before it."""
    matches.filter(contact_name__iexact=name).update(contact_name="")
    for event in MatchEvent.objects.filter(match__in=matches, before__contact_name__iexact=name):
        event.before["contact_name"] = ""
        event.save(update_fields=["before"])
