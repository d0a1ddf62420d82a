"""``make bench-matching``: the engine at the sizes of a city, a state and a country, and what it is compared with.

Everything is measured in one run on the same rows, in a database of its own. Prints Markdown.
"""

import argparse
from functools import partial

import numpy as np

from matching import refreshing, vocabulary
from organisations.models import Opportunity

from . import engine
from .checking import mismatches
from .competitors import annotated, bitsets
from .competitors.loop import Loop
from .database import count_rows, fresh_database
from .night import night
from .population import SIZES, populate
from .tables import describe_machine, say, seconds, table

SEED = 7
CHANGES, CHECKED, COMPARED, BEST = 300, 1000, 10, 20
# The figures to reach, by size.
TARGETS = {
    "scoring, both sides": (0.5, 5, 60),
    "end to end: fetch, score, write, both sides": (1.5, 10, 150),
    "one volunteer changed, p95": (0.005, 0.005, 0.010),
    "one opportunity changed, p95": (0.015, 0.020, 0.060),
    "peak memory of a worker": (300, 500, 2000),
    "fair prices": (0.5, 3, 60),
}
SHOWN = [
    *("candidates", "opportunities", "suggestions", "scoring, both sides"),
    *(
        "end to end: fetch, score, write, both sides",
        "the same by one process",
        "the same again by two, nothing changed",
    ),
    *(f"one {what} changed, p{share}" for what in ("volunteer", "opportunity") for share in (50, 95)),
    *("peak memory of a worker", "short lists for the prices", "fair prices", "certificate of the prices"),
    *("packing all records", "inventing the people", "pairs checked", "mismatches"),
]
# Whatever is not a time.
WRITTEN = dict.fromkeys(["candidates", "opportunities", "suggestions", "pairs checked", "mismatches"], "{:,}".format)
WRITTEN |= {"peak memory of a worker": "{:,.0f} MB".format, "certificate of the prices": "{:.2%}".format}
CURVE = ["one opportunity scored, both sides", "candidates in reach of it", "for each of them"]


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-matching", description=__doc__)
    parser.add_argument("sizes", nargs="*", default=["S", "M"], help="S, M or L")
    describe_machine()
    measured, usual = {}, {}
    for name in parser.parse_args().sizes:
        with fresh_database():
            measured[name] = measure(name)
            usual |= compare() if name == "S" else {}
    show(measured, usual)


def measure(name: str) -> dict[str, float]:
    """Fill the database, then measure in the order of a night and the day after it."""
    rng = np.random.default_rng(SEED)
    figures = {"inventing the people": engine.timed(lambda: populate(SIZES[name]))[0]}
    words = vocabulary.current()
    figures["packing all records"] = engine.timed(lambda: refreshing.refresh_everything(words))[0]
    count_rows()
    sides = engine.Sides.read()
    figures |= score_in_memory(name, sides)
    del sides
    figures |= nights(name)
    count_rows()
    figures |= changes(rng)
    figures["mismatches"], figures["pairs checked"] = mismatches(CHECKED, rng)
    figures["candidates in reach"] = engine.candidates_in_reach(200, rng)
    return figures


def score_in_memory(name: str, sides: engine.Sides) -> dict[str, float]:
    tries = 1 if name == "L" else 3
    # What is compiled is loaded first.
    engine.rank_both_sides(engine.Sides(sides.opportunities[:10], sides.candidates[:10], sides.geography))
    scoring, found = engine.best_of(tries, partial(engine.rank_both_sides, sides))
    listing, (rows, totals) = engine.best_of(tries, partial(engine.shortlists, sides))
    engine.price(sides, rows[:10], totals[:10])
    pricing, prices = engine.best_of(tries, partial(engine.price, sides, rows, totals))
    return {
        "opportunities": len(sides.opportunities),
        "candidates": len(sides.candidates),
        "scoring, both sides": scoring,
        "suggestions": len(found.total),
        "short lists for the prices": listing,
        "fair prices": pricing,
        "certificate of the prices": prices.certificate,
    }


