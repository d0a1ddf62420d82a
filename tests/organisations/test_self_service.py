"""The pages of a self-organisation: strangers find nothing, and nothing typed is lost."""

import re

import pytest
from django.urls import reverse

from engagement.models import Level, Mail
from organisations import staffing
from organisations.models import Membership, Opportunity, Organisation
from organisations.signals import opportunity_saved, organisation_saved
from tests.factories import (
    CityFactory,
    FieldFactory,
    LanguageFactory,
    MSOFactory,
    NeighbourhoodFactory,
    OpportunityFactory,
    SkillFactory,
)

pytestmark = pytest.mark.django_db

REGISTER = {"name": "Neue Brücke e. V.", "town": "Köln", "contact_name": "Amal", "email": "amal@example.org"}
NO_LANGUAGES = {"needed_languages-TOTAL_FORMS": 0, "needed_languages-INITIAL_FORMS": 0}


def url(name, *args):
    return reverse(f"organisations:{name}", args=args)


@pytest.fixture
def heard():
    """What was announced, in order."""
    calls = []

    def hear(by, organisation=None, opportunity=None, **kwargs):
        calls.append((organisation or opportunity, by))

    organisation_saved.connect(hear)
    opportunity_saved.connect(hear)
    yield calls
    organisation_saved.disconnect(hear)
    opportunity_saved.disconnect(hear)


@pytest.fixture
def answers():
    place = NeighbourhoodFactory()
    facts = {"title_de": "Hausaufgabenhilfe", "field": FieldFactory().pk, "place": "neighbourhood"}
    return {**facts, "neighbourhoods": [place.pk], "status": "published", **NO_LANGUAGES}


# Who must not see or change anything


@pytest.mark.parametrize("name", ["edit_organisation", "edit_potential", "pause_organisation", "post_opportunity"])
@pytest.mark.parametrize("who", ["stranger", "staff", "administrator"])
def test_only_those_who_act_for_an_organisation_change_it_here(client, cast, name, who):
    client.force_login(getattr(cast, who))
    assert client.post(url(name, cast.mso.pk), {}).status_code == 404


@pytest.mark.parametrize("who", ["stranger", "staff"])
def test_only_those_who_act_for_the_host_change_an_opportunity_here(client, cast, who):
    opportunity = OpportunityFactory(host=cast.mso)
    client.force_login(getattr(cast, who))
    assert client.post(url("edit_opportunity", opportunity.pk), {}).status_code == 404


@pytest.mark.parametrize("name", ["edit_organisation", "edit_potential", "post_opportunity"])
def test_without_an_account_one_is_asked_to_log_in(client, cast, name):
    assert reverse("account_login") in client.get(url(name, cast.mso.pk)).url


def test_a_page_shows_only_one_s_own_organisations(client, cast):
    client.force_login(cast.staff)
    assert cast.mso.name not in client.get(url("my_organisation")).content.decode()


# Registering


def test_without_an_account_registering_is_explained(client, db):
    page = client.get(url("register_organisation")).content.decode()
    assert f"{reverse('account_signup')}?next={url('register_organisation')}" in page


def test_who_signs_up_for_it_comes_back_to_registering(client, db):
    target = url("register_organisation")
    account = {"email": "neu@example.org", "password1": "correct horse battery", "next": target}
    confirm = client.post(reverse("account_signup"), account).url
    code = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", Mail.objects.get().text)[0]
    assert client.post(confirm, {"code": code}).url == target


def test_a_self_organisation_registers_itself_and_waits(client, cast, heard):
    CityFactory(name="Köln")
    client.force_login(cast.samira.user)
    page = client.post(url("register_organisation"), REGISTER)
    organisation = Organisation.objects.get(name="Neue Brücke e. V.")
    assert page.url == url("edit_potential", organisation.pk)
    assert (organisation.kind, organisation.is_verified, organisation.agency) == ("mso", False, None)
    assert heard == [(organisation, cast.samira.user)]


