from datetime import timedelta

import pytest
from django.utils import timezone

from organisations.forms import OrganisationForm, PotentialForm, SiteOpportunityForm
from organisations.models import Opportunity
from tests.factories import (
    CityFactory,
    FieldFactory,
    MSOFactory,
    NeighbourhoodFactory,
    OpportunityFactory,
    SkillFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def vingst():
    return NeighbourhoodFactory()


@pytest.fixture
def answers(vingst):
    """A form that may be published, as a browser sends it."""
    return {
        "title_de": "Hausaufgabenhilfe",
        "field": FieldFactory().pk,
        "place": "neighbourhood",
        "neighbourhoods": [vingst.pk],
        "status": "published",
    }


def filled(host, answers, **changes):
    return SiteOpportunityForm({**answers, **changes}, instance=Opportunity(host=host))


def test_little_is_needed_to_publish(cast, answers, vingst):
    opportunity = filled(cast.mso, answers).save()
    assert (opportunity.title, opportunity.status, opportunity.agency) == (
        "Hausaufgabenhilfe",
        "published",
        cast.agency,
    )
    assert (list(opportunity.neighbourhoods.all()), opportunity.city) == ([vingst], cast.mso.city)


def test_what_was_left_empty_is_unknown(cast, answers):
    opportunity = filled(cast.mso, answers).save()
    assert (opportunity.german_needed, opportunity.has_trial_visit, opportunity.min_age) == (None, None, None)
    assert (opportunity.frequency, opportunity.reimbursement, opportunity.times) == ("", "", [])


def test_no_and_unknown_are_two_answers(cast, answers):
    opportunity = filled(cast.mso, answers, has_trial_visit="false", german_needed="0", reimbursement="none").save()
    answered = (opportunity.has_trial_visit, opportunity.german_needed, opportunity.reimbursement)
    assert answered == (False, 0, "none")


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"title_de": ""}, ["title_de"]),
        ({"title_de": "x" * 121}, ["title_de"]),
        ({"title_de": "a\x00b"}, ["title_de"]),
        ({"body_de-simple": "Komm vorbei."}, ["title_de-simple"]),
        ({"field": ""}, ["field"]),
        ({"field": "99999999999999999999999"}, ["field"]),
        ({"neighbourhoods": []}, ["neighbourhoods"]),
        ({"neighbourhoods": ["x"]}, ["neighbourhoods"]),
        ({"place": "remote"}, ["neighbourhoods"]),
        ({"only_for": "women"}, ["only_for_reason"]),
        ({"valid_until": "2020-01-01"}, ["valid_until"]),
        ({"valid_until": "soon"}, ["valid_until"]),
        ({"places": "0"}, ["places"]),
        ({"places": "-1"}, ["places"]),
        ({"hours_per_week": "99999999999"}, ["hours_per_week"]),
        ({"times": ["21"]}, ["times"]),
        ({"status": "anything"}, ["status"]),
    ],
)
def test_a_mistake_is_named_beside_its_field(cast, answers, changes, wrong):
    assert list(filled(cast.mso, answers, **changes).errors) == wrong


def test_a_draft_may_lack_what_publishing_needs(cast, answers):
    assert filled(cast.mso, answers, status="draft", neighbourhoods=[], valid_until="2020-01-01").is_valid()


def test_an_unverified_organisation_keeps_drafts_only(answers):
    mso = MSOFactory(agency=None, verified_at=None)
    assert list(filled(mso, answers).errors) == ["__all__"]
    assert filled(mso, answers, status="draft").save().agency == mso


def test_a_neighbourhood_of_another_town_is_not_offered(cast, answers):
    there = NeighbourhoodFactory(code="essen-kray", city=CityFactory(name="Essen"))
    assert list(filled(cast.mso, answers, neighbourhoods=[there.pk]).errors) == ["neighbourhoods"]


def test_a_skill_is_needed_or_wished(cast, answers):
    skill = SkillFactory().pk
    assert list(filled(cast.mso, answers, skills_required=[skill], skills_wanted=[skill]).errors) == ["skills_wanted"]


def test_from_home_has_no_town(cast, answers):
    assert filled(cast.mso, answers, place="remote", neighbourhoods=[]).save().city is None


def test_the_first_day_of_publication_stays(cast, answers):
    first = timezone.now() - timedelta(days=30)
    opportunity = OpportunityFactory(host=cast.mso, published_at=first)
    SiteOpportunityForm(answers, instance=opportunity).save()
    assert opportunity.published_at == first


def test_a_text_that_was_emptied_is_gone(cast, answers):
    opportunity = filled(cast.mso, answers, **{"title_de-simple": "Bei Hausaufgaben helfen"}).save()
    SiteOpportunityForm(answers, instance=opportunity).save()
    assert list(opportunity.texts.values_list("language", flat=True)) == ["de"]


def test_an_input_says_which_language_it_is_for(cast):
    form = SiteOpportunityForm(instance=Opportunity(host=cast.mso))
    assert 'lang="ar" dir="rtl"' in str(form["title_ar"])


def test_a_word_that_is_no_longer_offered_stays_with_its_row(cast):
    gone = SkillFactory(is_active=False)
    cast.mso.skills.add(gone)
    assert list(PotentialForm(instance=cast.mso).fields["skills"].queryset) == [gone]
    assert list(PotentialForm(instance=MSOFactory()).fields["skills"].queryset) == []


def test_the_name_of_a_verified_organisation_is_fixed(cast, vingst):
    data = {"name": "Another name", "town": "Köln", "contact_name": "Rojda Demir"}
    form = OrganisationForm(data, instance=cast.mso)
    assert form.save().name == "Kurdischer Elternverein Newroz e. V."


def test_an_unknown_town_is_named_beside_the_field(cast):
    form = OrganisationForm({"name": "Verein", "town": "Atlantis", "contact_name": "Rojda Demir"})
    assert list(form.errors) == ["town"]
