"""When a candidate said "not now"."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.models import Opportunity, Organisation
from volunteers.models import Volunteer

from .pair import EXACTLY_ONE_CANDIDATE, StoredPair


class PostponementQuerySet(models.QuerySet):
    def running(self, now=None):
        return self.filter(until__gt=timezone.localdate(now))


class Postponement(StoredPair):
    """An idea that its candidate does not want to see before the day ``until``.

    It is no Match: nobody was asked, and an agency learns nothing more about the person from it.
    """

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="+", verbose_name=_("opportunity"))
    volunteer = models.ForeignKey(
        Volunteer, models.CASCADE, null=True, related_name="+", db_index=False, verbose_name=_("volunteer")
    )
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, related_name="+", verbose_name=_("self-organisation")
    )
    until = models.DateField(_("until"))

    objects = PostponementQuerySet.as_manager()

    class Meta:
        verbose_name = _("postponement")
        verbose_name_plural = _("postponements")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=EXACTLY_ONE_CANDIDATE, name="postponement_has_one_candidate"),
            models.UniqueConstraint(
                fields=["volunteer", "organisation", "opportunity"], name="postponement_once", nulls_distinct=False
            ),
        ]
