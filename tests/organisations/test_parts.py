"""What is folded away on the page of an opportunity, and what is open."""

import pytest
from django.utils import translation

from organisations.forms import SiteOpportunityForm
from organisations.models import Opportunity
from organisations.parts import open_parts, text_groups


@pytest.mark.parametrize(
    ("answers", "parts"),
    [
        ({}, set()),
        ({"is_in_team": False}, {"get"}),
        ({"only_for": "women"}, {"only_for"}),
    ],
)
def test_a_part_is_open_when_it_has_an_answer(cast, answers, parts):
    form = SiteOpportunityForm(instance=Opportunity(host=cast.mso, **answers))
    assert open_parts(form) == parts


def test_what_nobody_answered_stays_folded_when_it_is_sent(cast):
    form = SiteOpportunityForm({"is_in_team": "unknown"}, instance=Opportunity(host=cast.mso))
    assert open_parts(form) == set()


def test_texts_are_open_in_the_language_of_the_reader_and_where_there_is_one(cast):
    form = SiteOpportunityForm(instance=Opportunity(host=cast.mso), initial={"title_en": "Reading"})
    with translation.override("ar"):
        groups = text_groups(form)
    assert {group["language"] for group in groups if group["is_open"]} == {"ar", "en"}
    assert [group["language"] for group in groups if group["is_at_once"]] == ["de", "de-simple", "en", "ar"]
