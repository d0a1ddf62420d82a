"""HTML as plain text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisations.exchange.markup import plain, tidy
from tests.organisations.exchange import files


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Einfach   so", "Einfach so"),
        ("Zeile eins\nZeile zwei", "Zeile eins\nZeile zwei"),
        ("a < b &amp; c > d", "a < b & c > d"),
        ("<p>Eins</p>\n\n<p>Zwei</p>", "Eins\n\nZwei"),
        ("Eins<br>\nZwei<br/>Drei", "Eins\nZwei\nDrei"),
        ("<ul>\n\t<li>eins</li>\n\t<li>zwei</li>\n</ul>", "• eins\n• zwei"),
        ("<ol><li>eins<li>zwei</ol>", "1. eins\n2. zwei"),
        ("<b>fett</b>\nund <i>schräg</i>", "fett\nund schräg"),
        ("<p>&nbsp;</p><p>&Uuml;bung&#33;</p>", "Übung!"),
        ("&lt;p&gt;zweimal verpackt&lt;/p&gt;", "zweimal verpackt"),
        ('<a href="https://example.org/a">hier</a>', "hier (https://example.org/a)"),
        ('<a href="mailto:a@example.org">a@example.org</a>', "a@example.org"),
        ('<a href="https://www.example.org/">example.org</a>', "example.org"),
        ('<a href="javascript:alert(1)">hier</a>', "hier"),
        ("<script>alert(1)</script><style>p{}</style>Text<!-- nicht --> weiter", "Text weiter"),
        ("<td>a</td><td>b</td>", "a b"),
        ("<p>offen", "offen"),
        ("<h1>Titel</h1><table><tr><td>1</td><td>2</td></tr></table>", "Titel\n\n1 2"),
    ],
)
def test_html_becomes_text_with_its_paragraphs_and_lists(html, text):
    assert plain(html) == text


def test_a_text_of_freinet_is_read_as_people_would():
    assert plain(files.BODY) == (
        "Wir suchen Menschen, die vorlesen & zuhören.\n\n• montags\n• mittwochs\n\nMehr hier (http://www.example.org/mehr)."
    )


@given(st.text(st.sampled_from("<>/!-&;=\"' abpliu\n\t\0\u00a0\u202e\ud800"), max_size=300))
def test_no_tag_and_no_invisible_sign_is_left(text):
    found = plain(text)
    assert not re.search(r"</?(p|b|i|u|a|li|ul)\b[^<>]*>", found) or "&" in text
    assert "\0" not in found
    found.encode()


@given(st.text())
def test_tidying_twice_is_tidying_once(text):
    assert tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize("part", ["<a ", "<!--", "<a x='", "<li>", "&lt;", "<a href=http://", "<script>", "a  "])
def test_hostile_text_is_read_in_a_time_that_grows_with_its_length_alone(part):
    # With the square of the length nobody would see the end of this test.
    assert len(plain(part * 100_000)) <= len(part) * 100_000
