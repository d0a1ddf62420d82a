"""What a candidate says to an idea: not now, or never this kind."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from engagement.keys import key_of
from matching import ideas
from matching.models import Match, PendingRescoring, Postponement, Suggestion
from tests.factories import FieldFactory, MembershipFactory, OpportunityFactory, SuggestionFactory


@pytest.fixture
def idea(cast):
    return SuggestionFactory(volunteer=cast.samira, opportunity=OpportunityFactory(host=cast.agency))


def answer(client, idea, said, candidate=None):
    data = {"answer": said, "candidate": key_of(candidate or idea.candidate)}
    return client.post(reverse("matching:answer_idea", args=[idea.opportunity_id]), data, follow=True)


@pytest.mark.parametrize("said", ["later", "never"])
def test_nobody_answers_for_somebody_else(client, cast, idea, said):
    for user in [cast.stranger, cast.staff, cast.contact]:
        client.force_login(user)
        answer(client, idea, said)
    assert not Postponement.objects.filter(volunteer=cast.samira).exists()
    assert not cast.samira.refused_fields.exists()


def test_not_now_lasts_four_weeks_on_the_page_and_at_the_desk(client, cast, idea):
    client.force_login(cast.samira.user)
    for _ in range(2):
        answer(client, idea, "later")
    assert ideas.of(cast.samira.user) == []
    assert not Suggestion.objects.undecided().exists()
    with time_machine.travel(timezone.now() + timedelta(weeks=4)):
        assert ideas.of(cast.samira.user) == [idea]
    assert Postponement.objects.count() == 1


def test_not_now_tells_an_agency_nothing(client, cast, idea):
    client.force_login(cast.samira.user)
    answer(client, idea, "later")
    assert not Match.objects.exists()
    assert not type(cast.samira).objects.visible_to(cast.staff).exists()


def test_not_now_of_one_candidate_is_not_that_of_another(client, cast, idea):
    theirs = SuggestionFactory(volunteer=None, organisation=cast.mso, opportunity=idea.opportunity)
    client.force_login(cast.contact)
    answer(client, theirs, "later")
    assert list(Suggestion.objects.undecided()) == [idea]


def test_never_this_kind_hides_the_whole_field(client, cast, idea):
    cast.samira.fields.add(idea.opportunity.field)
    same_kind = SuggestionFactory(volunteer=cast.samira)
    other = SuggestionFactory(volunteer=cast.samira, opportunity=OpportunityFactory(field=FieldFactory(code="SPORT")))
    client.force_login(cast.samira.user)
    assert same_kind.opportunity.field == idea.opportunity.field
    assert idea.opportunity.field.name in answer(client, idea, "never").content.decode()
    assert ideas.of(cast.samira.user) == [other]
    assert list(cast.samira.fields.all()) == []
    assert PendingRescoring.objects.filter(volunteer=cast.samira).exists()


def test_a_self_organisation_says_not_now_only(client, cast):
    theirs = SuggestionFactory(volunteer=None, organisation=cast.mso)
    client.force_login(cast.contact)
    assert ideas.of(cast.contact) == [theirs]
    answer(client, theirs, "never")
    assert ideas.of(cast.contact) == [theirs]


@pytest.mark.parametrize("data", [{}, {"answer": "\0"}, {"answer": "later", "candidate": "x"}, {"candidate": "\0"}])
def test_whatever_else_is_sent_changes_nothing(client, cast, idea, data):
    MembershipFactory(user=cast.samira.user, organisation=cast.mso, role="contact")
    client.force_login(cast.samira.user)
    response = client.post(reverse("matching:answer_idea", args=[idea.opportunity_id]), data, follow=True)
    assert response.status_code == 200
    assert ideas.of(cast.samira.user) == [idea]


def test_what_is_closed_by_now_is_no_error(client, cast, idea):
    type(idea.opportunity).objects.update(status="closed")
    client.force_login(cast.samira.user)
    assert answer(client, idea, "later").status_code == 200
    assert client.post(reverse("matching:answer_idea", args=[10**30])).status_code == 302
    assert not Postponement.objects.exists()
