"""What follows when somebody on a lower floor was saved."""

from django.apps import apps as installed
from django.dispatch import receiver

from organisations.models import Organisation
from organisations.signals import opportunity_saved, organisation_saved
from volunteers.signals import volunteer_saved

from .models import Accompaniment
from .scoring import FACTORS, RULE_VERSION, Weights
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


def record_rule(*, using, apps=installed, **_):
    """After every migration: the newest version of the weights belongs to the rule that this code states.

    So the house starts with weights, and a rule that changes with a release is a version of its own.
    """
    try:
        rules = apps.get_model("matching", "Rule").objects.using(using)
    except LookupError:
        return  # Migrated backwards, to the time before.
    newest = rules.order_by("version").last()
    if newest is None or newest.text_version != RULE_VERSION:
        points = {factor: getattr(newest or Weights(), factor) for factor in FACTORS}
        version = newest.version + 1 if newest else 1
        rules.create(version=version, before=newest, text_version=RULE_VERSION, **points)
