"""Which agency accompanies whom."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.models import Organisation
from volunteers.models import Volunteer


class AccompanimentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.is_superuser else self.filter(agency__memberships__user=user.pk)


class Accompaniment(models.Model):
    """An agency accompanies a volunteer; several may accompany the same person."""

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="accompaniments", verbose_name=_("volunteer"))
    agency = models.ForeignKey(
        Organisation,
        models.CASCADE,
        related_name="accompaniments",
        verbose_name=_("agency"),
        limit_choices_to={"kind": "agency"},
    )
    since = models.DateTimeField(_("since"), default=timezone.now)

    objects = AccompanimentQuerySet.as_manager()

    class Meta:
        verbose_name = _("accompaniment")
        verbose_name_plural = _("accompaniments")
        ordering = ["agency", "volunteer"]
        constraints = [models.UniqueConstraint(fields=["volunteer", "agency"], name="accompaniment_once")]

    def __str__(self):
        return f"{self.volunteer} – {self.agency}"