def nights(name: str) -> dict[str, float]:
    """With nothing suggested yet, by one process and by two; but for a country, once more with nothing changed."""
    alone = night(1)
    engine.forget_suggestions()
    count_rows()
    first = night(2)
    count_rows()
    again = night(2) if name != "L" else {"seconds": np.nan, "megabytes": 0}
    return {
        "end to end: fetch, score, write, both sides": first["seconds"],
        "the same by one process": alone["seconds"],
        "the same again by two, nothing changed": again["seconds"],
        "peak memory of a worker": max(figures["megabytes"] for figures in (alone, first, again)),
    }


def changes(rng) -> dict[str, float]:
    engine.change_volunteers(5, rng), engine.change_opportunities(5, rng)
    volunteers, opportunities = engine.change_volunteers(CHANGES, rng), engine.change_opportunities(CHANGES, rng)
    return {
        f"one {what} changed, p{share}": np.percentile(took, share)
        for what, took in (("volunteer", volunteers), ("opportunity", opportunities))
        for share in (50, 95)
    }


def compare() -> dict[str, float]:
    """Seconds for one opportunity in each of the usual ways. All of them must find the same people."""
    opportunities = list(Opportunity.objects.open().select_related("field", "city").order_by("pk")[:COMPARED])
    loop, first = Loop(), opportunities[0]
    looping, of_loop = engine.timed(lambda: loop.ranked(first))
    queries = [annotated.ranked(one).values_list("pk", "total")[:BEST] for one in opportunities]
    querying, of_queries = engine.timed(lambda: [list(query) for query in queries])
    bitsets.prepare()
    selecting, of_sql = engine.timed(lambda: bitsets.best_of_everybody(BEST))
    assert_equal(of_loop[:BEST], of_queries[0])
    for one, found in zip(opportunities, of_queries, strict=True):
        assert_equal(found, [(person, total) for offer, person, total in of_sql if offer == one.pk])
    return {
        "a loop with queries inside": looping,
        "an annotated queryset": querying / len(queries),
        "pure SQL for the whole side": selecting / Opportunity.objects.open().count(),
    }


def assert_equal(one: list[tuple], other: list[tuple]) -> None:
    """Two lists of people and totals; whoever is last may be one of several with the same total."""
    totals = [np.array([total for _pk, total in found]) for found in (one, other)]
    if len(one) != len(other) or not np.allclose(*totals, atol=1e-6):
        raise ValueError(f"The rule was told in two ways, and they differ: {one} and {other}")


# --- What is printed --------------------------------------------------------------------------------------------------
def show(measured: dict[str, dict], usual: dict[str, float]) -> None:
    sizes = list(measured)
    say("### The figures", "")
    table(["", *sizes], [[name, *(cell(name, size, measured[size]) for size in sizes)] for name in SHOWN])
    if usual:
        say("### One opportunity at size S, against the usual ways", "")
        show_usual(usual, measured["S"])
    say("### What an opportunity costs as there are more candidates", "")
    table(["", *sizes], [[name, *(curve[name] for curve in map(curve_of, measured.values()))] for name in CURVE])


def cell(name: str, size: str, figures: dict) -> str:
    value = figures[name]
    shown = WRITTEN.get(name, seconds)(value)
    if name not in TARGETS:
        return shown
    target = TARGETS[name]["SML".index(size)]
    return f"{shown} (≤ {WRITTEN.get(name, seconds)(target)}){'' if value <= target else ' **missed**'}"


def show_usual(usual: dict[str, float], figures: dict) -> None:
    number = figures["opportunities"]
    ours = {
        "scored among all": figures["scoring, both sides"] / number,
        "in a night: fetched, scored, written": figures["end to end: fetch, score, write, both sides"] / number,
        "changed: fetched, scored, written": figures["one opportunity changed, p50"],
    }
    heading = ["", "one opportunity", *(f"÷ {name}, {seconds(value)}" for name, value in ours.items())]
    rows = [[way, seconds(took), *(f"{took / value:,.0f}" for value in ours.values())] for way, took in usual.items()]
    table(heading, rows)


def curve_of(figures: dict) -> dict[str, str]:
    cost = figures["scoring, both sides"] / figures["opportunities"]
    reach = figures["candidates in reach"]
    values = seconds(cost), f"{reach:,.0f}", f"{cost / reach * 1e9:.1f} ns"
    return dict(zip(CURVE, values, strict=True))


if __name__ == "__main__":
    main()
