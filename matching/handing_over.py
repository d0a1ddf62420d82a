"""Whom an agency accompanies changes only with the person: handing over to another agency, and letting go."""

from datetime import date, datetime, time

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from engagement.models import User
from organisations.models import Organisation
from volunteers import consents
from volunteers.models import Consent, Volunteer

from .models import Accompaniment, HandOver, Match


class CannotLetGo(Exception):
    """Why an agency must not let go of somebody yet; ``str()`` is a sentence for whoever wanted it."""


class StillUnderWay(CannotLetGo):
    def __str__(self):
        return _("Something is still under way with this person. Please end or decline it first.")


class NobodyElse(CannotLetGo):
    def __str__(self):
        return _("No other agency accompanies this person. Hand them over first, or delete the profile if they ask.")


def agencies_with(volunteer: Volunteer, user: User):
    """The agencies that accompany ``volunteer``, as far as ``user`` acts for them."""
    agencies = Organisation.objects.agencies().filter(accompaniments__volunteer=volunteer)
    return agencies if user.is_superuser else agencies.filter(memberships__user=user).distinct()


def agencies_without(volunteer: Volunteer):
    """Whom one may hand over to: the verified agencies that do not accompany ``volunteer`` yet."""
    verified = Organisation.objects.agencies().filter(verified_at__isnull=False)
    return verified.exclude(accompaniments__volunteer=volunteer)


@transaction.atomic
def hand_over(
    volunteer: Volunteer,
    *,
    giver: Organisation,
    taker: Organisation,
    how: str,
    on: date,
    is_shared: bool,
    by: User,
    now: datetime | None = None,
) -> HandOver:
    """Let ``taker`` accompany ``volunteer`` too, or instead of ``giver``; they agreed on the day ``on``.

    Consequences: a consent that says how, when and by whom it was noted; the taker sees the profile and finds the
    hand-over at its desk. The giver's matches, events and notes stay with the giver. Raises PermissionDenied where
    ``by`` does not act for a giver that accompanies, and CannotLetGo; then nothing has changed.
    """
    if not agencies_with(volunteer, by).filter(pk=giver.pk).exists():
        raise PermissionDenied
    if not agencies_without(volunteer).filter(pk=taker.pk).exists():
        raise PermissionDenied
    agreed_at = timezone.make_aware(datetime.combine(on, time(12)))
    consent = consents.note(volunteer, Consent.Purpose.HAND_OVER, how=how, by=by, now=agreed_at)
    Accompaniment.objects.get_or_create(volunteer=volunteer, agency=taker)
    done = HandOver.objects.create(
        volunteer=volunteer,
        from_agency=giver,
        to_agency=taker,
        consent=consent,
        by=by,
        at=now or timezone.now(),
        is_shared=is_shared,
    )
    if not is_shared:
        let_go(volunteer, giver, by=by)
    return done


@transaction.atomic
def let_go(volunteer: Volunteer, agency: Organisation, *, by: User) -> None:
    """``agency`` accompanies ``volunteer`` no longer, and no longer sees the profile.

    Its closed matches stay in its own history. Nothing is deleted for the agencies that go on. Raises PermissionDenied,
    StillUnderWay, and NobodyElse, for nobody may fall out of sight by the way.
    """
    if not agencies_with(volunteer, by).filter(pk=agency.pk).exists():
        raise PermissionDenied
    # Whoever lets go at the same moment waits here, so that one of the two stays.
    Volunteer.objects.select_for_update(no_key=True).get(pk=volunteer.pk)
    if Match.objects.filter(volunteer=volunteer, opportunity__agency=agency).under_way().exists():
        raise StillUnderWay
    if not volunteer.accompaniments.exclude(agency=agency).exists():
        raise NobodyElse
    volunteer.accompaniments.filter(agency=agency).delete()


def welcome(hand_over: HandOver, *, by: User, now: datetime | None = None) -> bool:
    """The agency has talked to whom it was given; returns False if somebody there was first."""
    if not (by.is_superuser or by.memberships.filter(organisation=hand_over.to_agency_id).exists()):
        raise PermissionDenied
    waiting = HandOver.objects.filter(pk=hand_over.pk, welcomed_at=None)
    return bool(waiting.update(welcomed_at=now or timezone.now()))
