"""What somebody who is signed in does: mistakes, and every way through without JavaScript."""

import pytest

from matching.models import Match
from tests.browser.pages import check_axe, check_width
from tests.factories import (
    LanguageFactory,
    MatchFactory,
    NeighbourhoodFactory,
    OpportunityFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def samira(cast):
    """Samira, who is asked one thing and tries another."""
    for state in [Match.State.PROPOSED, Match.State.TRIAL]:
        opportunity = OpportunityFactory(host=cast.agency)
        match = MatchFactory(volunteer=cast.samira, state=state, opportunity=opportunity)
        match.events.create(side="staff", to_state=Match.State.PROPOSED)
    return cast.samira


@pytest.fixture
def notice(cast):
    return OpportunityFactory(host=cast.agency, title="Hausaufgaben-Hilfe", has_trial_visit=True)


@pytest.fixture
def signed_in(client, live_server):
    """A page of the browser on which ``user`` is signed in."""

    def sign_in(context, user):
        client.force_login(user)
        cookie = {"name": "session", "value": client.cookies["session"].value, "url": live_server.url}
        context.add_cookies([cookie])
        return context.new_page()

    return sign_in


@pytest.mark.parametrize("language", ["en", "ar"])
def test_errors_are_sound_and_lead_to_their_fields(context, signed_in, live_server, language, db):
    NeighbourhoodFactory(code="a", name="Altstadt-Nord")
    NeighbourhoodFactory(code="b", name="Altstadt-Süd")
    page = signed_in(context, UserFactory())
    page.goto(f"{live_server.url}/{language}/profile/?step=all")
    page.locator("[name=spoken_languages-0-level]").select_option("3")
    page.locator("[name=place]").fill("Altstadt")
    page.locator("[name=phone]").fill("x")
    page.locator("main form button.btn").last.click()
    assert page.get_by_role("alert").locator("a").count() == 4
    check_axe(page)
    check_width(page)
    for link in page.get_by_role("alert").locator("a").all():
        assert page.locator(link.get_attribute("href")).count() == 1


def test_a_profile_is_written_step_by_step_without_javascript(new_context, signed_in, live_server, db):
    LanguageFactory(autonym="العربية", names={"en": "Arabic"})
    user = UserFactory(name="Rana")
    page = signed_in(new_context(java_script_enabled=False), user)
    page.goto(f"{live_server.url}/en/profile/")
    assert page.get_by_text("Step 1 of 6").is_visible()
    page.get_by_label("Yes, you may keep my answers").check()
    page.get_by_role("button", name="Save and go on").click()
    page.locator("[name=spoken_languages-0-language]").select_option("العربية – Arabic")
    page.get_by_role("button", name="Add another language").click()
    assert page.get_by_role("alert").count() == 0
    assert page.get_by_label("How well").count() == 6
    page.get_by_role("button", name="Save and go on").click()
    assert page.get_by_text("Step 3 of 6").is_visible()
    assert [str(row.language) for row in user.volunteer.spoken_languages.all()] == ["Arabic"]


def test_the_enter_key_saves(context, signed_in, live_server, db):
    page = signed_in(context, UserFactory(name="Rana"))
    page.goto(f"{live_server.url}/en/profile/?step=all")
    page.get_by_label("Yes, you may keep my answers").check()
    page.locator("[name=first_name]").fill("Rana")
    page.locator("[name=first_name]").press("Enter")
    page.wait_for_url("**/en/me/")
    assert page.get_by_role("heading", name="Hello Rana").is_visible()


def test_a_visitor_says_yes_without_javascript(new_context, live_server, notice):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/en/opportunities/{notice.pk}/")
    page.get_by_role("link", name="I am interested").click()
    page.get_by_label("What is your name?").fill("Rana")
    page.get_by_label("How may we reach you?").fill("0221 4710011")
    page.get_by_label("Yes, you may keep this").check()
    page.wait_for_timeout(2500)
    page.get_by_role("button", name="Yes, I am interested").click()
    assert page.get_by_role("heading", name="Thank you. We have your yes.").is_visible()
    assert Match.objects.get().volunteer.first_name == "Rana"
    page.get_by_role("button", name="Take my yes back").click()
    assert page.get_by_role("status").get_by_text("A no is fine").is_visible()
    assert Match.objects.get().state == Match.State.DECLINED


def test_a_volunteer_answers_without_javascript(new_context, signed_in, live_server, samira):
    page = signed_in(new_context(java_script_enabled=False), samira.user)
    page.goto(f"{live_server.url}/en/me/")
    page.get_by_role("button", name="Yes, gladly").click()
    assert page.get_by_role("status").get_by_text("Thank you for your yes").is_visible()
    page.locator("main summary").first.click()
    page.get_by_role("button", name="Send my no").first.click()
    assert page.get_by_text("A no is fine").is_visible()
