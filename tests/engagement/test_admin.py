"""The base of the admin: what the other agency has is in no list, no choice, no filter, no history and no preview."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.urls import include, path, reverse

from engagement.admin import HouseAdmin, HouseStackedInline, UserAdmin
from engagement.exporting import Exported
from engagement.models import User
from matching.admin import SuggestionAdmin
from matching.models import Accompaniment, Match, Suggestion
from organisations.admin.importing import Imports
from organisations.models import Membership, Opportunity, OpportunityText, Organisation
from tests.factories import MatchFactory, OpportunityFactory
from volunteers.models import Volunteer

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.engagement.test_admin")]


class TextInline(HouseStackedInline):
    model = OpportunityText


# The list leads to both.
class OpportunityDesk(Imports, Exported, HouseAdmin):
    staff_may = {"view", "add", "change", "delete"}
    inlines = [TextInline]
    list_filter = ["host"]
    search_fields = ["texts__title"]


class OrganisationDesk(HouseAdmin):
    staff_may = {"view", "change"}
    search_fields = ["name"]


class VolunteerDesk(HouseAdmin):
    staff_may = {"view", "change", "delete"}
    search_fields = ["first_name", "last_name"]


class MatchDesk(HouseAdmin):
    staff_may = {"view"}
    list_filter = ["volunteer"]


desk = admin.AdminSite(name="admin")
desk.register(User, UserAdmin)
desk.register(Opportunity, OpportunityDesk)
desk.register(Organisation, OrganisationDesk)
desk.register(Volunteer, VolunteerDesk)
desk.register(Match, MatchDesk)
# The pages of a row lead to its “Why, or why not?”.
desk.register(Suggestion, SuggestionAdmin)
urlpatterns = [path("admin/", desk.urls), path("account/", include("allauth.urls"))]


@pytest.fixture
def theirs(cast):
    """What the agency has, and the other agency must not see."""
    opportunity = OpportunityFactory(host=cast.mso, agency=cast.agency, title="Canary opportunity")
    return MatchFactory(opportunity=opportunity, volunteer=cast.samira)


def change_url(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def autocomplete(client, model, field):
    query = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": field}
    return [row["text"] for row in client.get(reverse("admin:autocomplete"), query).json()["results"]]


def test_a_stranger_finds_nothing_in_the_list(client, cast, theirs):
    client.force_login(cast.stranger)
    page = client.get(reverse("admin:organisations_opportunity_changelist"), {"q": "Canary"})
    assert "Canary opportunity" not in page.content.decode()


def test_a_stranger_cannot_open_a_row(client, cast, theirs):
    client.force_login(cast.stranger)
    for address in (change_url(theirs.opportunity), change_url(theirs), change_url(cast.samira)):
        assert client.get(address).status_code == 302


def test_a_stranger_is_offered_no_foreign_choice(client, cast, theirs):
    client.force_login(cast.stranger)
    assert autocomplete(client, Match, "opportunity") == []
    assert autocomplete(client, Match, "volunteer") == []
    assert autocomplete(client, Opportunity, "coordinator") == ["Jonas Brandt"]


def test_the_agency_is_offered_its_own(client, cast, theirs):
    client.force_login(cast.staff)
    assert autocomplete(client, Match, "volunteer") == ["Samira H."]
    assert autocomplete(client, Opportunity, "coordinator") == ["Rojda Demir", "Elif Yildiz"]


def test_a_stranger_cannot_choose_a_foreign_row_by_its_number(rf, cast, theirs):
    request = rf.get("/")
    request.user = cast.stranger
    field = desk.get_model_admin(Opportunity).get_form(request).base_fields["coordinator"]
    assert list(field.queryset) == [cast.stranger]


def test_what_is_chosen_already_stays_chosen(rf, cast, theirs):
    theirs.opportunity.coordinator = cast.administrator
    theirs.opportunity.save()
    request = rf.get("/")
    request.user = cast.staff
    form = desk.get_model_admin(Opportunity).get_form(request, theirs.opportunity, change=True)
    assert cast.administrator in form.base_fields["coordinator"].queryset


def test_the_sidebar_names_no_foreign_row(client, cast, theirs):
    OpportunityFactory(host=cast.other_agency)
    Organisation.objects.filter(pk=cast.mso.pk).update(verified_at=None)
    client.force_login(cast.stranger)
    page = client.get(reverse("admin:organisations_opportunity_changelist"))
    assert "Newroz" not in page.content.decode()


def test_the_history_names_only_people_one_knows(client, cast, theirs):
    log = {"content_type": ContentType.objects.get_for_model(Organisation), "object_id": cast.mso.pk}
    LogEntry.objects.create(user=cast.staff, object_repr="x", action_flag=CHANGE, change_message="Canary", **log)
    client.force_login(cast.stranger)
    page = client.get(reverse("admin:organisations_organisation_history", args=[cast.mso.pk]))
    assert page.status_code == 200
    assert "Canary" not in page.content.decode()


def test_nobody_deletes_rows_of_another_agency_by_the_way(client, cast, theirs):
    Accompaniment.objects.create(volunteer=cast.samira, agency=cast.other_agency)
    client.force_login(cast.stranger)
    address = reverse("admin:volunteers_volunteer_delete", args=[cast.samira.pk])
    assert "Canary opportunity" not in client.get(address).content.decode()
    assert client.post(address, {"post": "yes"}).status_code == 403
    assert Volunteer.objects.filter(pk=cast.samira.pk).exists()


def test_what_is_only_seen_cannot_be_changed(client, cast, theirs):
    client.force_login(cast.stranger)
    response = client.post(change_url(cast.mso), {"name": "Taken over"})
    assert response.status_code == 403
    assert "save" not in client.get(change_url(cast.mso)).content.decode()


def test_the_table_of_deeds_is_kept(rf, cast, theirs):
    request = rf.get("/")
    request.user = cast.staff
    assert not desk.get_model_admin(Organisation).has_add_permission(request)
    assert not desk.get_model_admin(Match).has_change_permission(request, theirs)
    assert desk.get_model_admin(Opportunity).has_delete_permission(request, theirs.opportunity)


def test_a_contact_has_no_desk(client, cast):
    client.force_login(cast.contact)
    assert client.get(reverse("admin:index")).status_code in (302, 403)


def test_every_relation_is_searched_not_listed(rf, cast):
    request = rf.get("/")
    request.user = cast.administrator
    fields = desk.get_model_admin(Opportunity).get_autocomplete_fields(request)
    assert {"host", "agency", "coordinator"} <= set(fields)


def test_the_log_says_what_was_done_but_not_to_whom(client, cast, theirs):
    client.force_login(cast.administrator)
    client.post(reverse("admin:volunteers_volunteer_delete", args=[cast.samira.pk]), {"post": "yes"})
    assert "Samira" not in LogEntry.objects.get().object_repr


def test_a_foreign_row_is_not_deleted_by_an_action(client, cast, theirs):
    client.force_login(cast.stranger)
    action = {"action": "delete_selected", "_selected_action": [theirs.opportunity.pk], "post": "yes"}
    client.post(reverse("admin:organisations_opportunity_changelist"), action)
    assert Opportunity.objects.filter(pk=theirs.opportunity.pk).exists()


def test_membership_choices_hold_no_stranger(rf, cast):
    request = rf.get("/")
    request.user = cast.staff
    inline = type("MembershipInline", (HouseStackedInline,), {"model": Membership})(Organisation, desk)
    users = inline.get_formset(request, cast.mso).form.base_fields["user"].queryset
    assert cast.stranger not in users


@pytest.mark.parametrize("typed", ["\0", "x", "9" * 30, "-1", "٣"])
def test_a_choice_that_is_no_key_is_told_beside_its_field(client, cast, typed):
    client.force_login(cast.staff)
    answers = {"coordinator": typed, "skills_required": [typed], "agency": typed}
    response = client.post(reverse("admin:organisations_opportunity_add"), answers)
    assert {"coordinator", "agency"} <= response.context["adminform"].form.errors.keys()


def test_a_search_for_a_nul_byte_is_no_error(client, cast):
    client.force_login(cast.staff)
    query = {"app_label": "organisations", "model_name": "opportunity", "field_name": "host", "term": "\0"}
    assert client.get(reverse("admin:autocomplete"), query).status_code == 200
