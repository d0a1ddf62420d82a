"""An admin page that forgets the rules is refused before the server starts."""

import pytest
from django.contrib import admin

from engagement.admin import HouseAdmin, HouseStackedInline
from engagement.checks import check_admin, check_site
from matching.models import MatchEvent
from organisations.models import MemberLanguage, Organisation


def faults(model, page, **attributes):
    site = admin.AdminSite()
    site.register(model, page, **attributes)
    return {error.id for error in check_site(site)}


class PlainInline(admin.TabularInline):
    model = MemberLanguage


class LanguageInline(HouseStackedInline):
    model = MemberLanguage


def test_the_desk_of_the_house_is_in_order():
    assert check_admin() == []


@pytest.mark.parametrize(
    ("model", "page", "attributes", "fault"),
    [
        (Organisation, admin.ModelAdmin, {}, "house.E001"),
        (Organisation, HouseAdmin, {"inlines": [PlainInline]}, "house.E001"),
        (MatchEvent, HouseAdmin, {}, "house.E002"),
        (Organisation, HouseAdmin, {}, "house.E003"),
        (Organisation, HouseAdmin, {"inlines": [LanguageInline]}, "house.E003"),
        (Organisation, HouseAdmin, {"list_display": ["id", "name"], "list_editable": ["name"]}, "house.E004"),
        (Organisation, HouseAdmin, {"list_filter": ["agency__name"]}, "house.E005"),
    ],
    ids=["stock page", "stock rows", "no visible_to", "relation", "relation of rows", "editable", "leaking filter"],
)
def test_a_page_that_forgets_the_rules_is_refused(model, page, attributes, fault):
    assert fault in faults(model, page, **attributes)
