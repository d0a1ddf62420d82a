"""Who is trusted: an agency takes on a self-organisation or a host, an administrator an agency."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import Opportunity, Organisation
from .signals import opportunity_saved, organisation_saved


def agencies_of(user):
    """The agencies in whose name ``user`` may take on others."""
    agencies = Organisation.objects.agencies().filter(verified_at__isnull=False)
    return agencies if user.is_superuser else agencies.of(user)


def may_decide(organisation: Organisation, user) -> bool:
    """An administrator always; an agency over whom it accompanies, and over whoever waits for one."""
    if user.is_superuser:
        return True
    if not user.is_staff or organisation.kind == Organisation.Kind.AGENCY:
        return False
    agencies = agencies_of(user)
    return agencies.filter(pk=organisation.agency_id).exists() if organisation.agency_id else agencies.exists()


def choose_agency(organisation: Organisation, *, by, agency: Organisation | None = None) -> Organisation | None:
    """The agency that will accompany: the one named, the present one, or the only one of ``by``.

    Raises ValidationError where ``by`` has to choose, PermissionDenied where the choice is not theirs.
    """
    if organisation.kind == Organisation.Kind.AGENCY:
        return None
    theirs = agencies_of(by)
    agency = agency or organisation.agency
    if agency is None and not by.is_superuser and len(theirs) == 1:
        agency = theirs[0]
    if agency is None:
        raise ValidationError(_("Choose the agency that will accompany this organisation."), code="agency")
    if not theirs.filter(pk=agency.pk).exists():
        raise PermissionDenied
    return agency


@transaction.atomic
def verify(organisation: Organisation, *, by, agency: Organisation | None = None, now=None) -> bool:
    """Trust ``organisation``; the first decision wins, and a later one returns False and changes nothing.

    Consequences: the agency accompanies the organisation and looks after all its opportunities; the organisation may
    publish, what it had published is shown again, and a self-organisation becomes a candidate.
    """
    if not may_decide(organisation, by):
        raise PermissionDenied
    agency = choose_agency(organisation, by=by, agency=agency)
    now = now or timezone.now()
    waiting = Organisation.objects.filter(pk=organisation.pk, verified_at=None, agency=organisation.agency_id)
    if not waiting.update(verified_at=now, verified_by=by, agency=agency, changed_at=now):
        return False
    organisation.refresh_from_db()
    organisation.opportunities.update(agency=agency or organisation)
    announce(organisation, by=by)
    return True


@transaction.atomic
def withdraw(organisation: Organisation, *, by, now=None) -> bool:
    """Take the trust back; returns False where there was none.

    Consequences: nothing of the organisation is shown to the public and it is no candidate, until it is verified
    again. The agency keeps accompanying it, so that the talk can go on.
    """
    if not may_decide(organisation, by):
        raise PermissionDenied
    now = now or timezone.now()
    trusted = Organisation.objects.filter(pk=organisation.pk, verified_at__isnull=False)
    if not trusted.update(verified_at=None, verified_by=None, changed_at=now):
        return False
    organisation.refresh_from_db()
    announce(organisation, by=by)
    return True


def announce(organisation: Organisation, *, by) -> None:
    """Whether a host is trusted decides whether its opportunities are open: they have changed as well."""
    organisation_saved.send(Organisation, organisation=organisation, by=by)
    for opportunity in organisation.opportunities.filter(status=Opportunity.Status.PUBLISHED):
        opportunity_saved.send(Opportunity, opportunity=opportunity, by=by)
