"""Every way of a visitor and of a volunteer by the keyboard alone, on a small screen, with scripts and without."""

import re

import pytest

from engagement.models import Mail, User
from matching.models import Match
from matching.rescoring import rescore_everything
from organisations.models import SavedSearch
from tests.browser.keys import Keys
from tests.factories import (
    FieldFactory,
    LanguageFactory,
    NeighbourhoodFactory,
    OpportunityFactory,
    SuggestionFactory,
)
from tests.stage import PASSWORD, mailed_code

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def keys(request, new_context):
    context = new_context(java_script_enabled=request.param, viewport={"width": 390, "height": 700})
    return Keys(context.new_page())


@pytest.fixture
def notice(cast):
    LanguageFactory(code="de")
    notice = OpportunityFactory(
        host=cast.agency, title="Zusammen kochen", field=FieldFactory(code="KOCHEN"), german_needed=1, times=[1, 4]
    )
    notice.neighbourhoods.add(NeighbourhoodFactory())
    OpportunityFactory(host=cast.agency, title="Lesen", field=FieldFactory(code="LESEPATE"))
    rescore_everything()
    return notice


def test_from_the_search_to_a_yes_and_back(keys, live_server, notice):
    keys.page.goto(f"{live_server.url}/en/")
    keys.heading("2 opportunities")
    keys.enter(keys.page.locator("summary", has_text="Where?"))
    keys.write(keys.field("Town, neighbourhood or postcode"), "Vingst")
    keys.press("Enter")
    keys.heading("1 opportunity")
    keys.enter(keys.page.locator("h3").get_by_role("link", name="Zusammen kochen"))
    keys.heading("This is important")
    keys.enter(keys.link("I am interested"))

    keys.write(keys.field("What is your name?"), "Rana")
    keys.write(keys.field("How may we reach you?"), "0221 4710011")
    keys.tick(keys.field("Yes, you may keep this"))
    # Nobody types faster than this.
    keys.page.wait_for_timeout(2100)
    keys.enter(keys.button("Yes, I am interested"))
    keys.heading("Thank you. We have your yes.")
    assert Match.objects.get().volunteer.first_name == "Rana"

    # Another day, by the address that the page tells to keep.
    way_back = keys.page.locator("input[readonly]").input_value()
    keys.page.context.clear_cookies()
    keys.page.goto(live_server.url + re.sub(r"^https?://[^/]+", "", way_back))
    keys.enter(keys.button("Take my yes back"))
    keys.page.get_by_role("status").get_by_text("A no is fine").wait_for()
    assert Match.objects.get().state == Match.State.DECLINED


def test_four_questions_lead_to_an_idea(keys, live_server, notice):
    keys.page.goto(f"{live_server.url}/en/")
    keys.enter(keys.link("Not sure?"))
    keys.write(keys.field("Where do you live?"), "Vingst")
    keys.press("Enter")
    keys.enter(keys.link("Skip this question"))
    keys.tick(keys.page.locator("[name=field][value=KOCHEN]"))
    keys.enter(keys.button("Next"))
    keys.to(keys.page.locator("[name=german]").first)
    # Within a group of which one counts, the arrows lead from one to the next.
    keys.press("ArrowDown", times=2)
    keys.enter(keys.button("Show five ideas"))
    keys.heading("This could suit you")
    keys.enter(keys.page.locator("h3").get_by_role("link", name="Zusammen kochen"))
    keys.heading("This is important")


def test_from_signing_up_to_an_answer(keys, live_server, notice):
    LanguageFactory(code="ar", autonym="العربية", names={"en": "Arabic"})
    keys.page.goto(f"{live_server.url}/en/")
    keys.enter(keys.link("Log in"))
    keys.enter(keys.link("Sign up"))
    keys.write(keys.page.locator("[name=email]"), "rana@example.org")
    keys.write(keys.page.locator("[name=password1]"), PASSWORD)
    keys.press("Enter")
    code = keys.page.locator("[name=code]")
    code.wait_for()
    keys.write(code, mailed_code("rana@example.org"))
    keys.press("Enter")

    keys.heading("About me")
    keys.write(keys.page.locator("[name=first_name]"), "Rana")
    keys.tick(keys.field("Yes, you may keep my answers"))
    keys.enter(keys.button("Save and go on"))
    keys.heading("Languages")
    keys.choose(keys.page.locator("[name=spoken_languages-0-language]"), "Arabic")
    keys.choose(keys.page.locator("[name=spoken_languages-0-level]"), "first language")
    keys.enter(keys.button("Save and stop here"))
    keys.heading("Hello Rana")

    volunteer = User.objects.get(email="rana@example.org").volunteer
    assert [str(spoken.language) for spoken in volunteer.spoken_languages.all()] == ["Arabic"]
    SuggestionFactory(volunteer=volunteer, opportunity=notice)
    keys.page.reload()
    keys.enter(keys.button("I am interested"))
    keys.heading("Thank you")
    assert Match.objects.get(volunteer=volunteer).state == Match.State.INTERESTED


def test_a_search_is_saved_confirmed_and_stopped(keys, live_server, notice):
    keys.page.goto(f"{live_server.url}/en/?text=kochen")
    keys.write(keys.field("Your e-mail address"), "seeker@example.org")
    keys.page.wait_for_timeout(2100)
    keys.enter(keys.button("Yes, write to me"))
    keys.page.get_by_role("status").get_by_text("We have sent you a mail.").wait_for()

    for deed, button, then in [("confirm", "Yes, write to me", "It is on."), ("stop", "Stop these mails", "stopped")]:
        mail = Mail.objects.get(to="seeker@example.org")
        keys.page.goto(live_server.url + re.search(rf"/en/search/{deed}/\S+", mail.text)[0])
        keys.enter(keys.button(button))
        keys.page.get_by_role("status").get_by_text(then).wait_for()
    assert not SavedSearch.objects.exists()
