from django.core.management.base import BaseCommand, CommandError

from engagement.vocabulary.loading import load_vocabulary
from engagement.vocabulary.reading import VocabularyError


class Command(BaseCommand):
    help = "Loads languages, skills, proofs, fields, neighbourhoods and postcodes from the shipped files."

    def handle(self, **options):  # noqa: ARG002 (Django hands over its own options too)
        try:
            self.stdout.write(str(load_vocabulary()))
        except VocabularyError as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
