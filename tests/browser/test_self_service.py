"""The pages of a self-organisation, as its contact meets them."""

import pytest
from django.urls import reverse

from organisations.models import Opportunity, Organisation
from tests.browser.pages import check_axe, check_page, check_width
from tests.factories import (
    FieldFactory,
    LanguageFactory,
    MSOFactory,
    NeighbourhoodFactory,
    ProofFactory,
    SkillFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def words(db):
    """A little of everything that the forms offer."""
    LanguageFactory()
    SkillFactory()
    FieldFactory()
    ProofFactory()
    NeighbourhoodFactory()


def sign_in(context, client, user, live_server):
    client.force_login(user)
    context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": live_server.url}])


@pytest.mark.parametrize("language", ["de", "ar"])
def test_the_decision_about_an_organisation_is_sound(live_server, context, page, client, cast, language):
    waiting = MSOFactory(agency=None, verified_at=None)
    sign_in(context, client, cast.administrator, live_server)
    for name, organisation in [("verify", waiting), ("withdraw", cast.mso)]:
        address = reverse(f"admin:organisations_organisation_{name}").replace("/de/", f"/{language}/", 1)
        check_page(page, f"{live_server.url}{address}?ids={organisation.pk}")


def test_a_mistake_is_read_out_and_everything_is_kept(live_server, context, page, client, cast, words):
    sign_in(context, client, cast.contact, live_server)
    page.goto(live_server.url + reverse("organisations:post_opportunity", args=[cast.mso.pk]))
    page.fill("[name=meeting_point]", "Am Brunnen")
    page.click("button[name=status][value=published]:not(.hide)")
    assert page.get_by_role("alert").is_visible()
    assert page.input_value("[name=meeting_point]") == "Am Brunnen"
    check_width(page)
    check_axe(page)


def test_an_organisation_registers_and_posts_without_javascript(live_server, new_context, client, cast, words):
    context = new_context(java_script_enabled=False)
    sign_in(context, client, cast.samira.user, live_server)
    page = context.new_page()
    page.goto(live_server.url + reverse("organisations:register_organisation"))
    page.fill("[name=name]", "Neue Brücke e. V.")
    page.fill("[name=town]", "Köln-Vingst")
    page.keyboard.press("Enter")
    page.click("summary:has-text('Köln')")
    page.check("[name=reached]")
    page.click("main button:not(.hide):not([name])")
    organisation = Organisation.objects.get(name="Neue Brücke e. V.")
    page.goto(live_server.url + reverse("organisations:post_opportunity", args=[organisation.pk]))
    page.select_option("[name=field]", index=1)
    page.fill("[name=title_de]", "Vorlesen")
    page.keyboard.press("Enter")
    page.wait_for_url("**" + reverse("organisations:my_organisation"))
    assert [opportunity.status for opportunity in Opportunity.objects.all()] == ["draft"]
