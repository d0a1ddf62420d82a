"""The words of an opportunity."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagement.languages import interface_languages

from .opportunity import Opportunity


class OpportunityText(models.Model):
    """Title and text of an opportunity in one language; Einfache Sprache is a language of its own."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="texts", verbose_name=_("opportunity"))
    language = models.CharField(_("language"), max_length=12, choices=interface_languages)
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"), max_length=4000, blank=True)
    schedule = models.CharField(_("times in words"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ["opportunity", "pk"]
        constraints = [models.UniqueConstraint(fields=["opportunity", "language"], name="opportunity_text_once")]

    def __str__(self):
        return self.title
