"""The words of an opportunity, and how they are found."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from engagement.folding import Fold
from engagement.languages import interface_languages

from .opportunity import Opportunity


class OpportunityText(models.Model):
    """Title and text of an opportunity in one language; Einfache Sprache is a language of its own."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="texts", verbose_name=_("opportunity"))
    language = models.CharField(_("language"), max_length=12, choices=interface_languages)
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"), max_length=4000, blank=True)
    schedule = models.CharField(_("times in words"), max_length=200, blank=True)

    # Kept by the database itself, so that no way of writing a text forgets them: the words by their German stems, and
    # all letters, because stems do not find "Begleitung" in "Behördenbegleitung".
    vector = models.GeneratedField(
        expression=SearchVector("title", "body", config="german"), output_field=SearchVectorField(), db_persist=True
    )
    folded = models.GeneratedField(
        expression=Fold(Concat("title", Value(" "), "body", output_field=models.TextField())),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ["opportunity", "pk"]
        constraints = [models.UniqueConstraint(fields=["opportunity", "language"], name="opportunity_text_once")]
        indexes = [GinIndex(fields=["vector"], name="opportunity_text_vector")]

    def __str__(self):
        return self.title
