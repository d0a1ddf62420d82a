"""Administrators see all, and it is recorded: one row for each page of the desk that showed them rows of an agency.

A row says who, when, which page, which number and how many, so that anybody may ask who looked at their profile. It
knows neither names nor what was searched for.
"""

import json
from datetime import datetime

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .keys import key_in
from .periods import DESK
from .scope import belongs_to_agencies

FIRST_PAGE = "index"


class LookQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.is_superuser else self.none()


class Look(models.Model):
    """An administrator saw rows of an agency: who, when, on which page. Never a name or a word."""

    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("who")
    )
    # Nothing for the first page of the desk, which names rows of several kinds.
    content_type = models.ForeignKey(
        ContentType, models.CASCADE, null=True, related_name="+", verbose_name=_("of what")
    )
    page = models.CharField(_("page"), max_length=40)
    # The number in the address of the page, where it was about one row.
    row = models.PositiveBigIntegerField(_("number"), null=True)
    # How many rows a list or a choice showed.
    rows = models.PositiveIntegerField(_("rows"), null=True)
    is_search = models.BooleanField(_("searched or filtered"), default=False)

    objects = LookQuerySet.as_manager()

    class Meta:
        verbose_name = _("look of an administrator")
        verbose_name_plural = _("looks of administrators")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.page} {self.row or ''}".strip()


def note(request: HttpRequest, response: HttpResponse) -> None:
    """Write down what an administrator is about to see; one insert, in the transaction of the page.

    What leads elsewhere or is refused shows nothing. Staff are not recorded: they see their own agency's rows.
    """
    if not request.user.is_superuser or response.status_code != 200:
        return
    model, page = subject_of(request)
    if page != FIRST_PAGE and (model is None or not belongs_to_agencies(model) or model is Look):
        return
    Look.objects.create(
        by=request.user,
        content_type=model and ContentType.objects.get_for_model(model),
        page=page[: Look._meta.get_field("page").max_length],
        row=number_in(request),
        rows=rows_shown(response),
        is_search=bool(request.GET.keys() - {"p", "o"}),
    )


def subject_of(request: HttpRequest) -> tuple[type[models.Model] | None, str]:
    """Whose rows the page is about, and which page it is: both stand in the name of its address."""
    name = request.resolver_match.url_name or ""
    if name == "autocomplete":
        asked = apps.get_model(request.GET["app_label"], request.GET["model_name"])
        return asked._meta.get_field(request.GET["field_name"]).remote_field.model, name
    if name == FIRST_PAGE:
        return None, name
    app, kind, page = [*name.split("_", 2), "", ""][:3]
    return apps.all_models.get(app, {}).get(kind), page


def number_in(request: HttpRequest) -> int | None:
    """The key in the address, whatever it is called there."""
    keys = map(key_in, map(str, request.resolver_match.kwargs.values()))
    return next((key for key in keys if key is not None), None)


def rows_shown(response: HttpResponse) -> int | None:
    """How many rows a list or a choice shows; None for all other pages."""
    if isinstance(response, JsonResponse):
        return len(json.loads(response.content).get("results", []))
    changelist = (getattr(response, "context_data", None) or {}).get("cl")
    return len(changelist.result_list) if changelist else None


def forget_old(now: datetime | None = None) -> int:
    """Forget the looks of long ago (see ``periods.py``); returns how many. Part of the nightly sweep."""
    gone, _rows = Look.objects.filter(at__lt=DESK.before(now or timezone.now())).delete()
    return gone
