import time

from django.core.management.base import BaseCommand

from matching.demo import LOGINS, PASSWORD
from matching.demo.building import build, is_built

BUILDS = ["volunteers", "organisations", "opportunities", "seed", "with_suggestions"]


class Command(BaseCommand):
    help = "Fills the database with invented people, organisations, opportunities and suggestions."

    def add_arguments(self, parser):
        parser.add_argument("--volunteers", type=int, default=1000)
        parser.add_argument("--organisations", type=int, default=30, help="Migrant self-organisations.")
        parser.add_argument("--opportunities", type=int, help="The samples are 81; more are varied copies.")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--no-suggestions",
            dest="with_suggestions",
            action="store_false",
            help="Leave out suggestions and matches. For very large numbers: `manage.py rescore` makes them later.",
        )

    def handle(self, **options):
        if is_built():
            self.stdout.write("The demo data is there already.")
            return
        start = time.perf_counter()
        build(**{name: options[name] for name in BUILDS})
        self.stdout.write(f"The demo data is ready, in {time.perf_counter() - start:.1f} s.")
        for who, email in LOGINS:
            self.stdout.write(f"  {email:22} {who}")
        self.stdout.write(f"The password of all of them: {PASSWORD}")
