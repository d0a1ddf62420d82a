import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from matching.judging import FACTORS, RULE_VERSION, Weights
from matching.models import Rule
from tests.factories import RuleFactory

pytestmark = pytest.mark.django_db


def test_the_house_starts_with_the_weights_of_the_rule():
    in_force = Rule.objects.in_force()
    assert [getattr(in_force, factor) for factor in FACTORS] == [getattr(Weights(), factor) for factor in FACTORS]
    assert (Rule.objects.newest().text_version, Rule.objects.newest().changes) == (RULE_VERSION, [])


def test_the_newest_weights_are_in_force():
    rule = RuleFactory(language=20, time=20)
    assert Rule.objects.in_force() == Weights(language=20, time=20, version=rule.version)


def test_a_version_says_what_changed():
    assert RuleFactory(language=20, time=20).changes == [("language", 30, 20), ("time", 10, 20)]


def test_what_was_scored_before_keeps_its_weights():
    old, new = Rule.objects.in_force(), RuleFactory(language=20, time=20)
    assert Rule.objects.weights_of([old.version, new.version]) == {old.version: old, new.version: new.weights}


def test_a_migration_that_changes_nothing_adds_no_version():
    call_command("migrate", verbosity=0)
    assert Rule.objects.count() == 1


def test_a_new_text_of_the_rule_is_a_version_with_the_same_weights():
    old = RuleFactory(language=20, time=20, text_version=RULE_VERSION - 1)
    call_command("migrate", verbosity=0)
    newest = Rule.objects.newest()
    assert (newest.version, newest.text_version, newest.changes) == (old.version + 1, RULE_VERSION, [])


ONE_COUNTS = {"language": 100, "skills": 0, "neighbourhood": 0, "time": 0, "field": 0, "motive": 0}


@pytest.mark.parametrize("weights", [{"language": 31}, ONE_COUNTS])
def test_the_database_refuses_weights_that_make_no_rule(weights):
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleFactory(**weights)
