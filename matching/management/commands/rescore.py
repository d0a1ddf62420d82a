import sys
from functools import partial

from django.core.management.base import BaseCommand
from tqdm import tqdm

from matching.rescoring import rescore_everything


class Command(BaseCommand):
    help = "Scores every open opportunity against every candidate and swaps the suggestions."

    def handle(self, **_options):
        progress = partial(tqdm, desc="Scoring", unit=" opportunities", disable=not sys.stderr.isatty())
        self.stdout.write(f"{rescore_everything(progress=progress)} suggestions.")