def test_who_registers_is_the_contact_and_gets_no_desk(client, cast):
    client.force_login(cast.samira.user)
    client.post(url("register_organisation"), REGISTER)
    assert [m.role for m in cast.samira.user.memberships.all()] == ["contact"]
    cast.samira.user.refresh_from_db()
    assert not cast.samira.user.is_staff


def test_pressing_twice_registers_once(client, cast, heard):
    client.force_login(cast.samira.user)
    first, second = (client.post(url("register_organisation"), REGISTER) for _ in range(2))
    assert first.url == second.url
    assert len(heard) == 1


def test_nobody_makes_themselves_verified_or_an_agency(client, cast):
    client.force_login(cast.samira.user)
    more = {"kind": "agency", "verified_at": "2026-01-01", "agency": cast.agency.pk}
    client.post(url("register_organisation"), REGISTER | more)
    organisation = Organisation.objects.get(name="Neue Brücke e. V.")
    assert (organisation.kind, organisation.verified_at, organisation.agency) == ("mso", None, None)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"name": ""}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "x" * 151}, "name"),
        ({"town": "Atlantis"}, "town"),
        ({"town": "\x00"}, "town"),
        ({"contact_name": ""}, "contact_name"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"email": "no"}, "email"),
        ({"description": "x" * 2001}, "description"),
    ],
)
def test_a_mistake_is_named_and_the_rest_is_kept(client, cast, changes, wrong):
    client.force_login(cast.samira.user)
    page = client.post(url("register_organisation"), REGISTER | {"phone": "0221 4710099"} | changes)
    assert list(page.context["form"].errors) == [wrong]
    assert 'value="0221 4710099"' in page.content.decode()


# The potential


def test_the_potential_is_stored_and_announced_together(client, cast, heard):
    arabic, skill, place = LanguageFactory(), SkillFactory(), NeighbourhoodFactory()
    rows = {"member_languages-TOTAL_FORMS": 1, "member_languages-INITIAL_FORMS": 0}
    row = {"member_languages-0-language": arabic.pk, "member_languages-0-level": 7}
    data = {"skills": [skill.pk], "reached": [place.pk], "times": ["3"], "group_size": 8, **rows, **row}
    client.force_login(cast.contact)
    client.post(url("edit_potential", cast.mso.pk), data)
    cast.mso.refresh_from_db()
    assert (cast.mso.times, cast.mso.group_size, list(cast.mso.reached.all())) == ([3], 8, [place])
    assert [str(language) for language in cast.mso.member_languages.all()] == [f"Ar {Level.NATIVE.label}"]
    assert heard == [(cast.mso, cast.contact)]


def test_a_missing_row_count_is_no_crash(client, cast):
    client.force_login(cast.contact)
    assert client.post(url("edit_potential", cast.mso.pk), {"group_size": "x"}).status_code == 200


def test_pausing_and_coming_back(client, cast, heard):
    client.force_login(cast.contact)
    for answer, is_paused in [("yes", True), ("yes", True), ("no", False)]:
        client.post(url("pause_organisation", cast.mso.pk), {"pause": answer})
        cast.mso.refresh_from_db()
        assert cast.mso.is_paused is is_paused
    assert len(heard) == 2


# Opportunities


def test_a_verified_organisation_publishes(client, cast, answers, heard):
    client.force_login(cast.contact)
    assert client.post(url("post_opportunity", cast.mso.pk), answers).url == url("my_organisation")
    opportunity = Opportunity.objects.open().get()
    assert (opportunity.agency, opportunity.created_by) == (cast.agency, cast.contact)
    assert heard == [(opportunity, cast.contact)]


def test_pressing_twice_posts_once(client, cast, answers, heard):
    client.force_login(cast.contact)
    for _ in range(2):
        assert client.post(url("post_opportunity", cast.mso.pk), answers).status_code == 302
    assert len(heard) == Opportunity.objects.count() == 1


