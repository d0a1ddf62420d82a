"""Files beside what is stored, and taken over."""

import pytest
from django.utils import timezone

from matching.models import PendingRescoring
from organisations.exchange import preparing, storing
from organisations.exchange.comparing import Preview
from organisations.exchange.storing import Choices
from organisations.models import Opportunity, Organisation, Origin
from tests.factories import MSOFactory, OrganisationFactory
from tests.organisations.exchange import files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]
LERNHILFE = {"": "LERNHILFE"}


def preview(agency, data):
    return Preview(preparing.read(data, agency), agency)


def take(cast, data, **choices):
    answers = Choices(**{"fields": LERNHILFE, **choices})
    return storing.take_over(preview(cast.agency, data), answers, by=cast.staff)


def states(cast, data):
    return [str(row.state) for row in preview(cast.agency, data).rows]


def freinet(*offers):
    return files.freinet_list(offers)


def test_a_new_offer_becomes_a_draft_of_an_organisation_that_nobody_has_verified(cast):
    take(cast, freinet(files.an_offer()))
    opportunity = Opportunity.objects.get()
    assert (opportunity.status, opportunity.agency, opportunity.created_by) == ("draft", cast.agency, cast.staff)
    assert (opportunity.host.name, opportunity.host.is_verified) == ("Stadtbibliothek Vingst", False)
    assert (opportunity.host.agency, opportunity.places) == (cast.agency, 5)
    assert [hood.code for hood in opportunity.neighbourhoods.all()] == ["koeln-vingst"]
    assert opportunity.text.body.startswith("Wir suchen Menschen, die vorlesen & zuhören.\n\n• montags")


def test_the_same_file_twice_changes_nothing(cast):
    data = freinet(*(files.an_offer(number, angebotsname=f"Angebot {number}") for number in range(3)))
    take(cast, data)
    before = list(Opportunity.objects.order_by("pk").values())
    assert states(cast, data) == ["unchanged"] * 3
    take(cast, data)
    assert list(Opportunity.objects.order_by("pk").values()) == before
    assert Organisation.objects.filter(name="Stadtbibliothek Vingst").count() == 1


def test_what_changed_there_changes_here_and_nothing_else(cast):
    take(cast, freinet(files.an_offer(1), files.an_offer(2, angebotsname="Kochen")))
    Opportunity.objects.filter(texts__title="Vorlesen für Kinder").update(hours_per_week=2)
    found = preview(
        cast.agency, freinet(files.an_offer(1, anzahl_gesuche="8"), files.an_offer(2, angebotsname="Kochen"))
    )
    assert [str(row.state) for row in found.rows] == ["changed", "unchanged"]
    assert [(change.column, change.old, change.new) for change in found.rows[0].changes] == [("places", 5, 8)]
    storing.take_over(found, Choices(), by=cast.staff)
    assert list(Opportunity.objects.order_by("pk").values_list("places", "hours_per_week")) == [(8, 2), (5, None)]


def test_a_text_that_changed_here_stays_unless_it_is_ticked(cast):
    take(cast, freinet(files.an_offer(1)))
    text = Opportunity.objects.get().texts.get()
    text.title = "Vorlesen in Vingst"
    text.save()
    assert states(cast, freinet(files.an_offer(1))) == ["unchanged"]
    changed = freinet(files.an_offer(1, angebotsname="Vorlesen am Montag"))
    assert preview(cast.agency, changed).rows[0].conflicts[0].old == "Vorlesen in Vingst"
    take(cast, changed)
    assert Opportunity.objects.get().title == "Vorlesen in Vingst"
    assert states(cast, changed) == ["unchanged"]
    again = freinet(files.an_offer(1, angebotsname="Vorlesen am Dienstag"))
    take(cast, again, theirs={(0, "title_de")})
    assert Opportunity.objects.get().title == "Vorlesen am Dienstag"


def test_what_vanished_is_named_and_closed_only_where_it_is_ticked(cast):
    cast.mso.name = "Stadtbibliothek Vingst"
    cast.mso.save()
    take(
        cast, freinet(*(files.an_offer(number, angebotsname=f"Angebot {number}") for number in range(3))), publish=True
    )
    rest = freinet(files.an_offer(0, angebotsname="Angebot 0"))
    gone = [origin.opportunity_id for origin in preview(cast.agency, rest).vanished()]
    assert len(gone) == 2
    result = take(cast, rest, close={gone[0], Opportunity.objects.exclude(pk__in=gone).get().pk})
    assert result.closed == 1
    assert Opportunity.objects.get(status="closed").pk == gone[0]


