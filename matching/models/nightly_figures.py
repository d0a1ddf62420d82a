"""How the house does."""

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from .region import Region


class NightlyFiguresQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.is_superuser else self.none()


class NightlyFigures(models.Model):
    """How a region, or the whole house, did on one day (see ``figures.py``).

    ``numbers`` by name; ``groups`` by kind and key.
    """

    region = models.ForeignKey(Region, models.CASCADE, null=True, related_name="+", verbose_name=_("region"))
    day = models.DateField(_("day"))
    numbers = models.JSONField(_("numbers"), default=dict)
    groups = models.JSONField(_("languages and neighbourhoods"), default=dict)
    measured_at = models.DateTimeField(_("measured"), default=timezone.now)

    objects = NightlyFiguresQuerySet.as_manager()

    class Meta:
        verbose_name = _("figures of a day")
        verbose_name_plural = _("figures over time")
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["region", "day"], name="figures_once", nulls_distinct=False)]

    def __str__(self):
        return date_format(self.day, "SHORT_DATE_FORMAT")
