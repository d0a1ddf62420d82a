"""Who acts for an organisation. Only members of an agency may use the desk."""

from django.db import transaction

from engagement.models import User

from .models import Membership, Organisation

DESK_ROLES = [Membership.Role.LEAD, Membership.Role.STAFF]


def desk_of(agency: Organisation):
    """Everybody at the desk of an agency."""
    return User.objects.filter(is_active=True, memberships__organisation=agency, memberships__role__in=DESK_ROLES)


@transaction.atomic
def join(user, organisation: Organisation, role: str) -> Membership:
    """Make ``user`` act for ``organisation``; whoever is in already gets the new role.

    Consequence: a member of an agency may use the desk (``is_staff``).
    """
    membership, _ = Membership.objects.update_or_create(user=user, organisation=organisation, defaults={"role": role})
    settle_desk(user)
    return membership


@transaction.atomic
def leave(user, organisation: Organisation) -> None:
    """End the membership. Consequence: without another agency the account may no longer use the desk."""
    Membership.objects.filter(user=user, organisation=organisation).delete()
    settle_desk(user)


def settle_desk(user) -> None:
    """The desk is open to members of agencies and to administrators, to nobody else."""
    user.is_staff = user.is_superuser or user.memberships.filter(organisation__kind=Organisation.Kind.AGENCY).exists()
    user.save(update_fields=["is_staff"])


def may_change_members(user, organisation: Organisation) -> bool:
    """Leads decide about the members of their agency; an agency about those of whom it accompanies.

    Membership outlives the moment when any agency may take an organisation on, so waiting is not enough here.
    """
    if user.is_superuser:
        return True
    if organisation.kind == Organisation.Kind.AGENCY:
        return organisation.memberships.filter(user=user, role=Membership.Role.LEAD).exists()
    return user.is_staff and Membership.objects.filter(user=user, organisation=organisation.agency_id).exists()
