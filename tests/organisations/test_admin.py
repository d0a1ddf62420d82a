"""The desk: what the other agency has cannot be changed, and what it has not verified cannot be seen."""

import pytest
from django.urls import reverse

from organisations import staffing
from organisations.models import Membership, Opportunity, Organisation
from organisations.signals import opportunity_saved
from tests.factories import (
    FieldFactory,
    LanguageFactory,
    MembershipFactory,
    MSOFactory,
    NeighbourhoodFactory,
    OpportunityFactory,
    OrganisationFactory,
    SkillFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def change_url(row):
    return reverse(f"admin:organisations_{row._meta.model_name}_change", args=[row.pk])


def list_url(name):
    return reverse(f"admin:organisations_{name}_changelist")


def decision_url(name, *rows):
    return reverse(f"admin:organisations_organisation_{name}") + "?ids=" + ",".join(str(row.pk) for row in rows)


def rows(prefix, *filled, stored=0):
    """Inline rows as a browser sends them."""
    data = {f"{prefix}-TOTAL_FORMS": len(filled), f"{prefix}-INITIAL_FORMS": stored}
    return data | {f"{prefix}-{n}-{name}": value for n, row in enumerate(filled) for name, value in row.items()}


def facts(organisation, **changes):
    return {"name": organisation.name, "city": organisation.city_id, "max_load": 5} | changes


@pytest.fixture
def waiting(cast):
    return MSOFactory(name="Neue Brücke e. V.", agency=None, verified_at=None)


@pytest.fixture
def answers(cast):
    return {
        "title_de": "Hausaufgabenhilfe",
        "host": cast.agency.pk,
        "field": FieldFactory().pk,
        "place": "neighbourhood",
        "neighbourhoods": [NeighbourhoodFactory().pk],
        "status": "published",
        **rows("needed_languages"),
    }


# Organisations


def test_a_stranger_cannot_change_whom_another_agency_accompanies(client, cast):
    client.force_login(cast.stranger)
    assert client.get(change_url(cast.mso)).status_code == 200
    assert client.post(change_url(cast.mso), facts(cast.mso, name="Taken over")).status_code == 403


def test_a_stranger_does_not_learn_who_acts_for_an_organisation(client, cast):
    client.force_login(cast.stranger)
    assert cast.contact.email not in client.get(change_url(cast.mso)).content.decode()


def test_an_agency_that_accompanies_somebody_is_not_deleted(client, cast):
    client.force_login(cast.administrator)
    address = reverse("admin:organisations_organisation_delete", args=[cast.agency.pk])
    for response in (client.get(address), client.post(address, {"post": "yes"})):
        assert response.status_code == 200
        named = [str(row) for row in response.context["protected"]]
        assert len(named) == 1
        assert cast.mso.name in named[0]
    assert Organisation.objects.filter(pk=cast.agency.pk).exists()


def test_an_agency_that_accompanies_nobody_can_be_deleted(client, cast):
    client.force_login(cast.administrator)
    client.post(reverse("admin:organisations_organisation_delete", args=[cast.other_agency.pk]), {"post": "yes"})
    assert not Organisation.objects.filter(pk=cast.other_agency.pk).exists()


def test_a_contact_has_no_desk(client, cast):
    client.force_login(cast.contact)
    assert client.get(list_url("organisation")).status_code == 302


def test_staff_describe_the_potential_with_the_organisation(client, cast):
    client.force_login(cast.staff)
    arabic, skill = LanguageFactory(), SkillFactory()
    languages = rows("member_languages", {"language": arabic.pk, "level": 7})
    data = facts(cast.mso, skills=[skill.pk], times=["0", "4"], **languages, **rows("memberships"))
    assert client.post(change_url(cast.mso), data).status_code == 302
    cast.mso.refresh_from_db()
    assert (cast.mso.times, list(cast.mso.skills.all())) == ([0, 4], [skill])
    assert [language.language for language in cast.mso.member_languages.all()] == [arabic]


def test_staff_enter_no_agency(client, cast):
    client.force_login(cast.staff)
    data = facts(cast.agency, kind="agency", name="One more")
    assert "kind" in client.post(reverse("admin:organisations_organisation_add"), data).context["adminform"].form.errors


def test_staff_enter_a_host(client, cast):
    client.force_login(cast.staff)
    data = facts(cast.agency, kind="host", name="Haus am Park")
    assert client.post(reverse("admin:organisations_organisation_add"), data).status_code == 302
    assert not Organisation.objects.get(name="Haus am Park").is_verified


# Members


def test_staff_cannot_join_an_organisation_that_waits(client, cast, waiting):
    client.force_login(cast.staff)
    members = rows("memberships", {"email": cast.staff.email, "role": "contact"})
    client.post(change_url(waiting), facts(waiting, **rows("member_languages"), **members))
    assert not waiting.memberships.exists()


def members_left(client, agency, *kept):
    """The page is sent with all members of the agency, those not in ``kept`` marked as leaving."""
    rows_sent = [
        {
            "id": row.pk,
            "organisation": agency.pk,
            "role": row.role,
            **({} if row.user in kept else {"DELETE": "on"}),
        }
        for row in agency.memberships.order_by("pk")
    ]
    sent = rows("memberships", *rows_sent, stored=len(rows_sent))
    response = client.post(change_url(agency), facts(agency, **sent))
    return {row.user for row in agency.memberships.all()}, response.status_code


def test_the_last_lead_stays(client, cast):
    colleague = MembershipFactory(organisation=cast.agency).user
    staffing.join(cast.staff, cast.agency, Membership.Role.LEAD)
    client.force_login(cast.staff)
    assert members_left(client, cast.agency, colleague) == ({cast.staff, colleague}, 200)
    assert members_left(client, cast.agency, cast.staff) == ({cast.staff}, 302)


def test_somebody_stays_in_every_agency(client, cast):
    client.force_login(cast.administrator)
    assert members_left(client, cast.agency) == ({cast.staff}, 200)


def test_a_colleague_who_joins_gets_the_desk(client, cast):
    staffing.join(cast.staff, cast.agency, Membership.Role.LEAD)
    colleague = UserFactory()
    lead = cast.agency.memberships.get()
    sent = [
        {"id": lead.pk, "organisation": cast.agency.pk, "role": "lead"},
        {"email": colleague.email, "role": "staff"},
    ]
    client.force_login(cast.staff)
    assert (
        client.post(change_url(cast.agency), facts(cast.agency, **rows("memberships", *sent, stored=1))).status_code
        == 302
    )
    colleague.refresh_from_db()
    assert colleague.is_staff


def test_a_colleague_who_leaves_loses_the_desk(client, cast):
    colleague = MembershipFactory(organisation=cast.agency).user
    client.force_login(cast.administrator)
    assert members_left(client, cast.agency, colleague) == ({colleague}, 302)
    cast.staff.refresh_from_db()
    assert not cast.staff.is_staff


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ({"email": "nobody@example.org", "role": "staff"}, "email"),
        ({"email": "demir@example.org", "role": "contact"}, "role"),
    ],
)
def test_a_mistake_about_a_member_is_named_beside_the_field(client, cast, row, wrong):
    client.force_login(cast.administrator)
    page = client.post(change_url(cast.other_agency), facts(cast.other_agency, **rows("memberships", row)))
    errors = page.context["inline_admin_formsets"][0].formset.errors
    assert [list(error) for error in errors] == [[wrong]]


