"""Rows as the engine reads them."""

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from organisations.models import Opportunity, Organisation
from volunteers.models import Volunteer

from ..boxes import EVERYWHERE, BoxField
from .pair import EXACTLY_ONE_CANDIDATE
from .region import Region


class PackedRecord(models.Model):
    """What the rule looks at, packed (see ``packing.py``). Derived: whoever may not be matched now has none.

    ``vocabulary`` says of which numbers of words the record was made (see ``records.py``).
    """

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("region"))
    record = models.BinaryField(_("record"))
    vocabulary = models.CharField(_("vocabulary"), max_length=50)

    class Meta:
        abstract = True


class CandidateRecord(PackedRecord):
    """``reach`` covers every place that the candidate goes to."""

    volunteer = models.OneToOneField(
        Volunteer, models.CASCADE, null=True, related_name="+", verbose_name=_("volunteer")
    )
    organisation = models.OneToOneField(
        Organisation, models.CASCADE, null=True, related_name="+", verbose_name=_("self-organisation")
    )
    reach = BoxField(_("reach"), default=EVERYWHERE)

    class Meta:
        verbose_name = _("record of a candidate")
        verbose_name_plural = _("records of candidates")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=EXACTLY_ONE_CANDIDATE, name="record_has_one_candidate"),
        ]
        indexes = [GistIndex(fields=["reach"], name="candidate_reach")]

    def __str__(self):
        return f"{self.volunteer_id or ''} {self.organisation_id or ''}".strip()


class OpportunityRecord(PackedRecord):
    """``area`` covers all its places, or everything for what is done from home.

    ``price`` is the chance that a place is still free; it starts as the ``nightly_price`` and falls with each
    connection until the next night. ``expected`` is how many suitable people are expected to apply. ``floor`` is the
    standing of the last in its full list; 0 if there was room when the lists were last put in order. It rises while
    a night goes from region to region.
    """

    opportunity = models.OneToOneField(Opportunity, models.CASCADE, related_name="+", verbose_name=_("opportunity"))
    area = BoxField(_("area"), default=EVERYWHERE)
    price = models.FloatField(_("price"), db_default=1)
    nightly_price = models.FloatField(_("price of the night"), db_default=1)
    expected = models.FloatField(_("expected applicants"), db_default=0)
    floor = models.FloatField(_("standing of the last"), db_default=0)

    class Meta:
        verbose_name = _("record of an opportunity")
        verbose_name_plural = _("records of opportunities")
        ordering = ["pk"]
        indexes = [GistIndex(fields=["area"], name="opportunity_area")]

    def __str__(self):
        return str(self.opportunity_id)
