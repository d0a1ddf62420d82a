"""The two pages of an import, as staff use them."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from engagement import uploads
from engagement.models import Upload
from organisations.models import Opportunity, Organisation
from tests.factories import MembershipFactory
from tests.organisations.exchange import files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]
IMPORT = reverse("admin:organisations_opportunity_import")
LIST = reverse("admin:organisations_opportunity_changelist")


def send(client, data, name="angebote.xml", **more):
    return client.post(IMPORT, {"file": SimpleUploadedFile(name, data), **more})


def take_over(client, address, **answers):
    return client.post(address, {"status": "draft", "field_others": "LERNHILFE", **answers}, follow=True)


def test_from_the_list_to_the_stored_opportunities_in_three_presses(client, cast):
    client.force_login(cast.staff)
    assert IMPORT in client.get(LIST).content.decode()
    preview = send(client, files.freinet_list([files.an_offer()])).url
    page = client.get(preview).content.decode()
    assert "Vorlesen für Kinder" in page
    assert "Stadtbibliothek Vingst" in page
    assert not Opportunity.objects.exists()
    answer = take_over(client, preview)
    assert answer.redirect_chain[-1][0] == LIST
    opportunity = Opportunity.objects.get()
    assert (opportunity.title, opportunity.status) == ("Vorlesen für Kinder", "draft")
    assert opportunity.coordinator == cast.staff
    assert LogEntry.objects.get().object_id == str(opportunity.pk)
    assert not Upload.objects.exists()


def test_the_button_pressed_twice_takes_over_once(client, cast):
    client.force_login(cast.staff)
    preview = send(client, files.freinet_list([files.an_offer()])).url
    take_over(client, preview)
    answer = take_over(client, preview)
    assert answer.redirect_chain[-1][0] == IMPORT
    assert Opportunity.objects.count() == 1


def test_nobody_sees_or_takes_over_the_file_of_somebody_else(client, cast):
    client.force_login(cast.staff)
    preview = send(client, files.freinet_list([files.an_offer()])).url
    for other in (cast.stranger, cast.administrator):
        client.force_login(other)
        assert client.get(preview).status_code == 302
        assert take_over(client, preview).redirect_chain[0][0] == IMPORT
    assert not Opportunity.objects.exists()


def test_who_left_the_agency_takes_over_nothing(client, cast):
    client.force_login(cast.staff)
    preview = send(client, files.freinet_list([files.an_offer()])).url
    cast.staff.memberships.all().delete()
    MembershipFactory(user=cast.staff, organisation=cast.other_agency)
    take_over(client, preview)
    assert not Opportunity.objects.exists()


def test_an_administrator_says_for_which_agency(client, cast):
    client.force_login(cast.administrator)
    data = files.freinet_list([files.an_offer()])
    assert send(client, data).status_code == 200
    preview = send(client, data, agency=cast.other_agency.pk).url
    take_over(client, preview)
    assert Opportunity.objects.get().agency == cast.other_agency


def test_without_an_answer_what_it_is_about_nothing_is_stored_and_nothing_is_lost(client, cast):
    client.force_login(cast.staff)
    preview = send(client, files.freinet_list([files.an_offer()])).url
    answer = client.post(preview, {"status": "published"})
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"field_others"}
    assert not Opportunity.objects.exists()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "leer"),
        (b"<a><b></a>", "1"),
        (b"eine;zwei\n1;2\n", "eine, zwei"),
        (b"PK\x03\x04\x00\x00\x00\x00", ""),
        (b"\xff\xfe", ""),
    ],
)
def test_a_broken_file_is_refused_beside_its_field(client, cast, data, reason):
    client.force_login(cast.staff)
    answer = send(client, data)
    assert answer.status_code == 200
    assert reason in str(answer.context["form"].errors["file"]) or reason == "leer"
    assert not Upload.objects.exists()


def test_a_huge_file_is_refused_before_it_is_read(client, cast, settings):
    settings.IMPORT_MAX_MEGABYTES = 0
    client.force_login(cast.staff)
    assert "file" in send(client, files.freinet_list([files.an_offer()])).context["form"].errors


HOSTILE = st.text(st.sampled_from("=+-@;,|\t\n\"'<>&/\0\x1f\u202e\ud800äA1 :."), max_size=60)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.tuples(HOSTILE, HOSTILE, HOSTILE), max_size=3), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
def test_no_table_breaks_the_pages(client, cast, rows, encoding):
    header = ["Titel", "Einrichtung", "Sprachen"] if len(rows) % 2 else ["title_de", "languages", "day"]
    client.force_login(cast.staff)
    answer = send(client, files.table(header, rows).encode(encoding, errors="replace"))
    assert answer.status_code in (200, 302)
    if answer.status_code == 302:
        assert client.get(answer.url).status_code == 200
        assert take_over(client, answer.url).status_code == 200


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda data: b"<angebotsliste><angebot>" + data))
def test_no_bytes_break_the_page(client, cast, data):
    client.force_login(cast.staff)
    assert send(client, data).status_code in (200, 302)


@pytest.mark.parametrize("query", ["?state=wrong", "?state=nonsense&page=999999999999", "?page=x", "?state=%00"])
def test_unknown_questions_are_answered_with_everything(client, cast, query):
    client.force_login(cast.staff)
    preview = send(client, files.freinet_list([files.an_offer()])).url
    assert client.get(preview + query).status_code == 200


@pytest.mark.parametrize(
    "answers", [{"theirs": ["0:places", "x", "9:y:z"]}, {"close": ["7", "\0"]}, {"status": "closed"}]
)
def test_answers_to_questions_that_nobody_asked_change_nothing(client, cast, answers):
    client.force_login(cast.staff)
    preview = send(client, files.freinet_list([files.an_offer()])).url
    assert take_over(client, preview, **answers).status_code == 200
    assert not Opportunity.objects.exists()


def test_what_nobody_took_over_is_forgotten_after_a_day(client, cast):
    client.force_login(cast.staff)
    preview = send(client, files.freinet_list([files.an_offer()])).url
    Upload.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert client.get(preview).status_code == 302
    uploads.forget_old()
    assert not Upload.objects.exists()


def test_a_conflict_is_asked_and_ours_stays(client, cast):
    client.force_login(cast.staff)
    take_over(client, send(client, files.freinet_list([files.an_offer()])).url)
    Opportunity.objects.update(places=2)
    preview = send(client, files.freinet_list([files.an_offer(anzahl_gesuche="9")])).url
    assert 'name="theirs" value="0:places"' in client.get(preview).content.decode()
    take_over(client, preview)
    assert Opportunity.objects.get().places == 2


def test_staff_without_an_agency_import_nothing(client, cast):
    Organisation.objects.filter(pk=cast.agency.pk).update(verified_at=None)
    client.force_login(cast.staff)
    assert client.get(IMPORT).status_code == 403
