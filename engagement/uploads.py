"""Files between two pages: what was read is shown, and taken over only when somebody says so.

What was read waits in the database, not as a file; it goes with the press of the button, or after a day.
"""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

KEPT = timedelta(days=1)


class UploadQuerySet(models.QuerySet):
    def of(self, user, purpose: str):
        """What ``user`` may go on with: their own, as long as it is kept."""
        return self.filter(user=user, purpose=purpose, created_at__gt=timezone.now() - KEPT)


class Upload(models.Model):
    """What was read of a file, until its reader takes it over."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("account"))
    purpose = models.CharField(_("purpose"), max_length=20)
    file_name = models.CharField(_("file"), max_length=200)
    content = models.JSONField(_("content"))
    created_at = models.DateTimeField(_("uploaded"), default=timezone.now)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("uploaded file")
        verbose_name_plural = _("uploaded files")
        ordering = ["-created_at"]

    def __str__(self):
        return self.file_name


def keep(user, purpose: str, file_name: str, content) -> Upload:
    """Keep what was read, in place of what the same person read before for the same purpose."""
    Upload.objects.filter(user=user, purpose=purpose).delete()
    name = "".join(sign for sign in file_name if sign.isprintable())[:200]
    return Upload.objects.create(user=user, purpose=purpose, file_name=name, content=content)


def forget_old(now=None) -> None:
    Upload.objects.filter(created_at__lte=(now or timezone.now()) - KEPT).delete()
