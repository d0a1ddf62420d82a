"""How a self-organisation comes in by itself, and what its people may do there."""

from django.db import transaction

from engagement.models import User

from . import staffing
from .models import Membership, Organisation
from .signals import organisation_saved


def represented_by(user):
    """The self-organisations and hosts for which ``user`` acts; agencies have the desk."""
    return Organisation.objects.of(user).exclude(kind=Organisation.Kind.AGENCY)


@transaction.atomic
def register(organisation: Organisation, *, by) -> Organisation:
    """Store a new self-organisation that waits for an agency, with ``by`` as its contact person.

    A button that is pressed twice registers once: who acts for a self-organisation of this name already gets that one.
    """
    # Two requests at the same time: the second waits here until the first is stored.
    User.objects.select_for_update().get(pk=by.pk)
    known = represented_by(by).self_organisations().filter(name__iexact=organisation.name).first()
    if known:
        return known
    organisation.save()
    staffing.join(by, organisation, Membership.Role.CONTACT)
    organisation_saved.send(Organisation, organisation=organisation, by=by)
    return organisation


@transaction.atomic
def pause(organisation: Organisation, *, by, is_paused: bool) -> None:
    """Take a break, or end it: whoever pauses is suggested for nothing new. What runs goes on."""
    if Organisation.objects.filter(pk=organisation.pk, is_paused=not is_paused).update(is_paused=is_paused):
        organisation.is_paused = is_paused
        organisation_saved.send(Organisation, organisation=organisation, by=by)
