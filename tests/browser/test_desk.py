"""The desk, seen by a real browser: every page of every registered row."""

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import translation

from engagement.models import User
from matching.models import Match
from tests.browser.pages import check_page
from tests.factories import (
    FieldFactory,
    LanguageFactory,
    MatchFactory,
    NeighbourhoodFactory,
    NightlyFiguresFactory,
    OpportunityFactory,
    PostcodeFactory,
    ProofFactory,
    SkillFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def rows(cast):
    """At least one row of everything."""
    for factory in (LanguageFactory, SkillFactory, FieldFactory, ProofFactory, NeighbourhoodFactory, PostcodeFactory):
        factory()
    MatchFactory(opportunity=OpportunityFactory(host=cast.mso, agency=cast.agency), volunteer=cast.samira)
    NightlyFiguresFactory()


@pytest.fixture
def log_in(page, client, live_server, settings):
    """Open the browser's session for an account, past the log-in that has tests of its own."""

    def log_in(user):
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}
        page.context.add_cookies([cookie])

    return log_in


def desk_pages(user):
    """The address of each page of the desk, with the first row of each kind."""
    yield "index", reverse("admin:index")
    yield "import of opportunities", reverse("admin:organisations_opportunity_import")
    yield "import of neighbourhoods", reverse("admin:engagement_neighbourhood_import")
    match = Match.objects.get()
    pair = f"?opportunity={match.opportunity_id}&volunteer={match.volunteer_id}"
    for query in ("", pair, "?opportunity=&volunteer="):
        yield f"why {query}", reverse("admin:matching_suggestion_why") + query
    for model in admin.site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        yield f"{name} list", reverse(f"admin:{name}_changelist")
        if admin.site.get_model_admin(model).administrators_may >= {"add"}:
            yield f"{name} add", reverse(f"admin:{name}_add")
        row = model._default_manager.exclude(pk=user.pk if model is User else None).first()
        for page in ("change", "history", "delete") if row else ():
            if page != "delete" or "delete" in admin.site.get_model_admin(model).administrators_may:
                yield f"{name} {page}", reverse(f"admin:{name}_{page}", args=[row.pk])


@pytest.mark.parametrize("language", ["de", "ar"])
def test_every_page_of_the_desk_is_sound(live_server, page, log_in, cast, rows, language):
    log_in(cast.administrator)
    faults = {}
    with translation.override(language):
        addresses = list(desk_pages(cast.administrator))
    for name, address in addresses:
        try:
            check_page(page, live_server.url + address)
        except AssertionError as fault:
            faults[name] = str(fault)
    assert faults == {}
