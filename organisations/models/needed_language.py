"""The languages that an opportunity needs."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagement.models import LanguageAtLevel

from .opportunity import Opportunity


class NeededLanguage(LanguageAtLevel):
    """A language needed for the task, besides German."""

    class Role(models.TextChoices):
        REQUIRED = "required", _("needed")
        ONE_OF = "one_of", _("one of these is needed")
        WANTED = "wanted", _("wished")

    opportunity = models.ForeignKey(
        Opportunity, models.CASCADE, related_name="needed_languages", verbose_name=_("opportunity")
    )
    role = models.CharField(_("how much"), max_length=8, choices=Role, default=Role.WANTED)

    class Meta:
        verbose_name = _("needed language")
        verbose_name_plural = _("needed languages")
        ordering = ["opportunity", "pk"]
        constraints = [models.UniqueConstraint(fields=["opportunity", "language"], name="needed_language_once")]
