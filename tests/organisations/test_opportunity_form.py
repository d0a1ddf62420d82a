"""The desk's form for an opportunity: chips, texts side by side, advice and a preview that store nothing."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from matching.models import PendingRescoring
from organisations.models import Opportunity
from tests.factories import FieldFactory, LanguageFactory, NeighbourhoodFactory, OpportunityFactory
from tests.organisations.test_admin import rows

pytestmark = pytest.mark.django_db

ADD = "admin:organisations_opportunity_add"


@pytest.fixture
def answers(cast):
    return {
        "title_de": "Hausaufgabenhilfe",
        "title_de-simple": "Hausaufgabenhilfe",
        "body_de-simple": "Du könntest helfen.",
        "title_ar": "مساعدة",
        "host": cast.agency.pk,
        "field": FieldFactory().pk,
        "place": "neighbourhood",
        "neighbourhoods": [NeighbourhoodFactory(name="Vingst").pk],
        "status": "published",
        "has_trial_visit": "true",
        **rows("needed_languages", {"language": LanguageFactory().pk, "level": 4, "role": "required"}),
    }


@pytest.fixture
def desk(client, cast):
    client.force_login(cast.staff)
    return client


def advice_on(page):
    return {
        field.name: [(finding.rule, finding.words) for finding in findings]
        for group in page.context["text_groups"]
        for field, findings in group["fields"]
        if findings
    }


def test_german_and_einfache_sprache_come_first(desk):
    groups = desk.get(reverse(ADD)).context["text_groups"]
    assert [group["language"] for group in groups][:2] == ["de", "de-simple"]
    assert len(groups) == 12


def test_each_input_says_which_language_it_is_in(desk):
    form = desk.get(reverse(ADD)).context["adminform"].form
    attrs = form["body_ar"].field.widget.attrs
    assert (attrs["lang"], attrs["dir"]) == ("ar", "rtl")


def test_checking_advises_and_stores_nothing(desk, answers):
    page = desk.post(reverse(ADD), answers | {"_check": "1"})
    assert advice_on(page) == {
        "title_de-simple": [("word", "Hausaufgabenhilfe")],
        "body_de-simple": [("instead", "könntest")],
    }
    assert page.context["errors"] == []
    assert not Opportunity.objects.exists()
    assert page.context["adminform"].form["title_ar"].value() == "مساعدة"


def test_advice_keeps_nobody_from_saving(desk, answers):
    assert desk.post(reverse(ADD), answers).status_code == 302
    assert Opportunity.objects.get().texts.get(language="de-simple").title == "Hausaufgabenhilfe"


def test_checking_an_opportunity_leaves_it_as_it_was(desk, cast, answers):
    opportunity = OpportunityFactory(host=cast.agency, title="Before")
    page = desk.post(
        reverse("admin:organisations_opportunity_change", args=[opportunity.pk]), answers | {"_check": "1"}
    )
    assert page.status_code == 200
    assert [text.title for text in opportunity.texts.all()] == ["Before"]


def test_the_script_of_the_page_gets_the_same_advice(desk):
    page = desk.post(
        reverse("admin:organisations_opportunity_advise"), {"title_de-simple": "Kurz", "body_de-simple": "Es würde."}
    )
    found = {name: [finding.rule for finding in findings] for name, findings in page.context["advice"].items()}
    assert found == {"title_de-simple": [], "body_de-simple": ["would"], "schedule_de-simple": []}
    assert 'id="advice_body_de-simple"' in page.content.decode()


@pytest.mark.parametrize("text", ["\0", "<b>wird gekocht</b>", "x" * 200_000, "a " * 100_000])
def test_whatever_is_typed_is_looked_at_in_time(desk, text):
    page = desk.post(reverse("admin:organisations_opportunity_advise"), {"body_de-simple": text})
    assert page.status_code == 200
    assert "<b>" not in page.content.decode()


def test_a_preview_of_what_was_typed_stores_nothing(desk, answers):
    page = desk.post(reverse(ADD), answers | {"_preview": "1", "_language": "ar"})
    text = page.content.decode()
    assert "مساعدة</h1>" in text
    assert "Vingst" in text
    assert page["Content-Language"] == "ar"
    assert not Opportunity.objects.exists()
    assert not LogEntry.objects.exists()
    assert not PendingRescoring.objects.exists()


def test_a_preview_of_a_change_changes_nothing(desk, cast, answers):
    opportunity = OpportunityFactory(host=cast.agency, title="Before")
    address = reverse("admin:organisations_opportunity_change", args=[opportunity.pk])
    page = desk.post(address, answers | {"_preview": "1", "_language": "nonsense"})
    assert "Hausaufgabenhilfe</h1>" in page.content.decode()
    assert [text.title for text in opportunity.texts.all()] == ["Before"]


def test_a_preview_of_what_is_wrong_names_the_mistake(desk, answers):
    page = desk.post(reverse(ADD), answers | {"_preview": "1", "field": ""})
    assert list(page.context["adminform"].form.errors) == ["field"]


def test_what_nobody_chose_is_unknown_and_never_a_no(desk, answers):
    form = desk.get(reverse(ADD)).context["adminform"].form
    assert [option.data["value"] for option in form["is_in_team"] if option.data["selected"]] == ["unknown"]
    desk.post(reverse(ADD), answers | {"is_in_team": "unknown", "gives_certificate": "false"})
    opportunity = Opportunity.objects.get()
    chosen = (opportunity.has_trial_visit, opportunity.is_in_team, opportunity.gives_certificate)
    assert chosen == (True, None, False)


def test_stored_answers_come_back_as_chips(desk, cast):
    opportunity = OpportunityFactory(host=cast.agency, is_in_team=False, has_trial_visit=True, german_needed=2)
    form = desk.get(reverse("admin:organisations_opportunity_change", args=[opportunity.pk])).context["adminform"].form
    names = ["is_in_team", "has_trial_visit", "gives_certificate", "german_needed"]
    chosen = [[option.data["value"] for option in form[name] if option.data["selected"]] for name in names]
    assert chosen == [["false"], ["true"], ["unknown"], [2]]
