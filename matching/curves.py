"""The figures of many nights as curves, each with what it means in a sentence and with its numbers as a table."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagement.models import Language, Neighbourhood

from .models import NightlyFigures, Region

# The drawing's own units; the page stretches it to the room there is.
WIDTH, HEIGHT = 600, 160
# As many days are drawn.
DAYS = 91
# As many languages and neighbourhoods are listed, those with the fewest suggestions first.
MOST_GROUPS = 30
GROUPS = {"language": Language, "neighbourhood": Neighbourhood}


def whole(value: float) -> str:
    return number_format(value, 0)


def tenths(value: float) -> str:
    return number_format(value, 1)


def hundredths(value: float) -> str:
    return number_format(value, 2)


def percent(value: float) -> str:
    return _("%(number)s %%") % {"number": number_format(100 * value, 2 if 0.99 < value < 1 else 1)}


@dataclass(frozen=True)
class Chart:
    """One drawing: its lines by the names of their figures, how numbers are written, and how high it is at least."""

    title: str
    meaning: str
    lines: dict[str, str]
    written: Callable[[float], str] = whole
    least_top: float = 1


CHARTS = [
    Chart(
        gettext_lazy("Opportunities with a suggestion"),
        gettext_lazy("The nearer the two lines, the fewer opportunities stay without an idea who could help."),
        {"opportunities": gettext_lazy("open"), "opportunities_suggested": gettext_lazy("with a suggestion")},
    ),
    Chart(
        gettext_lazy("Volunteers with a suggestion"),
        gettext_lazy("The nearer the two lines, the fewer people does the house forget."),
        {"volunteers": gettext_lazy("may be suggested"), "volunteers_suggested": gettext_lazy("with a suggestion")},
    ),
    Chart(
        gettext_lazy("Connections in the last seven days"),
        gettext_lazy(
            "A connection is a yes to one opportunity. If the lower line lies far below, all say yes to the same ones."
        ),
        {"connections": gettext_lazy("connections"), "opportunities_connected": gettext_lazy("opportunities with one")},
    ),
    Chart(
        gettext_lazy("Places filled"),
        gettext_lazy("So many agreements hold on this day."),
        {"placed": gettext_lazy("agreements")},
    ),
    Chart(
        gettext_lazy("How unequal attention is"),
        gettext_lazy(
            "The Gini coefficient: 0 if all are shown equally often, 1 if one alone is shown. Lower is fairer."
        ),
        {"opportunity_gini": gettext_lazy("opportunities"), "volunteer_gini": gettext_lazy("volunteers")},
        hundredths,
    ),
    Chart(
        gettext_lazy("What the lowest tenth gets"),
        gettext_lazy("The share of all attention for the tenth that is shown least. Equal shares would be 10 %."),
        {"opportunity_tenth": gettext_lazy("opportunities"), "volunteer_tenth": gettext_lazy("volunteers")},
        percent,
        0.1,
    ),
    Chart(
        gettext_lazy("How long people wait"),
        gettext_lazy("Half of those who have nothing under way have waited longer for an answer or a new idea."),
        {"waiting_days": gettext_lazy("days (median)")},
        whole,
        14,
    ),
    Chart(
        gettext_lazy("Who waits for more than two weeks"),
        gettext_lazy("The share of the volunteers for whom nobody has acted on a suggestion for more than 14 days."),
        {"waiting_long": gettext_lazy("share of the volunteers")},
        percent,
    ),
    Chart(
        gettext_lazy("How good the prices are"),
        gettext_lazy(
            "Every night a price for each opportunity spreads attention. At least this share of the best is reached."
        ),
        {"certificate": gettext_lazy("certificate")},
        percent,
    ),
    Chart(
        gettext_lazy("Mails"),
        gettext_lazy("So many mails does somebody get in seven days who gets any. More than a few are a burden."),
        {"mails": gettext_lazy("mails for each person")},
        tenths,
        5,
    ),
]


@dataclass
class Line:
    label: str
    latest: str
    path: str


@dataclass
class Curve:
    """One chart drawn: numbers are written in the reader's language, None is a gap."""

    chart: Chart
    top: str
    lines: list[Line]
    rows: list[tuple[date, list[str]]] = field(default_factory=list)


def draw(chart: Chart, nights: list[NightlyFigures]) -> Curve:
    columns = {name: [night.numbers.get(name) for night in nights] for name in chart.lines}
    top = max([chart.least_top, *(value for column in columns.values() for value in column if value is not None)])
    days = [night.day for night in nights]
    lines = [
        Line(str(label), in_words(columns[name][-1], chart), path(days, columns[name], top))
        for name, label in chart.lines.items()
    ]
    rows = [
        (day, [in_words(column[at], chart) for column in columns.values()]) for at, day in reversed([*enumerate(days)])
    ]
    return Curve(chart, chart.written(top), lines, rows)


def in_words(value: float | None, chart: Chart) -> str:
    return _("not shown") if value is None else chart.written(value)


def path(days: list[date], values: list[float | None], top: float) -> str:
    """The line as SVG draws it: it breaks where a night or a number is missing; one night alone is a dot."""
    span = max(1, (days[-1] - days[0]).days)
    commands, before = [], None
    for day, value in zip(days, values, strict=True):
        if value is None:
            before = None
            continue
        x, y = WIDTH * (day - days[0]).days / span, HEIGHT * (1 - value / top)
        goes_on = before is not None and day - before == timedelta(days=1)
        commands.append(f"L{x:.1f} {y:.1f}" if goes_on else f"M{x:.1f} {y:.1f}h0")
        before = day
    return "".join(commands)


# --- Languages and neighbourhoods -------------------------------------------------------------------------------------
@dataclass
class Group:
    name: str
    people: str
    suggested: str
    waiting: str


def groups(night: NightlyFigures, kind: str) -> list[Group]:
    """Those who speak a language or live somewhere, the smallest share with a suggestion first."""
    found = night.groups.get(kind, {})
    chosen = sorted(found, key=lambda key: (share(found[key], "suggested", 2), int(key)))[:MOST_GROUPS]
    rows = GROUPS[kind].objects.in_bulk([int(key) for key in chosen])
    return [group(str(rows[int(key)]), found[key]) for key in chosen if int(key) in rows]


def share(numbers: dict, name: str, otherwise: float) -> float:
    return otherwise if numbers[name] is None else numbers[name] / numbers["people"]


def group(name: str, numbers: dict) -> Group:
    def written(of: str) -> str:
        return _("not shown") if numbers[of] is None else percent(share(numbers, of, 0))

    return Group(name, whole(numbers["people"]), written("suggested"), written("waiting"))


def about(figures, region: str) -> dict:
    """What the page shows: the last quarter of a region, by its key, or of the whole house."""
    regions = Region.objects.filter(pk__in=figures.values("region")).select_related("city").order_by("city__name")
    chosen = next((found for found in regions if str(found.pk) == region), None)
    nights = recent(figures.filter(region=chosen))
    latest = nights[-1] if nights else None
    return {
        "regions": regions,
        "chosen": chosen,
        "curves": [draw(chart, nights) for chart in CHARTS] if nights else [],
        "first": nights[0].day if nights else None,
        "latest": latest,
        "languages": groups(latest, "language") if latest else [],
        "neighbourhoods": groups(latest, "neighbourhood") if latest else [],
        "width": WIDTH,
        "height": HEIGHT,
    }


def recent(nights) -> list[NightlyFigures]:
    """Those of the last quarter before the latest, in the order of their days."""
    latest = nights.order_by("day").last()
    return list(nights.filter(day__gt=latest.day - timedelta(days=DAYS)).order_by("day")) if latest else []
