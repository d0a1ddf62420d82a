"""Erased stays erased: the ledger holds numbers only, and brings a restored backup up to date."""

import io
import logging
from datetime import timedelta

import pytest
from django.apps import apps
from django.core import serializers
from django.core.management import call_command
from django.db import connection

from engagement.models import User
from matching.models import Erasure
from matching.personal import ledger
from matching.personal.erasing import erase_account
from tests.factories import SavedSearchFactory, UserFactory, VolunteerFactory
from tests.matching.test_personal import CANARY, person, survivors
from volunteers.models import Volunteer

__all__ = ["person"]
pytestmark = pytest.mark.django_db


def dump():
    """All rows of the house, as a backup has them; the vocabulary of permissions is the same everywhere."""
    models = [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]
    return [serializers.serialize("json", model._base_manager.all()) for model in models]


def restore(backup):
    """The rows of a backup in place of all others."""
    tables = ", ".join(connection.ops.quote_name(name) for name in connection.introspection.table_names())
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {tables}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    for rows in backup:
        for row in serializers.deserialize("json", rows):
            row.save()


def listed():
    out = io.StringIO()
    call_command("erasures", stdout=out)
    return out.getvalue()


def again(monkeypatch, text):
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    out = io.StringIO()
    call_command("erasures", "--again", stdout=out)
    return out.getvalue().strip()


def test_a_restored_backup_brings_nobody_back(person, monkeypatch):
    stranger, backup, number = UserFactory(), dump(), person.pk
    erase_account(person)
    text = listed()
    restore(backup)
    assert CANARY in User.objects.get(pk=number).email
    assert len(survivors()) > 5

    again(monkeypatch, text)
    assert survivors() == []
    assert User.objects.filter(pk=stranger.pk).exists()
    assert again(monkeypatch, text) == "Erased again: 0"


def test_the_ledger_tells_nothing_about_anybody(person):
    numbers = {f"engagement.User {person.pk}", f"volunteers.Volunteer {person.volunteer.pk}"}
    erase_account(person)
    assert CANARY not in listed()
    assert numbers <= {str(erasure) for erasure in Erasure.objects.all()}


def test_the_log_has_each_erasure_too(django_capture_on_commit_callbacks, caplog):
    volunteer = VolunteerFactory()
    pk = volunteer.pk
    with caplog.at_level(logging.INFO), django_capture_on_commit_callbacks(execute=True):
        volunteer.delete()
    [line] = [record.getMessage() for record in caplog.records if "erased" in record.getMessage()]
    assert line == ledger.line_of(Erasure.objects.get())
    assert f"volunteers.Volunteer/{pk}/" in line


def test_a_log_with_other_lines_is_read_as_well(monkeypatch):
    volunteer = VolunteerFactory()
    erasure = Erasure(table="volunteers.Volunteer", row=volunteer.pk)
    text = f"web-1  | 2026-11-23 INFO matching.personal.ledger: {ledger.line_of(erasure)}\nGET /de/ 200\n"
    assert again(monkeypatch, text) == "Erased again: 1"
    assert not Volunteer.objects.exists()


def test_what_a_stranger_gets_into_the_log_erases_nobody():
    volunteer = VolunteerFactory()
    line = ledger.line_of(Erasure(table="volunteers.Volunteer", row=volunteer.pk + 1))
    forged = [line.replace(f"/{volunteer.pk + 1}/", f"/{volunteer.pk}/"), "erased", "erased a/b", "erased a/b:c"]
    assert ledger.erase_again([f"Not Found: /de/{text}" for text in forged]) == 0
    assert Volunteer.objects.exists()


def test_somebody_new_with_the_number_of_somebody_erased_stays():
    volunteer = VolunteerFactory()
    before = Erasure(table="volunteers.Volunteer", row=volunteer.pk, at=volunteer.created_at - timedelta(seconds=1))
    assert ledger.erase_again([ledger.line_of(before)]) == 0
    assert Volunteer.objects.exists()


def test_a_search_that_was_stopped_stays_stopped():
    saved = SavedSearchFactory()
    line = ledger.line_of(Erasure(table="organisations.SavedSearch", row=saved.pk))
    assert ledger.erase_again([line]) == 1
    assert not type(saved).objects.exists()
