"""Those who are rescored together."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagement.models import City


class Region(models.Model):
    """The candidates of one town, who are rescored together; one row for all whose town is not known.

    ``demand`` is what its candidates are expected to apply for, as of ``priced_at`` (see ``pricing.py``).
    """

    city = models.ForeignKey(City, models.CASCADE, null=True, related_name="+", db_index=False, verbose_name=_("town"))
    priced_at = models.DateTimeField(_("priced"), null=True)
    demand = models.BinaryField(_("demand"), default=bytes)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["city"], name="region_once", nulls_distinct=False)]

    def __str__(self):
        return self.city.name if self.city else "–"
