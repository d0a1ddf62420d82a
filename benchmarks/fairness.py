"""``make bench-fairness``: fair prices against a published table, and in the weeks of a city. Prints Markdown.

How long prices take, and how good they are by their own certificate, is among the figures of ``make bench-matching``.
"""

import numpy as np

from .database import fresh_database
from .published_table import COMMON_ORDERS, TABLE, Setting, market
from .tables import describe_machine, say, table
from .volunteer_match import WEEKS, Weeks, by_fair_prices, by_score, invent_city

# Cities 0 to 6 were looked at while the prices were made.
SEEDS = range(7, 12)
# How lists are ordered, and whether every connection is answered at once by a lower place in the lists.
ORDERS = {
    "score": (by_score, False),
    "score, lower after each connection": (by_score, True),
    "score × fair price": (by_fair_prices, True),
}
OUTCOME = ["opportunities with a connection, a week", "connections", "places filled", "Gini of being read"]


def main() -> None:
    describe_machine()
    compare_with_the_published_table()
    compare_orders()


def compare_with_the_published_table() -> None:
    say("## Expected matches, ours and those of Su, Bayoumi, Joachims (WWW 2022)", "")
    usual = Setting(0)
    likes, liked_by, _ = market(usual)
    # Two common orders show that market and metric are those of the paper.
    common = {"naive": likes, "reciprocal": likes * liked_by.T}
    rows = [
        line(order, usual._replace(published=published), market(usual).matches(common[order]))
        for order, published in COMMON_ORDERS.items()
    ]
    best = {setting: market(setting).best_matches() for setting in TABLE}
    table(
        ["ranking", "jobs", "crowding", "relation", "attention", "ours", "published", "ours / published"],
        rows + [line("for everybody's sake", *pair) for pair in best.items()],
    )
    ratios = [matches / setting.published for setting, matches in best.items()]
    mean = np.exp(np.mean(np.log(ratios)))
    say(f"Geometric mean for everybody's sake: {mean:.4f}; the least: {min(ratios):.4f}.", "")


def line(ranking: str, setting: Setting, matches: float) -> list[str]:
    published, *drawn = setting
    return [ranking, *map(str, drawn), f"{matches:.1f}", f"{published}", f"{matches / published:.4f}"]


def compare_orders() -> None:
    say(f"## {WEEKS} weeks in a city, by the protocol of VolunteerMatch (SSRN 4497747)", "")
    with fresh_database():
        outcomes = np.array([outcomes_of(seed) for seed in SEEDS])
    table(
        ["order of the lists", "city", *OUTCOME],
        [
            [order, str(seed), *(f"{part:,.1f}" for part in outcome[:3]), f"{outcome[3]:.2f}"]
            for number, order in enumerate(ORDERS)
            for seed, outcome in zip(SEEDS, outcomes[:, number], strict=True)
        ],
    )
    changes = outcomes / outcomes[:, :1] - 1
    table(
        ["against the order by score: mean (least to most)", *OUTCOME],
        [[order, *map(spread, changes[:, number].T)] for number, order in enumerate(ORDERS) if number],
    )


def outcomes_of(seed: int) -> list:
    city = invent_city(seed)
    return [Weeks(city, price, is_corrected=live, seed=seed).run() for price, live in ORDERS.values()]


def spread(changes) -> str:
    return f"{changes.mean():+.1%} ({changes.min():+.1%} to {changes.max():+.1%})"


if __name__ == "__main__":
    main()