# Verification


def test_a_stranger_cannot_decide_about_whom_another_agency_accompanies(client, cast):
    client.force_login(cast.stranger)
    client.post(decision_url("withdraw", cast.mso))
    cast.mso.refresh_from_db()
    assert cast.mso.is_verified


def test_a_button_leads_to_the_decision(client, cast, waiting):
    client.force_login(cast.staff)
    assert client.get(change_url(waiting)).context["decision"]["url"] == decision_url("verify", waiting)
    client.post(decision_url("verify", waiting))
    waiting.refresh_from_db()
    assert (waiting.agency, waiting.verified_by) == (cast.agency, cast.staff)


def test_looking_decides_nothing(client, cast, waiting):
    client.force_login(cast.staff)
    assert client.get(decision_url("verify", waiting)).status_code == 200
    waiting.refresh_from_db()
    assert not waiting.is_verified


def test_whoever_comes_second_is_told(client, cast, waiting):
    client.force_login(cast.staff)
    client.post(decision_url("verify", waiting))
    page = client.post(decision_url("verify", waiting), follow=True)
    assert [str(message) for message in page.context["messages"]][-1].endswith("Neue Brücke e. V..")


def test_an_administrator_chooses_the_agency(client, cast, waiting):
    client.force_login(cast.administrator)
    page = client.post(decision_url("verify", waiting))
    assert list(page.context["form"].errors) == ["agency"]
    client.post(decision_url("verify", waiting), {"agency": cast.other_agency.pk})
    waiting.refresh_from_db()
    assert waiting.agency == cast.other_agency


@pytest.mark.parametrize("ids", ["", "x", "0", "1,,2", "99999999999999999999999", "²", "1\x00"])
def test_a_hostile_address_decides_nothing(client, cast, ids):
    client.force_login(cast.staff)
    assert client.get(reverse("admin:organisations_organisation_verify"), {"ids": ids}).status_code == 302


