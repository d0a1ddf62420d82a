"""The board in a browser: answers change it in place, and the address says what was asked."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories import OpportunityFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def board(page, live_server):
    OpportunityFactory(title="Reading", has_trial_visit=True)
    OpportunityFactory(title="Cooking")
    page.goto(f"{live_server.url}/en/")
    page.evaluate("window.isTheSame = true")
    page.locator("summary", has_text="What?").click()
    return page


def test_an_answer_changes_the_board_in_place_and_is_announced(board):
    expect(board.get_by_role("status")).to_contain_text("2 opportunities")
    board.get_by_label("with a first visit, to try").check()
    expect(board.get_by_role("status")).to_contain_text("1 opportunity")
    expect(board).to_have_url(re.compile(r"/en/\?trial=on$"))
    expect(board.locator("article")).to_have_count(1)
    expect(board.get_by_label("with a first visit, to try")).to_be_focused()
    assert board.evaluate("window.isTheSame")


def test_back_leads_to_the_question_before(board):
    board.get_by_label("with a first visit, to try").check()
    expect(board.locator("article")).to_have_count(1)
    board.go_back()
    expect(board.locator("article")).to_have_count(2)
    expect(board.get_by_label("with a first visit, to try")).not_to_be_checked()


def test_enter_in_the_field_asks_as_well(board):
    board.get_by_label("Search for a word").fill("redaing")
    board.get_by_label("Search for a word").press("Enter")
    expect(board.get_by_role("status")).to_contain_text("We show what sounds similar: redaing")
    expect(board.locator("article")).to_have_count(1)
