"""Search at the desk, in every list that shows persons or titles."""

import pytest
from django.contrib import admin
from django.db.models import GeneratedField

from engagement.models import User
from matching.models import Accompaniment
from tests.factories import (
    MatchFactory,
    MembershipFactory,
    MSOFactory,
    OpportunityFactory,
    SuggestionFactory,
    UserFactory,
    VolunteerFactory,
)
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(cast):
    """One of each, and another one that nobody looks for."""
    mso = MSOFactory(name="Çağdaş Köln e. V.", agency=cast.agency)
    opportunity = OpportunityFactory(host=cast.agency, title="Übersetzen im Café")
    volunteer = VolunteerFactory(first_name="Gülşen", last_name="Weiß-Łukasik", phone="0221 5550199")
    Accompaniment.objects.create(volunteer=volunteer, agency=cast.agency)
    SuggestionFactory(opportunity=opportunity, volunteer=volunteer)
    SuggestionFactory(opportunity=opportunity, volunteer=None, organisation=mso)
    MatchFactory(opportunity=OpportunityFactory(host=cast.agency, title="Kochen"), volunteer=volunteer)
    MembershipFactory(user=UserFactory(name="Zoë Müller", email="zoe@example.org"), organisation=cast.agency)
    SuggestionFactory(opportunity=OpportunityFactory(host=cast.agency))
    MatchFactory(opportunity=OpportunityFactory(host=cast.agency))


def found(client, model, question):
    return client.get(f"/en/admin/{model.replace('_', '/')}/", {"q": question}).context["cl"].result_count


@pytest.mark.parametrize(
    ("model", "question", "number"),
    [
        ("volunteers_volunteer", "gulsen", 1),
        ("volunteers_volunteer", "GUELŞEN weiss", 1),
        ("volunteers_volunteer", "lukasik", 1),
        ("volunteers_volunteer", "weisslukasik", 1),
        ("volunteers_volunteer", "5550199", 1),
        ("volunteers_volunteer", "gulsen oleh", 0),
        ("organisations_organisation", "cagdas koeln", 1),
        ("organisations_opportunity", "ubersetzen cafe", 1),
        ("organisations_opportunity", "uebersetzen", 1),
        ("matching_suggestion", "gulsen", 1),
        ("matching_suggestion", "cagdas", 1),
        ("matching_suggestion", "ubersetzen", 2),
        ("matching_match", "gulsen", 1),
        ("matching_match", "kochen", 1),
        ("engagement_user", "zoe muller", 1),
        ("engagement_user", "ZOE@example", 1),
    ],
)
def test_names_and_titles_are_found_without_their_accents(cast, client, rows, model, question, number):
    client.force_login(cast.staff)
    assert found(client, model, question) == number


def test_a_last_name_that_staff_do_not_know_yet_cannot_be_tried_out(cast, client, rows):
    client.force_login(cast.staff)
    assert found(client, "matching_suggestion", "weiß") == 0


@pytest.mark.parametrize("question", ["\0", "-", "%", "_", "\\", "'", '"', "x" * 5000, "a\0b", "٣ 😀", "\ud800"])
def test_an_odd_question_breaks_nothing(cast, client, rows, question):
    client.force_login(cast.administrator)
    for model in ("volunteers_volunteer", "matching_suggestion", "organisations_opportunity"):
        text = question.encode("utf-8", "surrogatepass")
        assert client.get(f"/en/admin/{model.replace('_', '/')}/", {"q": text}).status_code in (200, 302)


@pytest.mark.parametrize("model", [Volunteer, User])
def test_very_many_rows_are_not_folded_for_each_question(model):
    page = admin.site.get_model_admin(model)
    assert isinstance(page.column(page.search_fields[0]), GeneratedField)
