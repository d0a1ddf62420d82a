"""Which rows were erased: numbers only, nothing about anybody."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Erasure(models.Model):
    """A row that is gone for good. After a backup is restored it is erased once more (``personal/ledger.py``)."""

    table = models.CharField(_("table"), max_length=60)
    row = models.BigIntegerField(_("number"))
    at = models.DateTimeField(_("erased"), default=timezone.now)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.table} {self.row}"
