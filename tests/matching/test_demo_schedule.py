import pytest

from matching.demo.schedule import slots_in


@pytest.mark.parametrize(
    ("sentence", "slots"),
    [
        ("Mittwoch 9–12 Uhr", [6]),
        ("Samstag 11–14 Uhr", [15, 16]),
        ("Dienstag und Donnerstag 17–18:30 Uhr", [5, 11]),
        ("Montag bis Donnerstag 14–16 Uhr, ein bis zwei Tage", [1, 4, 7, 10]),
        ("werktags, einzelne Termine zwischen 8 und 16 Uhr", [0, 1, 3, 4, 6, 7, 9, 10, 12, 13]),
        ("Freitagabend", [14]),
        ("alle zwei Wochen samstags", [15, 16, 17]),
        ("Schulung samstags, dann frei", []),
        ("frei vereinbar", []),
        ("zwei Abende im Monat", []),
        ("Oktober bis Februar", []),
        ("", []),
    ],
)
def test_times_are_read_where_a_sentence_states_them(sentence, slots):
    assert slots_in(sentence) == slots
