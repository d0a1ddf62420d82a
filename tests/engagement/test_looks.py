"""Administrators see all, and it is recorded: who, when and which rows, but never a name."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from engagement import looks
from engagement.models import Look
from tests.factories import LanguageFactory, MatchFactory, OpportunityFactory, UserFactory

pytestmark = pytest.mark.django_db
LIST = "admin:volunteers_volunteer_changelist"


@pytest.fixture
def office(client, cast):
    client.force_login(cast.administrator)
    return client


def page(row, name="change"):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{name}", args=[row.pk])


def facts():
    names = ["by", "content_type__model", "page", "row", "rows", "is_search"]
    return list(Look.objects.order_by("pk").values_list(*names))


def test_staff_do_not_read_the_record(client, cast):
    client.force_login(cast.staff)
    assert client.get(reverse("admin:engagement_look_changelist")).status_code == 403


def test_nobody_changes_the_record(office, cast):
    office.get(page(cast.samira))
    look = Look.objects.get()
    assert office.post(page(look), {"page": "nothing"}).status_code == 403
    assert office.post(page(look, "delete"), {"post": "yes"}).status_code == 403
    assert list(Look.objects.values_list("page", flat=True)) == ["change"]


def test_the_record_knows_no_name_and_no_search(office, cast):
    office.get(reverse(LIST), {"q": "Haddad"})
    office.get(page(cast.samira))
    told = str(list(Look.objects.values()))
    assert "Samira" not in told
    assert "Haddad" not in told


@pytest.mark.parametrize("name", ["change", "history", "delete"])
def test_a_page_about_a_person_is_recorded(office, cast, name):
    office.get(page(cast.samira, name))
    assert facts() == [(cast.administrator.pk, "volunteer", name, cast.samira.pk, None, False)]


def test_a_list_is_recorded_with_the_number_of_its_rows(office, cast):
    office.get(reverse(LIST))
    assert facts() == [(cast.administrator.pk, "volunteer", "changelist", None, 1, False)]


@pytest.mark.parametrize("query", [{"q": "Haddad"}, {"channel": "phone"}, {"last_name__startswith": "H"}])
def test_a_search_and_a_filter_are_recorded_as_such(office, cast, query):
    office.get(reverse(LIST), query, follow=True)
    assert facts()[0][-1] is True


def test_a_choice_while_typing_is_recorded(office, cast):
    query = {"app_label": "organisations", "model_name": "opportunity", "field_name": "coordinator", "term": "admin"}
    office.get(reverse("admin:autocomplete"), query)
    assert facts() == [(cast.administrator.pk, "user", "autocomplete", None, 1, True)]


def test_a_page_of_its_own_is_recorded(office, cast):
    match = MatchFactory(volunteer=cast.samira, opportunity=OpportunityFactory(host=cast.agency))
    office.get(reverse("admin:matching_suggestion_review", args=[match.opportunity_id]))
    office.get(page(match))
    assert [look[1:4] for look in facts()] == [
        ("suggestion", "review", match.opportunity_id),
        ("match", "change", match.pk),
    ]


def test_a_page_that_showed_nothing_is_not_recorded(office, cast):
    assert office.get(reverse("admin:volunteers_volunteer_change", args=[cast.samira.pk + 1])).status_code == 302
    assert office.get("/de/admin/volunteers/volunteer/x/nothing/").status_code in {301, 302, 404}
    assert facts() == []


def test_the_first_page_names_people_and_is_recorded(office, cast):
    office.get(reverse("admin:index"))
    assert facts() == [(cast.administrator.pk, None, "index", None, None, False)]


def test_the_vocabulary_is_everybodys(office):
    office.get(reverse("admin:engagement_language_changelist"))
    office.get(page(LanguageFactory()))
    assert facts() == []


def test_staff_see_their_own_and_are_not_recorded(client, cast):
    client.force_login(cast.staff)
    client.get(reverse(LIST))
    assert facts() == []


def test_the_record_is_found_by_the_number_of_a_row(office, cast):
    office.get(page(cast.samira))
    office.get(page(cast.agency))
    found = office.get(reverse("admin:engagement_look_changelist"), {"q": str(cast.samira.pk)}).context["cl"]
    assert {look.row for look in found.queryset} == {cast.samira.pk}


def test_it_costs_one_insert(office, cast):
    with CaptureQueriesContext(connection) as queries:
        office.get(reverse(LIST))
    assert ["INSERT" in query["sql"] for query in queries if "engagement_look" in query["sql"]] == [True]


def test_looks_are_kept_for_a_year(cast):
    now = timezone.now()
    for days in (364, 366):
        Look.objects.create(at=now - timedelta(days=days), by=UserFactory(), page="index")
    assert looks.forget_old(now) == 1
    assert (now - Look.objects.get().at).days == 364


def test_the_record_outlives_the_account(office, cast):
    office.get(page(cast.samira))
    cast.administrator.delete()
    assert [look[0] for look in facts()] == [None]
