"""Changing the weights at the desk, as administrators do it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from pytest_django.asserts import assertContains

from matching import regions
from matching.judging import FACTORS, RULE_VERSION
from matching.models import PendingRescoring, Rule
from tests.factories import RuleFactory

pytestmark = pytest.mark.django_db

LIST, ADD = "/en/admin/matching/rule/", "/en/admin/matching/rule/add/"
IN_FORCE = dict(zip(FACTORS, [30, 25, 20, 10, 10, 5], strict=True))


@pytest.fixture
def desk(cast, client):
    client.force_login(cast.administrator)
    return client


def save(client, follows=1, note="Times matter more", **weights):
    return client.post(ADD, {**IN_FORCE, "note": note, "follows": follows, **weights})


def wrong(response):
    return response.context["adminform"].form.errors


def test_staff_change_no_weights(cast, client):
    client.force_login(cast.staff)
    assert [client.get(LIST).status_code, save(client, language=20, time=20).status_code] == [403, 403]
    assert Rule.objects.count() == 1


def test_the_way_to_the_form_is_called_like_the_form(desk):
    page = desk.get(ADD).content.decode()
    assert "<bdi>Change the weights</bdi>\n</div>" in page
    assert "Add version of the weights" not in page


def test_the_form_begins_with_the_weights_in_force(desk):
    RuleFactory(language=20, time=20)
    page = desk.get(ADD)
    form = page.context["adminform"].form
    assert [form[factor].value() for factor in FACTORS] == [20, 25, 20, 20, 10, 5]
    assert form["note"].value() is None
    assertContains(page, '<input type="hidden" name="follows" value="2" id="id_follows">', 1, html=True)


def test_a_change_is_a_version_that_says_who_and_why(cast, desk, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        response = save(desk, language=20, time=20)
    # Everything is scored anew, even if the broker is away.
    assert len(callbacks) == 1
    assert set(PendingRescoring.objects.values_list("region", flat=True)) == set(regions.regions())
    assert response.url == LIST
    said = [str(message) for message in get_messages(response.wsgi_request)]
    assert said == ["Version 2 of the weights is in force. Everything is scored anew now."]
    rule = Rule.objects.newest()
    assert (rule.changed_by, rule.note, rule.before.version) == (cast.administrator, "Times matter more", 1)
    assert (Rule.objects.in_force(), rule.text_version) == (rule.weights, RULE_VERSION)


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"language": 101}, "language", "Ensure this value is less than or equal to 100."),
        ({"language": -1}, "language", "Ensure this value is greater than or equal to 0."),
        ({"language": "many"}, "language", "Enter a whole number."),
        ({"time": ""}, "time", "This field is required."),
        ({"note": " "}, "note", "This field is required."),
        ({"time": 5}, "language", "Together the six weights make 95. They must make exactly 100."),
        ({**dict.fromkeys(FACTORS, 0), "time": 100}, "language", "At least two weights must be more than 0."),
    ],
)
def test_what_makes_no_rule_is_refused_and_kept(desk, typed, field, message):
    response = save(desk, **typed)
    assert wrong(response) == {field: [message]}
    form = response.context["adminform"].form
    assert {name: form[name].value() for name in typed} == {name: str(value) for name, value in typed.items()}
    assert Rule.objects.count() == 1


def test_the_second_of_two_people_is_told_and_may_save_then(desk):
    RuleFactory(language=20, time=20)
    response = save(desk, follows=1, language=35, skills=20)
    form = response.context["adminform"].form
    assert form.errors == {"__all__": ["Meanwhile somebody else changed the weights. Compare, then save once more."]}
    assert (form["language"].value(), form["language"].help_text) == ("35", "In force: 20")
    save(desk, follows=form["follows"].value(), language=35, skills=20)
    assert Rule.objects.newest().changes == [("language", 20, 35), ("skills", 25, 20), ("time", 20, 10)]


def test_old_versions_are_read_and_nothing_else(desk):
    page = f"{LIST}{Rule.objects.get().pk}/change/"
    assert desk.post(page, {**IN_FORCE, "language": 20, "time": 20}).status_code == 403
    assert desk.post(page.replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert "This is how we start." in desk.get(page).content.decode()


def test_the_list_says_what_changed(desk):
    RuleFactory(language=20, time=20)
    page = desk.get(LIST).content.decode()
    assert "<li>Language: 20, before 30</li><li>Time: 20, before 10</li>" in page
    assert "Times matter more" in page


@pytest.mark.django_db(transaction=True)
def test_of_several_at_once_one_wins_and_the_others_are_told(cast):
    def change(weight):
        client = Client()
        client.force_login(cast.administrator)
        try:
            return save(client, language=30 - weight, time=10 + weight).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        codes = list(pool.map(change, range(1, 7)))
    assert sorted(codes) == [200] * 5 + [302]
    assert Rule.objects.count() == 2
