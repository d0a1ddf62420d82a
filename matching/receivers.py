"""What follows when somebody on a lower floor was saved."""

from django.dispatch import receiver

from organisations.models import Organisation
from organisations.signals import opportunity_saved, organisation_saved
from volunteers.signals import volunteer_saved

from .models import Accompaniment
from .tasks import request_rescoring


@receiver(volunteer_saved)
def rescore_volunteer(*, volunteer, **_):
    request_rescoring(volunteer=volunteer)


@receiver(organisation_saved)
def rescore_organisation(*, organisation, **_):
    request_rescoring(organisation=organisation)


@receiver(opportunity_saved)
def rescore_opportunity(*, opportunity, **_):
    request_rescoring(opportunity=opportunity)


@receiver(volunteer_saved)
def accompany(*, volunteer, by=None, **_):
    """Staff who enter a profile together with a person accompany that person from then on."""
    if by is None or not by.is_staff or by.pk == volunteer.user_id:
        return
    agencies = Organisation.objects.agencies().of(by)
    Accompaniment.objects.bulk_create(
        (Accompaniment(volunteer=volunteer, agency=agency) for agency in agencies), ignore_conflicts=True
    )
