"""How long what is kept: arithmetic with months, and the table that everybody reads."""

from datetime import UTC, date, datetime

import pytest

from engagement.periods import MAILS, PERIODS, UNUSED, months_later


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 22), 60, date(2031, 11, 22)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
        (date(2027, 3, 31), -1, date(2027, 2, 28)),
        (date(2027, 1, 15), -18, date(2025, 7, 15)),
    ],
    ids=["five years", "shorter month", "leap year", "December", "backwards", "over two years"],
)
def test_months_later_ends_with_the_month(day, months, later):
    assert months_later(day, months) == later


def test_a_period_is_days_or_months():
    now = datetime(2028, 8, 31, 12, tzinfo=UTC)
    assert MAILS.before(now) == datetime(2028, 8, 1, 12, tzinfo=UTC)
    assert UNUSED.before(now) == datetime(2027, 2, 28, 12, tzinfo=UTC)


def test_everybody_reads_the_table_on_the_page_about_data_protection(client):
    page = client.get("/en/privacy/").content.decode()
    assert [period.what for period in PERIODS if f"<dt>{period.what}</dt>" not in page] == []
    assert page.count("<dd><b>") == len(PERIODS)
    assert "<b>30 days</b>" in page
    assert "<b>18 months</b>" in page
