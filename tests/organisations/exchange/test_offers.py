"""The offers of other systems in our words."""

import pytest

from engagement.models import Neighbourhood, Postcode
from organisations.exchange import freinet, offers, reading, tables
from organisations.exchange.whereabouts import Places
from organisations.exchange.words import Words
from tests.organisations.exchange import files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]


def offer(**more):
    return offers.offer_of(freinet.read(files.freinet_list([files.an_offer(**more)]))[0], Words(), Places())


def full_offer(**more):
    return offers.offer_of(freinet.read(files.freinet_full([files.a_full_offer(**more)]))[0], Words(), Places())


def row(**cells):
    return offers.offer_of(reading.Record(2, {"Titel": "Vorlesen", **cells}), Words(), Places())


def test_the_words_of_a_full_export_find_their_places():
    values = full_offer().values
    assert values["title_de"] == "Lernpatin oder Lernpate"
    assert values["body_de"].endswith(
        "Anforderungen: Geduld\n\nLeistungen: Fahrtkosten\n\nZielgruppen: Kinder, Geflüchtete"
    )
    assert values["schedule_de"] == "einmal in der Woche, zwei Stunden"
    assert values["languages"] == [["ar", 3, "wanted"]]
    assert (values["contact_name"], values["contact_phone"]) == ("Elif Yildiz", "0221 4710000")
    assert values["meeting_point"] == "Kuthstraße 1, 51107 Köln"
    assert values["serves_newcomers"] is True
    assert values["host"] == "Lernhaus Vingst"


def test_nothing_of_a_source_is_lost():
    record = full_offer(barrierefreiheit="Aufzug", wertigkeit="7").record
    assert (record["barrierefreiheit"], record["wertigkeit"]) == ("Aufzug", "7")
    assert record["zielgruppen"] == "Kinder | Geflüchtete"
    assert "<" not in record["beschreibung"]


def test_what_is_not_ours_is_named_and_stays_unknown():
    found = full_offer(
        kenntnisse=["Jonglieren"], handlungsfelder=["Zirkus"], stadtteile=["Hintertupfing"], geo_x="0", plz=""
    )
    assert found.notes == ["Unknown: Jonglieren, Zirkus", "Unknown: Hintertupfing"] or "Jonglieren" in found.notes[0]
    assert "field" not in found.values
    assert found.fields == ["Zirkus"]
    assert "Kenntnisse: Jonglieren" in found.values["body_de"]


@pytest.mark.parametrize("word", ["SPORT", "Sport und Bewegung", "sport UND  Bewegung"])
def test_a_field_is_known_by_its_code_and_by_its_names(word):
    assert row(Einsatzbereich=word).values["field"] == "SPORT"


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("Arabisch", [["ar", None, "wanted"]]),
        ("Türkischkenntnisse, Englisch B2", [["en", 4, "wanted"], ["tr", None, "wanted"]]),
        ("Deutsch", None),
        ("Klingonisch", None),
    ],
)
def test_languages_are_known_with_their_level(cell, codes):
    assert row(Sprachen=cell).values.get("languages") == codes


VINGST = {"place": "neighbourhood", "city": "Köln", "neighbourhoods": ["koeln-vingst"]}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"Stadtteil": "Vingst", "Ort": "Köln"}, VINGST),
        ({"Stadtteil": "Vingst - K"}, VINGST),
        ({"Stadtteil": "Köln-Vingst"}, VINGST),
        ({"Breitengrad": "50,9336", "Längengrad": "7,0186"}, VINGST),
        ({"Breitengrad": "7.0186", "Längengrad": "50.9336"}, VINGST),
        ({"Ort": "Köln"}, {"place": "city", "city": "Köln", "neighbourhoods": []}),
        ({"Ortsteil": "Köln"}, {"place": "city", "city": "Köln", "neighbourhoods": []}),
        ({"Stadtteil": "ganze Stadt", "Ort": "Köln"}, {"place": "city", "city": "Köln", "neighbourhoods": []}),
        ({"Ort": "ortsunabhängig"}, {"place": "remote", "city": "", "neighbourhoods": []}),
        ({"Ort": "Hamburg", "Breitengrad": "53,4554", "Längengrad": "9,97522"}, {}),
        ({}, {}),
        ({"Breitengrad": "0.000000", "Längengrad": "0.000000"}, {}),
        ({"Breitengrad": "1e309", "Längengrad": "NaN"}, {}),
    ],
)
def test_the_place_is_found_by_what_there_is(cells, expected):
    values = row(**cells).values
    assert {name: values[name] for name in ("place", "city", "neighbourhoods") if name in values} == expected


def test_a_postcode_leads_to_the_neighbourhood_that_it_lies_in():
    code = Postcode.objects.exclude(neighbourhood=None).first()
    assert row(PLZ=code.code).values["neighbourhoods"] == [code.neighbourhood.code]


def test_several_neighbourhoods_of_one_town():
    assert row(Stadtteile="Vingst|Ostheim", Ort="Köln").values["neighbourhoods"] == ["koeln-ostheim", "koeln-vingst"]


def test_a_neighbourhood_without_borders_is_found_by_its_centre():
    hood = Neighbourhood.objects.filter(geometry__isnull=True, city__name="Dortmund").first()
    found = row(Breitengrad=f"{hood.latitude + 0.001}", Längengrad=f"{hood.longitude}").values
    assert found["city"] == "Dortmund"
    assert len(found["neighbourhoods"]) == 1


def test_long_texts_are_shortened_where_they_show_and_whole_in_the_record():
    found = offer(angebotsname="Vorlesen " * 20, beschreibung="<p>Wort </p>" * 2000)
    assert len(found.values["title_de"]) <= 120
    assert found.values["title_de"].endswith("Vorlesen …")
    assert found.values["body_de"].startswith("Vorlesen Vorlesen")
    assert len(found.values["body_de"]) <= 4000
    assert found.record["beschreibung"].count("Wort") == 2000


@pytest.mark.parametrize(
    ("number", "expected"), [("5", 5), ("0", None), ("-1", None), ("501", None), ("9" * 400, None), ("½", None)]
)
def test_places_are_a_sensible_number_or_unknown(number, expected):
    assert offer(anzahl_gesuche=number).values.get("places") == expected


def test_the_table_of_hamburg_is_read():
    data = files.hamburg(
        [files.an_offer(latitude="50,9336", longitude="7,0186", _angebotsId=50057), {"angebotsname": "Ohne Ort"}]
    )
    _header, records = tables.read(reading.decoded(data))
    first, second = (offers.offer_of(record, Words(), Places()) for record in records)
    assert (first.key, first.values["neighbourhoods"]) == ("50057", ["koeln-vingst"])
    assert "place" not in second.values


def test_an_offer_without_a_title_is_wrong():
    assert len(row(Titel="").faults) == 1


@pytest.mark.parametrize(
    ("text", "day"), [("5.12.2026", "2026-12-05"), ("2026-12-05", "2026-12-05"), ("31.2.2026", None)]
)
def test_days_are_read_as_germans_write_them(text, day):
    assert row(**{"Gültig bis": text}).values.get("valid_until") == day
