"""Searches that somebody wants to hear about."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import MD5
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from engagement.languages import interface_languages
from engagement.periods import UNCONFIRMED

# An address may be given up, and its owner never stop anything.
ASK_AGAIN_AFTER = timedelta(days=365)


def new_key():
    return get_random_string(22)


class SavedSearchQuerySet(models.QuerySet):
    def of(self, user):
        return self.filter(user=user)

    def unconfirmed(self):
        return self.filter(confirmed_at=None)

    def overdue(self, now=None):
        """Whose owner said nothing in time."""
        return self.unconfirmed().filter(created_at__lte=UNCONFIRMED.before(now or timezone.now()))

    def aged(self, now=None):
        """Whose address said yes long ago. An account has ways of its own to end."""
        return self.filter(user=None, confirmed_at__lte=(now or timezone.now()) - ASK_AGAIN_AFTER)

    def standing(self, now=None):
        """What is confirmed, and what still can be."""
        in_time = Q(created_at__gt=UNCONFIRMED.before(now or timezone.now()))
        return self.filter(in_time | Q(confirmed_at__isnull=False))

    def due(self, now=None):
        """What nobody has looked at today; whoever may not log in any more hears nothing."""
        today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
        reachable = Q(user=None) | Q(user__is_active=True)
        return self.filter(reachable, confirmed_at__isnull=False, seen_until__lt=today)


class SavedSearch(models.Model):
    """A search, and the account or the address that hears of what is new in it (see ``saving.py``, ``telling.py``).

    Whoever stops it is forgotten: the row goes, and the address with it.
    """

    query = models.TextField(_("search"), blank=True)
    language = models.CharField(_("language"), max_length=12, choices=interface_languages)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="saved_searches",
        verbose_name=_("account"),
    )
    email = models.EmailField(_("e-mail"), blank=True)
    # Signed, it is the address to confirm and to stop: it stands in mails, and nobody can guess it.
    key = models.CharField(_("key"), max_length=22, unique=True, default=new_key, editable=False)
    # Which sentence they agreed to.
    text_version = models.CharField(_("version of the text"), max_length=10)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    # Whatever was published up to here has been told, or hung on the board when the search was saved.
    seen_until = models.DateTimeField(_("told up to"), default=timezone.now)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None) & ~Q(email="") | Q(user__isnull=False, email=""), name="saved_for_one_reader"
            ),
            # A search may be longer than an index takes.
            models.UniqueConstraint("user", MD5("query"), condition=Q(email=""), name="saved_once_for_an_account"),
            models.UniqueConstraint("email", MD5("query"), condition=Q(user=None), name="saved_once_for_an_address"),
        ]
        indexes = [
            models.Index(fields=["seen_until"], condition=Q(confirmed_at__isnull=False), name="saved_search_due")
        ]

    def __str__(self):
        return self.query

    @property
    def address(self) -> str:
        return self.user.email if self.user else self.email

    @property
    def reading_language(self) -> str:
        return self.user.language if self.user else self.language
