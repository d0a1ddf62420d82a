from django.core.management.base import BaseCommand

from matching.ranking import warm_up


class Command(BaseCommand):
    help = "Compile the rule of matching, so that nobody waits for it later. A second time does nothing."

    def handle(self, **_options):
        warm_up()
