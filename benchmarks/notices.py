"""Words and dates for the opportunities of the population, which has neither: nobody reads a board without them."""

from datetime import timedelta
from random import Random

from django.utils import timezone

from matching.demo.copying import copy_rows
from matching.demo.words import read_file
from organisations.models import Opportunity, OpportunityText

SEED, DAYS = 20261123, 60
# A board that many people wrote has far more words than the invented samples.
COMPOUNDS = 4


def write_notices() -> None:
    """A German text and one in Einfache Sprache for each opportunity, out of samples of its field, and a date."""
    rng, samples, now = Random(SEED), samples_by_field(), timezone.now()
    roots = [
        word for of in samples.values() for sample in of for word in sample["description"].split() if word.isalpha()
    ]
    opportunities = list(Opportunity.objects.select_related("field").order_by("pk"))
    for opportunity in opportunities:
        opportunity.published_at = now - timedelta(minutes=rng.randrange(DAYS * 24 * 60))
        opportunity.contact_phone = f"0221 4710{rng.randrange(1000):03}"
    Opportunity.objects.bulk_update(opportunities, ["published_at", "contact_phone"], batch_size=2000)
    rows = (row for one in opportunities for row in texts_of(one.pk, rng, rng.choice(samples[one.field.code]), roots))
    copy_rows(OpportunityText, rows)


def samples_by_field() -> dict[str, list[dict]]:
    fields = {}
    for sample in read_file("opportunities.json")["opportunities"]:
        fields.setdefault(sample["field"], []).append(sample)
    return fields


def texts_of(key: int, rng: Random, sample: dict, roots: list[str]):
    compounds = [rng.choice(roots).title() + rng.choice(roots).lower() for _ in range(COMPOUNDS)]
    for language, ending in {"de": "", "de-simple": "_easy"}.items():
        body = f"{sample[f'description{ending}']} {' '.join(compounds)}."
        yield {
            "opportunity_id": key,
            "language": language,
            "title": sample[f"title{ending}"],
            "body": body,
            "schedule": sample["schedule"],
        }
