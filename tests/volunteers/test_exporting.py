"""People as a table: whose, what, and that it is noted."""

import csv
import io

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagement.sheets import MARK
from matching.models import Accompaniment
from tests.factories import FieldFactory, LanguageFactory, SkillFactory, VolunteerFactory

pytestmark = pytest.mark.django_db
EXPORT = reverse("admin:volunteers_volunteer_export")
LIST = reverse("admin:volunteers_volunteer_changelist")


def table(response):
    text = response.content.decode().removeprefix(MARK)
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def accompanied(agency, **more):
    volunteer = VolunteerFactory(**more)
    Accompaniment.objects.create(volunteer=volunteer, agency=agency)
    return volunteer


def test_staff_take_away_only_the_people_of_their_own_agency(client, cast):
    accompanied(cast.agency, first_name="Samira")
    accompanied(cast.other_agency, first_name="Oleh")
    client.force_login(cast.staff)
    assert [row["Vorname oder Spitzname"] for row in table(client.get(EXPORT))] == ["Samira"]


def test_the_link_takes_what_the_filters_leave(client, cast):
    accompanied(cast.agency, first_name="Samira", is_paused=True)
    accompanied(cast.agency, first_name="Oleh")
    client.force_login(cast.staff)
    link = f"{EXPORT}?is_paused__exact=1"
    assert link in client.get(f"{LIST}?is_paused__exact=1").content.decode()
    assert [row["Vorname oder Spitzname"] for row in table(client.get(link))] == ["Samira"]


def test_the_action_takes_what_is_ticked(client, cast):
    samira = accompanied(cast.agency, first_name="Samira")
    accompanied(cast.agency, first_name="Oleh")
    client.force_login(cast.staff)
    ticked = {"action": "export_selected", "_selected_action": [samira.pk]}
    assert [row["Vorname oder Spitzname"] for row in table(client.post(LIST, ticked))] == ["Samira"]


def test_a_person_is_a_row_in_words(client, cast):
    volunteer = accompanied(cast.agency, phone="+49 221 4710017", times=[0, 4], motives=["give_back"])
    volunteer.spoken_languages.create(language=LanguageFactory(), level=3)
    volunteer.competences.create(skill=SkillFactory(code="BIL01"))
    volunteer.fields.add(FieldFactory())
    client.force_login(cast.staff)
    row = table(client.get(EXPORT))[0]
    assert row["Telefon"] == "'+49 221 4710017"
    assert row["Zeiten"] == "Montag, Vormittag | Dienstag, Nachmittag"
    assert row["Gewünschte Einsatzfelder"] == "Lernhilfe"


def test_the_log_says_how_many_were_taken_away_and_never_who(client, cast):
    accompanied(cast.agency, first_name="Samira")
    client.force_login(cast.staff)
    client.get(EXPORT)
    entry = LogEntry.objects.get()
    assert (entry.user, entry.change_message) == (cast.staff, "Downloaded as a table: 1")
    assert "Samira" not in entry.object_repr


def test_the_number_of_queries_does_not_grow(client, cast):
    client.force_login(cast.staff)
    numbers = []
    for _ in range(3):
        accompanied(cast.agency).spoken_languages.create(language=LanguageFactory())
        with CaptureQueriesContext(connection) as queries:
            client.get(EXPORT)
        numbers.append(len(queries))
    assert numbers[1:] == numbers[:1] * 2
