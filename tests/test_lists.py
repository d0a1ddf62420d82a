"""Every list of the desk, and the desk itself, asks as many questions for a thousand rows as for one."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from engagement.models import Mail
from matching.models import Suggestion
from organisations.models import Opportunity, Organisation
from tests import crowds
from tests.factories import ProofFactory
from volunteers.models import ProofInspection

pytestmark = pytest.mark.django_db
SIZES = [1, 3, 1000]
LISTS = [
    pytest.param(model, "staff" if page.staff_may else "administrator", id=model.__name__)
    for model, page in admin.site._registry.items()
]


def count_queries(client, address):
    # As autovacuum does after a while: otherwise every question is planned for an empty table.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200
    return len(queries), response


@pytest.mark.parametrize(("model", "reader"), LISTS)
def test_a_list_asks_no_more_for_a_thousand_rows(client, cast, model, reader):
    client.force_login(getattr(cast, reader))
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    asked, made = [], 0
    for size in SIZES:
        crowds.MAKERS[model](cast, size - made)
        made = size
        number, response = count_queries(client, address)
        shown = response.context.get("cl")
        # Who stands on the stage already is in some of the lists.
        assert shown is None or shown.result_count >= size
        asked.append(number)
    # A sidebar that would be endless is left out, which saves a question.
    assert asked == sorted(asked, reverse=True)


def one_of_each(cast, number):
    """So many rows of everything that the desk counts."""
    now, today = timezone.now(), timezone.localdate()
    long_ago = now - timedelta(days=100)
    for more in [
        {"state": "interested"},
        {"state": "proposed", "changed_at": long_ago},
        {"state": "trial"},
        {"state": "trial", "candidate_says": "suits", "host_says": "suits"},
        {"state": "placed", "checkin_due": today, "unreached": 2},
        {"state": "parked", "parked_until": today},
    ]:
        crowds.matches(cast, number, **more)
    Opportunity.objects.filter(pk__in=keys(crowds.notices(cast, number))).update(valid_until=today)
    Opportunity.objects.filter(pk__in=keys(crowds.notices(cast, number))).update(confirmed_at=long_ago)
    Organisation.objects.filter(pk__in=keys(crowds.hosts(cast, number))).update(verified_at=None, agency=None)
    proof = ProofFactory()
    ProofInspection.objects.bulk_create(
        ProofInspection(volunteer=person, proof=proof, recheck_on=today) for person in crowds.people(cast, number)
    )
    crowds.suggestions(cast, number)
    crowds.mails(number)
    Mail.objects.update(state=Mail.State.DEAD)


def keys(rows):
    return [row.pk for row in rows]


def test_the_desk_asks_no_more_for_a_thousand_of_each(client, cast):
    asked, made = {cast.staff: [], cast.administrator: []}, 0
    for size in SIZES:
        one_of_each(cast, size - made)
        made = size
        for reader, numbers in asked.items():
            client.force_login(reader)
            number, response = count_queries(client, reverse("admin:index"))
            assert min(task.number for task in response.context["tasks"]) >= size
            numbers.append(number)
    assert [len({*numbers}) for numbers in asked.values()] == [1, 1]


def test_every_list_has_its_crowd():
    assert {*admin.site._registry} == {*crowds.MAKERS}


def test_a_question_for_each_row_is_found(client, cast, monkeypatch):
    """The fault on purpose: without its joins a list would ask for each row."""
    page = admin.site.get_model_admin(Suggestion)
    monkeypatch.setattr(type(page), "get_queryset", lambda _self, _request: Suggestion.objects.all())
    client.force_login(cast.administrator)
    counts = []
    for _ in range(2):
        crowds.suggestions(cast, 2)
        counts.append(count_queries(client, reverse("admin:matching_suggestion_changelist"))[0])
    assert counts[0] < counts[1]
