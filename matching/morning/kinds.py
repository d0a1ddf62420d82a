"""The kinds of tasks that the desk counts, each with the rows behind it and the time that somebody may take."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from engagement import workdays
from engagement.models import Mail
from engagement.scope import visible
from organisations.models import Opportunity, Organisation
from volunteers.models import Volunteer

from .. import waiting
from ..models import HandOver, Match


@dataclass(frozen=True)
class Kind:
    """One kind of task. ``rows`` makes its queryset for a user and a moment; ``since`` is the field by which they age.

    ``agency`` leads from a row to its agency, and is empty where a task belongs to all of them. ``due`` is the last
    day for what has waited since a day, ``in_time_from`` the first such day that is not late yet; both are missing
    where nothing is promised. ``page`` and ``query`` are the list behind it.
    """

    label: str
    rows: Callable[..., QuerySet]
    since: str
    page: str
    query: dict = field(default_factory=dict)
    agency: str = ""
    term: str = ""
    due: Callable[[date], date] | None = None
    in_time_from: Callable[[date], date] | None = None


def itself(day: date) -> date:
    return day


def within(term: timedelta) -> dict:
    return {"due": lambda day: day + term, "in_time_from": lambda today: today - term}


ON_ITS_DAY = {"due": itself, "in_time_from": itself}
ON_THE_NEXT_DAY = {"term": _("1 day"), **within(timedelta(days=1))}
WITHIN_A_WEEK = {"term": _("7 days"), **within(timedelta(days=7))}
IN_THREE_DAYS = {
    "term": _("3 working days"),
    "due": workdays.answer_by,
    "in_time_from": workdays.asked_since,
}


def of_matches(task: str, **more) -> dict:
    return {"page": "matching_match", "query": {"task": task}, "agency": "opportunity__agency", **more}


def of_opportunities(task: str, **more) -> dict:
    return {"page": "organisations_opportunity", "query": {"task": task}, "agency": "agency", **more}


def matches(user) -> QuerySet:
    return visible(Match.objects.select_related("volunteer", "organisation", "opportunity"), user)


def opportunities(user) -> QuerySet:
    return visible(Opportunity.objects.select_related("host"), user)


def looked_after(user) -> QuerySet:
    return Opportunity.objects.looked_after_by(user).select_related("host")


def people(user) -> QuerySet:
    return visible(Volunteer.objects.select_related("neighbourhood").defer("neighbourhood__geometry"), user)


ANSWER = Kind(
    _("Answer those who are interested"),
    lambda user, _now: matches(user).awaiting_answer(),
    "changed_at",
    **of_matches("awaiting_answer", **IN_THREE_DAYS),
)
CALL = Kind(
    _("Call those who were asked a week ago"),
    lambda user, now: matches(user).unanswered(now),
    "changed_at",
    **of_matches("unanswered"),
)
FOLLOW_UP = Kind(
    _("Ask how the trial visit was"),
    lambda user, now: matches(user).trials_to_follow_up(now),
    "trial_on",
    **of_matches("trials_to_follow_up", **ON_THE_NEXT_DAY),
)
AGREE = Kind(
    _("Trial visit over: agree, or say goodbye"),
    lambda user, _now: matches(user).tried_out(),
    "trial_on",
    **of_matches("tried_out"),
)
CHECK_IN = Kind(
    _("Ask how it goes"),
    lambda user, now: matches(user).due_for_checkin(now),
    "checkin_due",
    **of_matches("due_for_checkin", **WITHIN_A_WEEK),
)
MISSED = Kind(
    _("Two check-ins missed: call, or ask the host"),
    lambda user, now: matches(user).flagged(now),
    "checkin_due",
    **of_matches("flagged"),
)
RETURNED = Kind(
    _("Decide again: parked until today"),
    lambda user, now: matches(user).returned(now),
    "parked_until",
    **of_matches("returned", **ON_ITS_DAY),
)
WELCOME = Kind(
    _("Welcome those who come from another agency"),
    lambda user, _now: HandOver.objects.to_welcome(user).select_related("volunteer", "from_agency"),
    "at",
    page="matching_handover",
    query={"task": "to_welcome"},
    agency="to_agency",
    **IN_THREE_DAYS,
)
RECHECK = Kind(
    _("Look at proofs again"),
    lambda user, now: people(user).with_proofs_to_recheck(now),
    "recheck_on",
    page="volunteers_volunteer",
    query={"task": "with_proofs_to_recheck"},
    agency="accompaniments__agency",
    **ON_ITS_DAY,
)
VERIFY = Kind(
    _("Get to know new organisations"),
    lambda user, _now: visible(Organisation.objects.awaiting_verification(), user),
    "created_at",
    page="organisations_organisation",
    query={"task": "awaiting_verification"},
    **IN_THREE_DAYS,
)
ENDING = Kind(
    _("Opportunities that end soon"),
    lambda user, now: opportunities(user).expiring(now),
    "valid_until",
    **of_opportunities("expiring", **ON_ITS_DAY),
)
REVIEW = Kind(
    _("Review suggestions, one opportunity after another"),
    lambda user, now: waiting.to_review(looked_after(user), now),
    "published_at",
    page="matching_suggestion",
    agency="agency",
)
CONFIRM = Kind(
    _("Ask whether they are still current"),
    lambda user, now: opportunities(user).unconfirmed(now),
    "confirmed_at",
    **of_opportunities("unconfirmed"),
)
NOBODY = Kind(
    _("Opportunities without candidates"),
    lambda user, now: waiting.without_candidates(looked_after(user), now),
    "published_at",
    page="matching_waitingopportunity",
    agency="agency",
)
NOTHING = Kind(
    _("People for whom nothing happens"),
    lambda user, now: waiting.idle(people(user).available(now), now),
    "waiting_since",
    page="matching_waitingvolunteer",
    agency="accompaniments__agency",
)
MAILS = Kind(
    _("Mails that were given up"),
    lambda user, _now: Mail.objects.given_up() if user.is_superuser else Mail.objects.none(),
    "created_at",
    page="engagement_mail",
    query={"state__exact": Mail.State.DEAD},
)
# Those with a last day sort themselves; the others follow in this order.
KINDS = [
    *(ANSWER, WELCOME, FOLLOW_UP, CHECK_IN, RETURNED, RECHECK, VERIFY, ENDING),
    *(MISSED, CALL, AGREE, MAILS, REVIEW, CONFIRM, NOBODY, NOTHING),
]