def test_many_are_decided_about_at_once(client, cast, waiting):
    client.force_login(cast.staff)
    page = client.post(list_url("organisation"), {"action": "verify_selected", "_selected_action": [waiting.pk]})
    assert page.url == decision_url("verify", waiting)


# Opportunities


def test_a_stranger_does_not_see_the_opportunity_of_another_agency(client, cast):
    opportunity = OpportunityFactory(host=cast.mso)
    client.force_login(cast.stranger)
    assert client.get(change_url(opportunity)).status_code == 302
    assert client.post(change_url(opportunity), {}).status_code == 302


def test_a_stranger_cannot_post_in_the_name_of_another(client, cast, answers):
    client.force_login(cast.stranger)
    page = client.post(reverse("admin:organisations_opportunity_add"), answers)
    assert "host" in page.context["adminform"].form.errors


def test_the_choice_of_hosts_is_one_s_own(client, cast, waiting):
    client.force_login(cast.stranger)
    query = {"app_label": "organisations", "model_name": "opportunity", "field_name": "host"}
    found = client.get(reverse("admin:autocomplete"), query).json()["results"]
    assert [row["text"] for row in found] == [cast.other_agency.name]


def test_an_opportunity_is_announced_when_all_its_rows_are_stored(client, cast, answers):
    arabic, heard = LanguageFactory(), []

    def hear(opportunity, by, **kwargs):
        heard.append((opportunity.title, [str(row.language) for row in opportunity.needed_languages.all()], by))

    client.force_login(cast.staff)
    opportunity_saved.connect(hear)
    answers |= rows("needed_languages", {"language": arabic.pk, "level": 4, "role": "required"})
    client.post(reverse("admin:organisations_opportunity_add"), answers)
    opportunity_saved.disconnect(hear)
    assert heard == [("Hausaufgabenhilfe", ["Ar"], cast.staff)]


def test_what_staff_publish_knows_its_agency_and_its_author(client, cast, answers):
    client.force_login(cast.staff)
    client.post(reverse("admin:organisations_opportunity_add"), answers | {"host": cast.mso.pk})
    opportunity = Opportunity.objects.get()
    assert (opportunity.agency, opportunity.created_by, opportunity.status) == (cast.agency, cast.staff, "published")


def test_a_coordinator_is_of_the_agency(client, cast, answers):
    MembershipFactory(organisation=cast.mso, user=cast.staff, role="contact")
    client.force_login(cast.staff)
    page = client.post(reverse("admin:organisations_opportunity_add"), answers | {"coordinator": cast.contact.pk})
    assert list(page.context["adminform"].form.errors) == ["coordinator"]


def test_the_form_knows_who_is_there(client, cast):
    client.force_login(cast.staff)
    form = client.get(reverse("admin:organisations_opportunity_add")).context["adminform"].form
    assert [form.initial[name] for name in ("host", "coordinator", "contact_name")] == [
        cast.agency.pk,
        cast.staff.pk,
        "Elif Yildiz",
    ]


def test_publishing_names_what_is_in_the_way(client, cast):
    draft = OpportunityFactory(host=cast.mso, status="draft")
    client.force_login(cast.staff)
    data = {"action": "publish_selected", "_selected_action": [draft.pk]}
    page = client.post(list_url("opportunity"), data, follow=True)
    draft.refresh_from_db()
    assert draft.status == "draft"
    assert str(next(iter(page.context["messages"]))).startswith("Hausaufgabenhilfe: ")


def test_publishing_and_closing_many(client, cast):
    draft = OpportunityFactory(host=cast.mso, status="draft", place="remote", published_at=None)
    client.force_login(cast.staff)
    for action, status in [("publish_selected", "published"), ("close_selected", "closed")]:
        client.post(list_url("opportunity"), {"action": action, "_selected_action": [draft.pk]})
        draft.refresh_from_db()
        assert draft.status == status


@pytest.mark.parametrize("name", ["organisation", "opportunity"])
def test_a_longer_list_asks_no_more_questions(client, cast, name, django_assert_max_num_queries):
    client.force_login(cast.staff)
    OpportunityFactory(host=cast.mso)
    with django_assert_max_num_queries(100) as few:
        client.get(list_url(name))
    for number in range(2):
        OpportunityFactory(host=MSOFactory(agency=cast.agency), field=FieldFactory(code=f"F{number}"))
    with django_assert_max_num_queries(len(few)):
        client.get(list_url(name))


def test_an_agency_sees_its_new_host_among_those_who_wait(client, cast):
    host = OrganisationFactory(kind="host", verified_at=None)
    client.force_login(cast.staff)
    assert client.get(list_url("organisation"), {"verified_at__isempty": "1"}).context["cl"].result_list[0] == host
