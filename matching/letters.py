"""Letters that an agency hands to somebody it accompanies. They are made when they are printed, and kept nowhere."""

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.translation import override

from engagement.languages import pick
from organisations.models import Organisation

from .models import Accompaniment, Match

# For what is only thought about nobody needs a certificate yet.
UNDER_WAY = [Match.State.PROPOSED, Match.State.INTERESTED, Match.State.TRIAL, Match.State.PLACED]
REACHED = [Match.State.PLACED, Match.State.ENDED]


def agency_of(volunteer, user) -> Organisation | None:
    """The agency that accompanies ``volunteer`` and in whose name ``user`` writes, or None."""
    accompanies = Accompaniment.objects.filter(volunteer=volunteer, agency=OuterRef("pk"))
    agencies = Organisation.objects.agencies().filter(Exists(accompanies)).select_related("city")
    return (agencies if user.is_superuser else agencies.of(user)).first()


def matches_of(volunteer, user, states):
    """What somebody has in hand with this agency, the newest first."""
    rows = Match.objects.visible_to(user).filter(volunteer=volunteer, state__in=states)
    rows = rows.select_related("opportunity__field", "opportunity__host")
    return list(rows.prefetch_related("opportunity__texts", "opportunity__proofs", "events"))


def for_certificate(volunteer, user) -> list[dict]:
    """The opportunities for which a free certificate may be asked, those that need one first."""
    tasks = [task_of(match) for match in matches_of(volunteer, user, UNDER_WAY)]
    return sorted(tasks, key=lambda task: not task["needs_certificate"])


def task_of(match) -> dict:
    """An opportunity as a German letter names it."""
    opportunity = match.opportunity
    with override(settings.LANGUAGE_CODE):
        field = opportunity.field.name
    texts = {text.language: text.title for text in opportunity.texts.all()}
    return {
        "pk": match.pk,
        "title": pick(texts, settings.LANGUAGE_CODE)[1],
        "field": field,
        "host": opportunity.host.name,
        "needs_certificate": any(proof.is_free for proof in opportunity.proofs.all()),
    }


def for_reference(volunteer, user) -> list[dict]:
    """The engagements that a reference may be about, with their first and last day."""
    return [{**task_of(match), **days_of(match)} for match in matches_of(volunteer, user, REACHED)]


def days_of(match) -> dict:
    days = {event.to_state: event.at for event in match.events.all()}
    return {"since": match.begins_on or days.get(Match.State.PLACED), "until": days.get(Match.State.ENDED)}
