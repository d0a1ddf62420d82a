import time

from django.core.management.base import BaseCommand

from matching.demo import LOGINS, PASSWORD
from matching.demo.building import build, is_built


class Command(BaseCommand):
    help = "Fills the database with invented people, organisations, opportunities and suggestions."

    def add_arguments(self, parser):
        parser.add_argument("--volunteers", type=int, default=1000)
        parser.add_argument("--organisations", type=int, default=30, help="Migrant self-organisations.")
        parser.add_argument("--opportunities", type=int, help="The samples are 81; more are varied copies.")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *, volunteers, organisations, opportunities, seed, **options):  # noqa: ARG002 (Django's options)
        if is_built():
            self.stdout.write("The demo data is there already.")
            return
        start = time.perf_counter()
        build(volunteers=volunteers, organisations=organisations, opportunities=opportunities, seed=seed)
        self.stdout.write(f"The demo data is ready, in {time.perf_counter() - start:.1f} s.")
        for who, email in LOGINS:
            self.stdout.write(f"  {email:22} {who}")
        self.stdout.write(f"The password of all of them: {PASSWORD}")