def test_offers_of_a_verified_organisation_are_published_if_that_is_chosen(cast):
    cast.mso.name = "STADTBIBLIOTHEK  Vingst"
    cast.mso.save()
    offers = [
        files.an_offer(1),
        files.an_offer(2, plz="", ort="", geo_breite="0", geo_laenge="0", angebotsname="Irgendwo"),
    ]
    result = take(cast, freinet(*offers), publish=True)
    assert result.published == 1
    assert list(Opportunity.objects.order_by("pk").values_list("host", "status")) == [
        (cast.mso.pk, "published"),
        (cast.mso.pk, "draft"),
    ]


def test_what_is_shown_is_scored_again_and_a_draft_is_not(cast):
    cast.mso.name = "Stadtbibliothek Vingst"
    cast.mso.save()
    take(cast, freinet(files.an_offer(1), files.an_offer(2, einrichtungsname="Neue")), publish=True)
    assert [note.opportunity.host for note in PendingRescoring.objects.all()] == [cast.mso]


def test_nobody_posts_in_the_name_of_another_agencys_organisation(cast):
    other = MSOFactory(name="Stadtbibliothek Vingst", agency=cast.other_agency)
    take(cast, freinet(files.an_offer()))
    assert Opportunity.objects.get().host != other


def test_two_agencies_have_the_same_offer_each_for_itself(cast):
    take(cast, freinet(files.an_offer()))
    found = preview(cast.other_agency, freinet(files.an_offer()))
    assert [str(row.state) for row in found.rows] == ["new"]


def test_the_list_and_the_table_of_freinet_are_the_same_source(cast):
    take(cast, freinet(files.an_offer(7)))
    data = files.hamburg([files.an_offer(latitude="50,9336", longitude="7,0186", _angebotsId=7)])
    found = preview(cast.agency, data)
    assert [(row.origin.external_id, row.opportunity.title) for row in found.rows] == [("7", "Vorlesen für Kinder")]


def test_an_offer_that_occurs_twice_is_wrong_the_second_time(cast):
    assert states(cast, freinet(files.an_offer(1), files.an_offer(1))) == ["new", "wrong"]


def test_an_offer_without_a_field_is_left_out_and_named(cast):
    result = take(cast, freinet(files.an_offer()), fields={})
    assert [line for line, _why in result.left_out] == [3]
    assert not Opportunity.objects.exists()
    assert not Origin.objects.exists()


def test_a_word_of_the_file_stands_for_the_field_that_staff_chose(cast):
    data = files.freinet_full([files.a_full_offer(1), files.a_full_offer(2, handlungsfelder=["Zirkus"])])
    assert preview(cast.agency, data).asked_fields() == {"Kinder und Jugend": 1, "Zirkus": 1}
    take(cast, data, fields={"Kinder und Jugend": "LESEPATE", "": "KULTUR"})
    assert list(Opportunity.objects.order_by("pk").values_list("field__code", flat=True)) == ["LESEPATE", "KULTUR"]


def test_who_posts_it_is_created_with_what_the_source_tells(cast):
    take(cast, files.freinet_full([files.a_full_offer()]))
    host = Organisation.objects.get(name="Lernhaus Vingst")
    assert (host.kind, host.email, host.phone) == ("host", "info@lernhaus.example", "0221 4710001")
    assert (host.website, host.city.name, host.verified_at) == ("https://www.lernhaus.example", "Köln", None)


def test_no_number_of_queries_grows_with_the_file(cast, django_assert_max_num_queries):
    def data(number, more=""):
        return freinet(
            *(files.an_offer(n, einrichtungsname=f"Haus {n}", angebotsname=f"A {n}{more}") for n in range(number))
        )

    for number in (1, 30):
        with django_assert_max_num_queries(60):
            take(cast, data(number))
        with django_assert_max_num_queries(60):
            take(cast, data(number, "!"))


def test_a_file_that_is_taken_over_in_the_meantime_is_looked_at_anew(cast):
    stale = preview(cast.agency, freinet(files.an_offer()))
    assert [str(row.state) for row in stale.rows] == ["new"]
    OrganisationFactory()
    storing.take_over(stale, Choices(fields=LERNHILFE), by=cast.staff, now=timezone.now())
    assert states(cast, freinet(files.an_offer())) == ["unchanged"]
