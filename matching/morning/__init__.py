"""What waits for somebody at the desk: how much of each kind, since when and until when, and the first few by name.

Each kind is one queryset, the same that its list shows, so that a number at the desk and the rows behind it never
differ. It costs one query a kind, and one for the titles of all opportunities.
"""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.db.models import Count, Model, Q, QuerySet, Window, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organisations.models import Opportunity, Organisation

from .kinds import KINDS, REVIEW, Kind
from .lines import Line, line_of

# As many rows of a kind are named at once.
NAMED = 4
# What is due on a day of its own stands at the desk for two weeks before.
AHEAD = 14


@dataclass(frozen=True)
class Task:
    """One kind of which something is there: how much, how much of it late, and its oldest rows."""

    kind: Kind
    number: int
    late: int
    rows: list[Model]
    today: date
    agency: Organisation | None

    @property
    def since(self) -> date | None:
        return day_of(self.rows[0], self.kind)

    @property
    def age(self) -> int | None:
        """Days that the oldest has waited; None where its day is not known, or still to come."""
        return (self.today - self.since).days if self.since and self.since <= self.today else None

    @property
    def due(self) -> date | None:
        return self.kind.due(self.since) if self.kind.due and self.since else None

    @property
    def left(self) -> int | None:
        """Days that are left for the oldest, below zero where it is late; None where there is no last day."""
        return (self.due - self.today).days if self.due else None

    @property
    def share(self) -> int:
        """How much of its time is over, in per cent."""
        whole = (self.due - self.since).days or AHEAD
        return min(100, max(0, 100 - round(100 * self.left / whole)))

    @property
    def oldest(self) -> str:
        return in_days(self.age) if self.age is not None else ""

    @property
    def remains(self) -> str:
        """What is left of its time, in words."""
        if self.left < 0:
            return ngettext("overdue for %(days)s day", "overdue for %(days)s days", -self.left) % {"days": -self.left}
        if self.left == 0:
            return _("until today")
        return ngettext("%(days)s day left", "%(days)s days left", self.left) % {"days": self.left}

    @property
    def more(self) -> int:
        """How many there are besides those that are named."""
        return self.number - len(self.rows)

    @property
    def lines(self) -> list[Line]:
        return [line_of(row, self.kind, day_of(row, self.kind), self.today) for row in self.rows]

    @property
    def url(self) -> str:
        if self.kind is REVIEW:
            # The pages of the review lead through all the others.
            return reverse("admin:matching_suggestion_review", args=[self.rows[0].pk])
        query = self.kind.query | ({"agency": self.agency.pk} if self.agency and self.kind.agency else {})
        return reverse(f"admin:{self.kind.page}_changelist") + (f"?{urlencode(query)}" if query else "")


def in_days(days: int) -> str:
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days} if days else _("today")


def day_of(row: Model, kind: Kind) -> date | None:
    since = getattr(row, kind.since)
    return timezone.localdate(since) if isinstance(since, datetime) else since


def waiting_for(user, agency: Organisation | None = None, *, now: datetime | None = None) -> list[Task]:
    """What waits for ``user``, the most urgent first; of one ``agency`` alone, where one is chosen."""
    now = now or timezone.now()
    tasks = [task for kind in KINDS if (task := look(kind, user, agency, now))]
    tell_titles(tasks)
    return sorted(tasks, key=lambda task: (not task.late, task.due or date.max))


def look(kind: Kind, user, agency: Organisation | None, now: datetime) -> Task | None:
    today = timezone.localdate(now)
    rows = of_agency(kind, kind.rows(user, now), agency)
    rows = rows.annotate(number=Window(Count("pk")), late=Window(Count("pk", filter=is_late(kind, today))))
    rows = list(rows.order_by(kind.since, "pk")[:NAMED])
    return Task(kind, rows[0].number, rows[0].late, rows, today, agency) if rows else None


def of_agency(kind: Kind, rows: QuerySet, agency: Organisation | None) -> QuerySet:
    return rows.filter(**{kind.agency: agency}) if agency and kind.agency else rows


def is_late(kind: Kind, today: date) -> Q:
    if kind.in_time_from is None:
        return Q(pk=None)
    is_moment = kind.since.endswith("at")
    return Q(**{f"{kind.since}__date__lt" if is_moment else f"{kind.since}__lt": kind.in_time_from(today)})


def tell_titles(tasks: list[Task]) -> None:
    rows = [row for task in tasks for row in task.rows]
    named = [row if isinstance(row, Opportunity) else row.opportunity for row in rows if hasattr(row, "opportunity_id")]
    prefetch_related_objects([row for row in rows if isinstance(row, Opportunity)] + named, "texts")
