import sys

from django.core.management.base import BaseCommand

from matching.models import Erasure
from matching.personal import ledger


class Command(BaseCommand):
    help = "Lists what was erased. With --again: erases it once more, as a list or a log on standard input says."

    def add_arguments(self, parser):
        parser.add_argument("--again", action="store_true", help="After a backup was restored.")

    def handle(self, *, again, **_options):
        if again:
            self.stdout.write(f"Erased again: {ledger.erase_again(sys.stdin)}")
            return
        for erasure in Erasure.objects.iterator():
            self.stdout.write(ledger.line_of(erasure))
