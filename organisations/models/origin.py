"""Where an opportunity came from."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .opportunity import Opportunity
from .organisation import Organisation


class Origin(models.Model):
    """The offer of another system that an opportunity was made of, as it was when it was last taken over."""

    class Source(models.TextChoices):
        FREINET = "freinet", _("Freinet-Online")
        TABLE = "table", _("a table (CSV)")

    opportunity = models.OneToOneField(
        Opportunity, models.CASCADE, related_name="origin", verbose_name=_("opportunity")
    )
    agency = models.ForeignKey(Organisation, models.CASCADE, related_name="+", verbose_name=_("agency"))
    source = models.CharField(_("source"), max_length=7, choices=Source)
    external_id = models.CharField(_("number there"), max_length=100)
    # What the source said in our words, so that a change there and a change here are told apart.
    values = models.JSONField(_("what it said"), default=dict)
    # All that it said in its own, as text.
    record = models.JSONField(_("all that it said"), default=dict)
    taken_at = models.DateTimeField(_("taken over"), default=timezone.now)

    class Meta:
        verbose_name = _("origin")
        verbose_name_plural = _("origins")
        ordering = ["agency", "source", "external_id"]
        constraints = [models.UniqueConstraint(fields=["agency", "source", "external_id"], name="origin_once")]

    def __str__(self):
        return f"{self.get_source_display()} {self.external_id}"
