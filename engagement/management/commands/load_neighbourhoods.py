from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from engagement.vocabulary.loading import load_neighbourhoods
from engagement.vocabulary.reading import VocabularyError


class Command(BaseCommand):
    help = "Loads the neighbourhoods of a town from a GeoJSON file (WGS 84); each feature needs a name."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--city", default="", help="The town, where the features do not name it.")

    def handle(self, *, file, city, **options):  # noqa: ARG002 (Django hands over its own options too)
        try:
            self.stdout.write(str(load_neighbourhoods(file, city)))
        except VocabularyError as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
