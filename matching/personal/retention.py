"""What has been kept long enough goes by itself, every night (for how long: ``engagement/periods.py``)."""

from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from engagement import looks
from engagement.models import Mail, User
from engagement.periods import ASKED, DESK, INSPECTIONS, MAILS, UNCONFIRMED, UNUSED, VISITS, months_later
from volunteers.models import Consent, ProofInspection, Volunteer

from .. import keeping
from ..models import Match
from .erasing import erase_account, erase_profile

State = Match.State
OVER = [State.DECLINED, State.ENDED]
BUSY = [State.TRIAL, State.PLACED]


def forget_old(now=None) -> None:
    now = now or timezone.now()
    for forget in (
        forget_mails,
        forget_unconfirmed_accounts,
        forget_visits,
        forget_inspections,
        forget_notes_of_the_desk,
        ask_whoever_is_silent,
        erase_whoever_stayed_silent,
        erase_empty_accounts,
    ):
        forget(now)


def forget_mails(now) -> None:
    """Mails that were sent, or given up, with the addresses they went to."""
    before = MAILS.before(now)
    given_up = Q(state=Mail.State.DEAD, due_at__lte=before)
    Mail.objects.filter(Q(state=Mail.State.SENT, sent_at__lte=before) | given_up).delete()


def forget_unconfirmed_accounts(now) -> None:
    """Whoever signed up and never typed the code. Accounts that others made have a task, or a profile."""
    never_used = empty_accounts().filter(last_login=None, date_joined__lte=UNCONFIRMED.before(now))
    never_used.exclude(emailaddress__verified=True).delete()


def empty_accounts():
    return User.objects.filter(is_staff=False, memberships=None, volunteer=None)


def forget_visits(now) -> None:
    """Names and contacts left for one opportunity, or whose consent to more is taken back, once all is over."""
    agreed = Consent.objects.filter(
        volunteer=OuterRef("pk"), purpose=Consent.Purpose.PROFILE, withdrawn_at__isnull=True
    )
    before = VISITS.before(now)
    visitors = Volunteer.objects.filter(~Exists(agreed), ~Exists(needed(before, "pk")), user=None)
    for visitor in visitors.filter(changed_at__lte=before):
        erase_profile(visitor)


def forget_inspections(now) -> None:
    """That a proof was seen is of use for an engagement only (§ 72a Abs. 5 SGB VIII)."""
    before = INSPECTIONS.before(now)
    seen = ProofInspection.objects.filter(seen_on__lte=timezone.localdate(before))
    seen.filter(~Exists(needed(before, "volunteer"))).delete()


def needed(before, volunteer: str):
    """The matches of a volunteer, by the name of a column, that are under way or ended after this moment."""
    over = Q(state__in=OVER, changed_at__lte=before)
    return Match.objects.decided().filter(volunteer=OuterRef(volunteer)).exclude(over)


def forget_notes_of_the_desk(now) -> None:
    LogEntry.objects.filter(action_time__lte=DESK.before(now)).delete()
    looks.forget_old(now)
    Session.objects.filter(expire_date__lt=now).delete()


def ask_whoever_is_silent(now) -> None:
    """One mail to each; whoever has no address is called by their agency."""
    not_asked = Q(asked_at=None) | Q(asked_at__lt=F("last_sign"))
    for volunteer in silent_since(ASKED.before(now)).filter(not_asked):
        keeping.ask(volunteer, now)


def erase_whoever_stayed_silent(now) -> None:
    """Nobody is erased who was not asked half a year ago, however seldom this ran."""
    asked_before = months_later(now, ASKED.months - UNUSED.months)
    asked = {"asked_at__gte": F("last_sign"), "asked_at__lte": asked_before}
    for volunteer in silent_since(UNUSED.before(now)).filter(**asked).select_related("user"):
        erase(volunteer)


def silent_since(before):
    """The profiles that nobody has used, changed or decided about since, and whose person is not engaged."""
    busy = Match.objects.filter(volunteer=OuterRef("pk"), state__in=BUSY)
    last_sign = Greatest("changed_at", "user__last_login", Max("matches__changed_at"))
    return Volunteer.objects.filter(~Exists(busy)).annotate(last_sign=last_sign).filter(last_sign__lte=before)


@transaction.atomic
def erase(volunteer: Volunteer) -> None:
    """The account goes with the profile, unless somebody acts for others with it."""
    user = volunteer.user
    if user and not user.is_staff and not user.memberships.exists():
        erase_account(user)
    else:
        erase_profile(volunteer, by=user)


def erase_empty_accounts(now) -> None:
    """Accounts with nothing in them. Whoever saved a search is there: each mail about it asks whether to go on."""
    last_sign = Greatest("date_joined", "last_login")
    unused = empty_accounts().filter(saved_searches=None).annotate(last_sign=last_sign)
    for user in unused.filter(last_sign__lte=UNUSED.before(now)):
        erase_account(user)
