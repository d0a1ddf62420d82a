"""Tables that a spreadsheet opens."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engagement import sheets

LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def read(text):
    return list(csv.reader(io.StringIO(text.removeprefix(sheets.MARK), newline=""), delimiter=";"))


@pytest.mark.parametrize("begin", [*LIVE, " =", "'=", "''-", "\u00a0@"])
def test_what_a_spreadsheet_would_compute_is_text(begin):
    assert sheets.guarded(f"{begin}1+1") == f"'{begin}1+1"


@pytest.mark.parametrize("text", ["", "Vingst", "'s Heerenberg", "1=1", "a@example.org", "„Ja“", "– nein"])
def test_other_text_stays_as_it_is(text):
    assert sheets.guarded(text) == text


@given(st.text())
@example("'=1")
@example("''")
def test_no_cell_is_live_and_each_comes_back(text):
    cell = sheets.guarded(text)
    assert not cell.lstrip().startswith(LIVE[:4])
    assert not cell.startswith(LIVE)
    assert sheets.unguarded(cell) == text


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0")), min_size=2)))
def test_a_table_is_read_back_as_it_was(rows):
    text = "".join(sheets.lines(rows))
    assert [[sheets.unguarded(cell) for cell in row] for row in read(text)] == rows


def test_german_excel_knows_the_encoding_and_the_separator():
    answer = sheets.answer([["Straße", "Köln; Vingst"]], "liste.csv")
    assert answer.content == '\ufeffStraße;"Köln; Vingst"\r\n'.encode()
    assert answer["Content-Disposition"] == 'attachment; filename="liste.csv"'
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