def test_an_unverified_organisation_publishes_nothing(client, cast, answers):
    mso = MSOFactory(agency=None, verified_at=None)
    staffing.join(cast.contact, mso, Membership.Role.CONTACT)
    client.force_login(cast.contact)
    assert client.post(url("post_opportunity", mso.pk), answers).status_code == 200
    assert client.post(url("post_opportunity", mso.pk), answers | {"status": "draft"}).status_code == 302
    assert [opportunity.status for opportunity in Opportunity.objects.all()] == ["draft"]


def test_a_host_cannot_be_forged(client, cast, answers):
    client.force_login(cast.contact)
    forged = {"host": cast.agency.pk, "agency": cast.other_agency.pk}
    client.post(url("post_opportunity", cast.mso.pk), answers | forged)
    assert [(o.host, o.agency) for o in Opportunity.objects.all()] == [(cast.mso, cast.agency)]


def test_a_check_advises_on_the_text_and_stores_nothing(client, cast, answers):
    client.force_login(cast.contact)
    typed = answers | {"field": "", "body_de-simple": "Du könntest helfen.", "check": "texts"}
    page = client.post(url("post_opportunity", cast.mso.pk), typed)
    advice = [
        finding.words
        for group in page.context["text_groups"]
        for _, found in group["fields"]
        for finding in found or []
    ]
    assert advice == ["könntest"]
    assert page.context["page"].form.errors == {}
    assert page.context["page"].form["title_de"].value() == "Hausaufgabenhilfe"
    assert not Opportunity.objects.exists()


def test_more_rows_lose_nothing_and_complain_about_nothing(client, cast, answers):
    client.force_login(cast.contact)
    typed = {"title_de": "Lesen", "more": "needed_languages", **NO_LANGUAGES}
    page = client.post(url("post_opportunity", cast.mso.pk), typed)
    assert page.context["page"].form["title_de"].value() == "Lesen"
    assert b'role="alert"' not in page.content
    assert not Opportunity.objects.exists()


def test_closing_an_opportunity_takes_it_off_the_board(client, cast, answers):
    client.force_login(cast.contact)
    client.post(url("post_opportunity", cast.mso.pk), answers)
    opportunity = Opportunity.objects.get()
    client.post(url("edit_opportunity", opportunity.pk), answers | {"status": "closed"})
    assert not Opportunity.objects.open().exists()


@pytest.mark.parametrize("name", ["post_opportunity", "edit_potential"])
def test_hostile_input_is_no_crash(client, cast, name):
    client.force_login(cast.contact)
    page = client.get(url(name, cast.mso.pk)).context["page"]
    for value in ["\x00", "-1", "9" * 30, "x" * 10_000, "²"]:
        data = dict.fromkeys(page.form.fields, value) | {f"{page.rows[0].relation}-TOTAL_FORMS": value}
        assert client.post(url(name, cast.mso.pk), data).status_code == 200


@pytest.mark.parametrize("is_verified", [True, False])
def test_the_state_is_told_in_words(client, cast, is_verified):
    if not is_verified:
        Organisation.objects.filter(pk=cast.mso.pk).update(verified_at=None, agency=None)
    OpportunityFactory(host=cast.mso)
    client.force_login(cast.contact)
    page = client.get(url("my_organisation")).content.decode()
    assert (cast.agency.name in page) is is_verified


def test_more_organisations_ask_few_more_questions(client, cast, django_assert_max_num_queries):
    OpportunityFactory(host=cast.mso)
    client.force_login(cast.contact)
    with django_assert_max_num_queries(30) as few:
        client.get(url("my_organisation"))
    for _ in range(2):
        another = MSOFactory(agency=cast.agency)
        OpportunityFactory(host=another)
        staffing.join(cast.contact, another, Membership.Role.CONTACT)
    with django_assert_max_num_queries(len(few)):
        client.get(url("my_organisation"))
