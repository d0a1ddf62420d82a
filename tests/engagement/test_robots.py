"""Forms that anybody may send: what tells one copy of a page from another, and how many an address may send."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.http import QueryDict
from redis.exceptions import ConnectionError as CannotConnect

from engagement.robots import GuardedForm, too_often


def sent(stamp):
    return QueryDict(f"stamp={stamp}")


def test_two_presses_of_one_page_are_the_same_sheet_and_two_pages_are_not(time_machine):
    time_machine.move_to("2026-11-20")
    first, other = (GuardedForm()["stamp"].value() for _ in range(2))
    time_machine.shift(10)
    sheets = []
    for stamp in [first, first, other]:
        form = GuardedForm(sent(stamp))
        assert form.is_valid(), form.errors
        sheets.append(form.sheet)
    assert sheets[0] == sheets[1] != sheets[2]


def test_presses_at_the_same_moment_are_all_counted(rf):
    request = rf.post("/")
    with ThreadPoolExecutor(8) as many:
        answers = list(many.map(lambda _: too_often(request, "deed", most=10), range(40)))
    assert answers.count(False) == 10


def test_each_address_and_each_deed_is_counted_by_itself(rf):
    one, other = rf.post("/", REMOTE_ADDR="192.0.2.1"), rf.post("/", REMOTE_ADDR="192.0.2.2")
    assert [too_often(one, "deed", most=1) for _ in range(2)] == [False, True]
    assert not too_often(other, "deed", most=1)
    assert not too_often(one, "other-deed", most=1)


@pytest.mark.parametrize("fault", [CannotConnect, ValueError], ids=["away", "forgotten"])
def test_nobody_is_refused_while_nothing_can_be_counted(rf, monkeypatch, fault):
    def fail(*_args, **_options):
        raise fault

    monkeypatch.setattr(cache._cache, "incr", fail)
    assert not any(too_often(rf.post("/"), "deed", most=1) for _ in range(3))
