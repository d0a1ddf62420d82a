"""Building the demo: once, and the same from the same seed."""

from datetime import UTC, datetime
from io import StringIO

from django.core.management import call_command
from django.db import transaction

from engagement.models import Language, Neighbourhood
from matching.demo.building import build
from matching.models import Match, Suggestion
from organisations.models import Opportunity, Organisation
from volunteers.models import Competence, SpokenLanguage, Volunteer

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SIZE = {"volunteers": 60, "organisations": 30, "opportunities": None}


def figures():
    """A few figures and rows that two demos from the same seed have in common."""
    people = Volunteer.objects.order_by("pk").values_list(
        "first_name", "last_name", "email", "phone", "neighbourhood__code"
    )
    languages = SpokenLanguage.objects.order_by("volunteer", "language__code").values_list("language__code", "level")
    titles = Opportunity.objects.order_by("pk", "texts__language").values_list(
        "texts__title", "contact_name", "coordinator__email"
    )
    return [list(people), list(languages), list(titles), Competence.objects.count(), Suggestion.objects.count()]


def test_the_same_seed_makes_the_same_people(vocabulary):
    seen = [figures_of_a_demo(seed) for seed in (1, 1, 2)]
    assert seen[0] == seen[1]
    assert seen[0] != seen[2]


def figures_of_a_demo(seed):
    with transaction.atomic():
        build(**SIZE, seed=seed, now=NOW)
        found = figures()
        transaction.set_rollback(True)
    return found


def test_a_second_call_changes_nothing(vocabulary):
    call_command("demo_data", volunteers=5, opportunities=3, stdout=StringIO())
    before = figures()
    out = StringIO()
    call_command("demo_data", volunteers=5, opportunities=3, stdout=out)
    assert out.getvalue() == "The demo data is there already.\n"
    assert figures() == before


def test_suggestions_can_be_left_out(vocabulary):
    call_command("demo_data", "--no-suggestions", volunteers=20, stdout=StringIO())
    assert Volunteer.objects.count() == 20
    assert not Suggestion.objects.exists()
    assert not Match.objects.exists()


def test_the_vocabulary_is_loaded_where_it_is_missing(db):
    call_command("demo_data", volunteers=1, opportunities=0, stdout=StringIO())
    assert Language.objects.count() == 88


def test_more_opportunities_than_samples_are_spread_over_the_neighbourhoods(vocabulary):
    build(volunteers=10, organisations=400, opportunities=700, seed=3, with_suggestions=False, now=NOW)
    assert Opportunity.objects.count() == 700
    assert Neighbourhood.objects.exclude(opportunities=None).count() > 400
    assert Organisation.objects.filter(kind="mso").count() == 400
    assert not Opportunity.objects.filter(host__verified_at=None).exists()
