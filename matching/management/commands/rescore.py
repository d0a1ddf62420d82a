import sys
from functools import partial

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from matching.models import Region, Suggestion
from matching.rescoring import prepare, rescore_everything, rescore_region


class Command(BaseCommand):
    help = "Scores every candidate against all open opportunities within reach and swaps the suggestions."

    def add_arguments(self, parser):
        parser.add_argument("--region", metavar="NAME", help="only the candidates of this town")

    def handle(self, *, region, **_options):
        if region:
            self.rescore(region)
        else:
            rescore_everything(progress=partial(tqdm, desc="Scoring", unit=" regions", disable=not sys.stderr.isatty()))
        self.stdout.write(f"{Suggestion.objects.count()} suggestions.")

    def rescore(self, name):
        prepare()
        regions = Region.objects.filter(city__name=name)
        if not regions:
            raise CommandError(f"There is no town with the name {name}.")
        for region in regions:
            rescore_region(region.pk)
