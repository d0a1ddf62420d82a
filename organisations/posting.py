"""When an opportunity may be shown to the public: the one place for this rule."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import Opportunity, Organisation
from .signals import opportunity_saved

# As long as somebody may press a button again, because the page is slow.
PATIENCE = timedelta(minutes=5)
CLOSABLE = [Opportunity.Status.PUBLISHED, Opportunity.Status.FILLED]


def obstacles(opportunity: Opportunity, *, neighbourhoods, now=None) -> dict[str, str]:
    """What keeps ``opportunity`` from being published, as messages by field; ``neighbourhoods`` are the chosen ones."""
    found = {}
    if opportunity.host_id and not opportunity.host.is_verified:
        found["host"] = _("Only a verified organisation can publish. You can keep this as a draft.")
    if opportunity.place == Opportunity.Place.NEIGHBOURHOOD and not neighbourhoods:
        found["neighbourhoods"] = _("Choose at least one neighbourhood, or another answer to “Where?”.")
    if opportunity.place in (Opportunity.Place.CITY, Opportunity.Place.MOBILE) and not opportunity.city_id:
        found["city"] = _("Choose the town.")
    if opportunity.valid_until and opportunity.valid_until < timezone.localdate(now):
        # What happens on one day is valid until then.
        name = "day" if opportunity.day == opportunity.valid_until else "valid_until"
        found[name] = _("This day is over. Choose a later day, or leave the field empty.")
    return found


def posted_already(opportunity: Opportunity, titles: dict[str, str], *, now=None) -> Opportunity | None:
    """The same opportunity, stored a moment ago by the same account: the button was pressed twice.

    ``titles`` are those of the new one by language. Call it in the transaction that stores: the second waits.
    """
    Organisation.objects.select_for_update().get(pk=opportunity.host_id)
    recent = Opportunity.objects.filter(
        host=opportunity.host,
        created_by=opportunity.created_by,
        field=opportunity.field,
        status=opportunity.status,
        created_at__gte=(now or timezone.now()) - PATIENCE,
    )
    for candidate in recent.prefetch_related("texts"):
        if {text.language: text.title for text in candidate.texts.all()} == titles:
            return candidate
    return None


@transaction.atomic
def publish(opportunity: Opportunity, *, by, now=None) -> bool:
    """Show ``opportunity`` to the public; returns False where it already is.

    Raises ValidationError with the obstacles. Consequences: it can be found and is scored, and counts as confirmed;
    the day of its first publication never changes.
    """
    found = obstacles(opportunity, neighbourhoods=opportunity.neighbourhoods.all(), now=now)
    if not opportunity.texts.exists():
        found["texts"] = _("Write a title first.")
    if found:
        raise ValidationError(found)
    now = now or timezone.now()
    hidden = Opportunity.objects.filter(pk=opportunity.pk).exclude(status=Opportunity.Status.PUBLISHED)
    changes = {"status": Opportunity.Status.PUBLISHED, "published_at": Coalesce("published_at", now)}
    changes["confirmed_at"] = now
    return change(hidden, opportunity, by=by, changed_at=now, **changes)


@transaction.atomic
def confirm(opportunity: Opportunity, *, by, now=None) -> bool:
    """Somebody says that ``opportunity`` is still true; returns False where it is not on the board."""
    now = now or timezone.now()
    shown = Opportunity.objects.filter(pk=opportunity.pk, status=Opportunity.Status.PUBLISHED)
    return change(shown, opportunity, by=by, confirmed_at=now)


@transaction.atomic
def close(opportunity: Opportunity, *, by, now=None) -> bool:
    """Take ``opportunity`` off the board; returns False where it was not on it. What people decided stays."""
    shown = Opportunity.objects.filter(pk=opportunity.pk, status__in=CLOSABLE)
    return change(shown, opportunity, by=by, changed_at=now or timezone.now(), status=Opportunity.Status.CLOSED)


def change(rows, opportunity: Opportunity, *, by, **changes) -> bool:
    if not rows.update(**changes):
        return False
    opportunity.refresh_from_db()
    opportunity_saved.send(Opportunity, opportunity=opportunity, by=by)
    return True
