"""What follows when somebody on a lower floor was saved."""

from django.apps import apps as installed
from django.db.models.signals import post_delete, pre_delete
from django.dispatch import receiver

from engagement.models import User
from organisations.models import Opportunity, Organisation, SavedSearch
from organisations.signals import opportunities_saved, opportunity_saved, organisation_saved
from volunteers.models import Volunteer
from volunteers.signals import volunteer_saved

from . import pending
from .judging import FACTORS, RULE_VERSION, Weights
from .models import Accompaniment, CandidateRecord, OpportunityRecord, Suggestion
from .personal import erasing, ledger
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


@receiver(opportunities_saved)
def rescore_opportunities(*, opportunities, **_):
    """Notes alone: thousands of tasks at once would keep everybody else waiting."""
    pending.remember_opportunities(row.pk for row in opportunities)


@receiver(volunteer_saved)
def accompany(*, volunteer, by=None, **_):
    """Staff who enter a profile together with a person accompany that person from then on."""
    if by is None or not by.is_staff or by.pk == volunteer.user_id:
        return
    agencies = Organisation.objects.agencies().of(by)
    Accompaniment.objects.bulk_create(
        (Accompaniment(volunteer=volunteer, agency=agency) for agency in agencies), ignore_conflicts=True
    )


@receiver(pre_delete, sender=Volunteer)
def forget_profile(*, instance, **_):
    erasing.forget_profile(instance)
    ledger.note(instance)


@receiver(pre_delete, sender=User)
def forget_account(*, instance, **_):
    erasing.forget_account(instance)
    ledger.note(instance)


@receiver(pre_delete, sender=SavedSearch)
def forget_search(*, instance, **_):
    ledger.note(instance)


@receiver(post_delete, sender=Volunteer)
@receiver(post_delete, sender=Organisation)
@receiver(post_delete, sender=Opportunity)
def forget(*, sender, instance, **_):
    """What was computed while somebody was being erased goes as well.

    Whoever computes holds the row until it is stored (see ``rescoring.py``), so by now it can be seen.
    """
    own = {sender._meta.model_name: instance.pk}
    Suggestion.objects.filter(**own).delete()
    model = OpportunityRecord if sender is Opportunity else CandidateRecord
    model.objects.filter(**own).delete()


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
