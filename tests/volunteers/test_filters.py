"""The list of people at the desk, narrowed."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import LanguageFactory, NeighbourhoodFactory, ProofFactory, SuggestionFactory, VolunteerFactory

LIST = "admin:volunteers_volunteer_changelist"
TODAY = timezone.localdate


@pytest.fixture
def people(client, cast):
    """The agency accompanies Ali and Rojda; Jonas's people are somebody else's."""
    client.force_login(cast.staff)
    ali, rojda, foreign = (VolunteerFactory(first_name=name) for name in ["Ali", "Rojda", "Foreign"])
    for volunteer in [ali, rojda]:
        volunteer.accompaniments.create(agency=cast.agency)
    foreign.accompaniments.create(agency=cast.other_agency)
    return ali, rojda, foreign


def listed(client, **query):
    return [volunteer.first_name for volunteer in client.get(reverse(LIST), query).context["cl"].queryset]


def offered(client, title):
    page = client.get(reverse(LIST)).context["cl"]
    [spec] = [spec for spec in page.filter_specs if getattr(spec, "parameter_name", "") == title]
    return [label for _value, label in spec.lookup_choices]


def test_languages_and_neighbourhoods_of_others_are_not_named(client, people):
    ali, _rojda, foreign = people
    arabic, dari = LanguageFactory(), LanguageFactory(code="fa-AF")
    ali.spoken_languages.create(language=arabic)
    foreign.spoken_languages.create(language=dari)
    foreign.neighbourhood = NeighbourhoodFactory()
    foreign.save()
    assert offered(client, "speaks") == [arabic.name]
    assert listed(client, speaks=arabic.pk) == ["Ali"]
    assert listed(client, speaks=dari.pk) == []
    assert "Foreign" not in listed(client, lives_in=foreign.neighbourhood.pk)


def test_who_lives_somewhere(client, people):
    ali, _rojda, _foreign = people
    ali.neighbourhood = NeighbourhoodFactory()
    ali.save()
    assert listed(client, lives_in=ali.neighbourhood.pk) == ["Ali"]


def test_whose_consent_is_missing_old_or_needs_a_guardian(client, people):
    ali, rojda, _foreign = people
    ali.consents.all().delete()
    rojda.consents.update(text_version="2020-01")
    rojda.birth_year = TODAY().year - 15
    rojda.save()
    assert listed(client, consent="missing") == ["Ali"]
    assert listed(client, consent="older") == ["Rojda"]
    assert listed(client, consent="guardian") == ["Rojda"]


def test_who_has_a_break(client, people):
    ali, _rojda, _foreign = people
    ali.paused_until = TODAY() + timedelta(days=1)
    ali.save()
    assert listed(client, **{"break": "yes"}) == ["Ali"]
    assert listed(client, **{"break": "no"}) == ["Rojda"]


def test_whose_proof_is_to_be_looked_at_again(client, people):
    ali, _rojda, foreign = people
    for volunteer in [ali, foreign]:
        volunteer.inspections.create(proof=ProofFactory(), seen_on=TODAY() - timedelta(days=9), recheck_on=TODAY())
    assert listed(client, task="with_proofs_to_recheck") == ["Ali"]


def test_who_is_in_nobodys_queue(client, people):
    ali, _rojda, _foreign = people
    SuggestionFactory(volunteer=ali)
    assert listed(client, suggestions="none") == ["Rojda"]


@pytest.mark.parametrize("name", ["speaks", "lives_in", "consent", "task", "break", "suggestions"])
@pytest.mark.parametrize("value", ["\0", "x" * 5000, "9" * 17, "²"], ids=["NUL", "long", "number", "digit"])
def test_a_strange_question_breaks_nothing(client, people, name, value):
    assert client.get(reverse(LIST), {name: value}).status_code == 200
