import sys
from functools import partial

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from matching.models import Region, Suggestion
from matching.rescoring import prepare, refresh_regions, rescore_everything, rescore_regions


class Command(BaseCommand):
    help = "Scores every candidate against all open opportunities within reach and swaps the suggestions."

    def add_arguments(self, parser):
        parser.add_argument("--region", metavar="NAME", help="only the candidates of this town")

    def handle(self, *, region, **_options):
        if region:
            self.rescore(region)
        else:
            rescore_everything(progress=partial(tqdm, desc="Scoring", unit=" batches", disable=not sys.stderr.isatty()))
        self.stdout.write(f"{Suggestion.objects.count()} suggestions.")

    def rescore(self, name):
        prepare()
        regions = list(Region.objects.filter(city__name=name).values_list("pk", flat=True))
        if not regions:
            raise CommandError(f"There is no town with the name {name}.")
        refresh_regions(regions)
        rescore_regions(regions)
