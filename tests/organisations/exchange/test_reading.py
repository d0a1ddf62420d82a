"""Files as they come: what is read, and what is refused with its line and its reason."""

from contextlib import suppress

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from organisations.exchange import freinet, reading, tables
from organisations.exchange.reading import Fault
from tests.organisations.exchange import files

TABLE = files.table(["Titel", "Ort"], [["Vorlesen\nfür Kinder", "Köln"], ["Größe zählt nicht", ""]])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_a_table_is_read_in_each_encoding_that_offices_use(encoding):
    header, records = tables.read(reading.decoded(TABLE.encode(encoding)))
    assert header == ["Titel", "Ort"]
    assert [record.cells["Titel"] for record in records] == ["Vorlesen\nfür Kinder", "Größe zählt nicht"]
    assert [record.line for record in records] == [2, 4]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_table_is_read_with_each_separator(separator):
    text = files.table(["Titel", "Text"], [["Vorlesen", "a;b,c\td"]], separator)
    assert tables.read(text)[1][0].cells == {"Titel": "Vorlesen", "Text": "a;b,c\td"}


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16", "windows-1252", "ISO-8859-1"])
def test_xml_is_read_in_the_encoding_that_it_names(encoding):
    record = freinet.read(files.freinet_list([files.an_offer(ort="Köln")], encoding))[0]
    assert (record.cells["angebotsid"], record.cells["ort"], record.line) == ("238855", "Köln", 3)


def test_the_full_export_is_read_like_the_list():
    record = freinet.read(files.freinet_full([files.a_full_offer()]))[0]
    assert record.cells["zielgruppen"].split(reading.PARTING) == ["Kinder", "Geflüchtete"]
    assert record.cells["einrichtung_details.name"] == "Lernhaus Vingst"


BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]>
<angebotsliste><angebot angebotsId="1"><angebotsname>&lol2;</angebotsname></angebot></angebotsliste>"""
FETCH = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><angebotsliste><angebot>&x;</angebot></angebotsliste>'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (BOMB, "Line 2: A document type is not accepted."),
        (FETCH, "Line 1: A document type is not accepted."),
        (b"<angebotsliste>\n<angebot></angebotsliste>", "Line 2: This is not XML (mismatched tag)."),
        (b"<angebotsliste>\n\n<angebot>", "Line 3: This is not XML (no element found)."),
        (b"<html><body><p>404</p></body></html>", "There are no offers of Freinet in this file"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "Line 1: The encoding of this file is not known."),
        (b"<a>" * 100, "Line 1: This is not a list of offers of Freinet."),
    ],
)
def test_xml_that_is_none_or_hostile_is_refused(data, reason):
    with override("en"), pytest.raises(Fault) as refusal:
        freinet.read(data)
    assert str(refusal.value).startswith(reason)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('Titel;Ort\n"Vorlesen;Köln\nZweite;Köln\n', "Line 2: This is not a table (CSV)"),
        ('Titel;Ort\nEins;Köln\n"Zwei"x;Köln\n', "Line 3: This is not a table (CSV)"),
        ("Titel;Titel\na;b\n", "Line 1: The column “Titel” occurs twice."),
        ("Titel;Ort\n\n", "Line 3: There are no rows below the names of the columns."),
        (";".join(f"c{n}" for n in range(301)) + "\na", "Line 1: There are more than 300 columns."),
    ],
)
def test_a_table_that_is_none_is_refused(text, reason):
    with override("en"), pytest.raises(Fault) as refusal:
        tables.read(text)
    assert str(refusal.value).startswith(reason)


@pytest.mark.parametrize("data", [b"Titel;Ort\nVorl\x81sen;K", b"Titel\nVor\0lesen"])
def test_bytes_that_are_no_text_are_refused_with_their_line(data):
    with pytest.raises(Fault, match="2"):
        reading.decoded(data)


def test_a_huge_or_an_empty_file_is_refused(settings):
    settings.IMPORT_MAX_MEGABYTES = 1
    for size in (0, 1_000_001):
        with pytest.raises(Fault):
            reading.check_size(size)


def test_a_row_that_is_too_long_or_too_wide_is_wrong_by_itself():
    _header, records = tables.read(f"Titel;Text\nEins;{'x' * 50_001}\nZwei;b;c\nDrei\n")
    assert [bool(record.fault) for record in records] == [True, True, False]


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: ("Titel;Ort\n" + text).encode(errors="ignore")))
def test_any_bytes_are_read_or_refused(data):
    with suppress(Fault):
        freinet.read(data) if reading.is_markup(data) else tables.read(reading.decoded(data))


@given(st.text(st.sampled_from("<>/!&;=\"'abopliu \n\0\x1f\u202e"), max_size=300))
def test_any_xml_of_an_offer_is_read_or_refused(text):
    with suppress(Fault):
        freinet.read(f"<angebotsliste><angebot angebotsId='1'>{text}</angebot></angebotsliste>".encode())
