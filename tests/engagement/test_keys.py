import pytest

from engagement.keys import key_in, key_of
from engagement.models import City


def test_a_key_is_a_number():
    assert key_in("42") == 42


@pytest.mark.parametrize("text", ["", "x", "-1", "4 2", "1\0", "٤٢", "²", "9" * 19, "9" * 5000])
def test_whatever_else_is_sent_is_no_key(text):
    assert key_in(text) is None


def test_rows_of_several_kinds_are_told_apart():
    assert key_of(City(pk=17)) == "city-17"
