"""Each agency its own house: no form offers a stranger's row, no filter asks about one, no fault stays unseen."""

from itertools import chain

import pytest
from django.contrib import admin
from django.db import models
from django.forms import ModelChoiceField
from django.urls import reverse

from engagement.admin import EVERYDAY, EVERYTHING
from engagement.scope import belongs_to_agencies
from matching.models import Accompaniment
from organisations.models import Membership, Need, Opportunity, Organisation
from tests.factories import (
    FieldFactory,
    MatchFactory,
    MembershipFactory,
    MSOFactory,
    NeighbourhoodFactory,
    OpportunityFactory,
    SuggestionFactory,
    UserFactory,
    VolunteerFactory,
)
from tests.test_urls import CANARY, Rows, everything, leaks, reader, text_of
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db
STAFF_PAGES = {model: page for model, page in admin.site._registry.items() if page.staff_may & EVERYTHING}


class Own:
    """What the other agency has: one row for each list that its staff may open."""

    def __init__(self, cast):
        agency = cast.other_agency
        self.volunteer = VolunteerFactory(first_name="Own")
        Accompaniment.objects.create(volunteer=self.volunteer, agency=agency)
        self.mso = MSOFactory(name="Own", agency=agency)
        MembershipFactory(user=UserFactory(), organisation=self.mso, role="contact")
        self.opportunity = OpportunityFactory(host=self.mso, agency=agency, title="Own")
        self.match = MatchFactory(opportunity=self.opportunity, volunteer=self.volunteer)
        self.suggestion = SuggestionFactory(opportunity=self.opportunity, volunteer=VolunteerFactory())
        place = NeighbourhoodFactory()
        self.need = Need.objects.create(organisation=self.mso, neighbourhood=place, field=FieldFactory(), text="Own")

    def __iter__(self):
        yield from [self.volunteer, self.mso, self.opportunity, self.match, self.suggestion, self.need]


@pytest.fixture
def rows(cast):
    return Rows(cast)


@pytest.fixture
def own(cast):
    return Own(cast)


@pytest.fixture
def stranger(cast):
    return reader("stranger", cast)


def address(row, page="change"):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])


def list_of(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def forms(response):
    """Every form of an admin page: its own, and those of the rows within it, the empty one included."""
    context = response.context_data or {}
    if "adminform" in context:
        yield context["adminform"].form
    for inline in context.get("inline_admin_formsets", []):
        yield from [*inline.formset.forms, inline.formset.empty_form]


def foreign(rows, model):
    """The keys of the other agency's rows, where they are no row of everybody's."""
    secrets = [row.pk for row in rows.secrets() if isinstance(row, model)]
    return [key for key in secrets if not is_shared(model, key)]


def is_shared(model, key):
    return model is Organisation and Organisation.objects.filter(pk=key, verified_at__isnull=False).exists()


def test_no_form_accepts_a_strangers_row(rows, own, stranger):
    looked = set()
    for row in own:
        for name in ("change", "add"):
            url = address(row) if name == "change" else list_of(type(row)) + "add/"
            for form in forms(stranger.get(url)) if stranger.get(url).status_code == 200 else []:
                for field in form.fields.values():
                    if isinstance(field, ModelChoiceField):
                        looked.add(field.queryset.model)
                        keys = foreign(rows, field.queryset.model)
                        assert not field.queryset.filter(pk__in=keys).exists(), (url, field.label)
    assert {Organisation, type(rows.colleague)} <= looked


def test_no_row_within_a_page_is_exchanged_for_a_strangers(rows, own, stranger):
    """A forged form names the number of somebody else's row, to change it, to move it or to delete it."""
    before = rows.state() + state_of_children(rows)
    for row, theirs in [(own.volunteer, rows.volunteer), (own.mso, rows.mso), (own.opportunity, rows.draft)]:
        page = stranger.get(address(row))
        data = {name: value for form in forms(page) for name, value in form.initial.items() if value is not None}
        for inline in page.context_data["inline_admin_formsets"]:
            prefix = inline.formset.prefix
            for child in inline.formset.model._base_manager.filter(**{inline.formset.fk.name: theirs}):
                forged = {f"{prefix}-TOTAL_FORMS": 1, f"{prefix}-INITIAL_FORMS": 1, f"{prefix}-0-id": child.pk}
                for deed in ({f"{prefix}-0-DELETE": "on"}, {f"{prefix}-0-{inline.formset.fk.name}": row.pk}):
                    response = stranger.post(address(row), {**data, **forged, **deed})
                    assert response.status_code < 500
                    assert CANARY not in text_of(response)
    assert rows.state() + state_of_children(rows) == before


def state_of_children(rows):
    parents = [rows.volunteer, rows.mso, rows.draft]
    links = [(parent, link) for parent in parents for link in parent._meta.related_objects if link.one_to_many]
    return [list(link.related_model._base_manager.filter(**{link.field.name: row}).values()) for row, link in links]


@pytest.mark.parametrize("model", STAFF_PAGES, ids=lambda model: model.__name__)
def test_a_filter_asks_nothing_about_the_rows_behind_a_link(rows, own, stranger, model):
    """With ``?memberships__user__email__startswith=a`` somebody could spell out what they must not see."""
    page = STAFF_PAGES[model]
    for link in model._meta.get_fields(include_hidden=False):
        if link.is_relation and link.related_model and not link.name.endswith("+"):
            for field in link.related_model._meta.concrete_fields:
                path = f"{link.name}__{field.name}"
                if isinstance(field, (models.CharField, models.TextField)) and path not in page.list_filter:
                    response = stranger.get(list_of(model), {f"{path}__startswith": "can"})
                    assert response.status_code in {302, 400}, path


@pytest.mark.parametrize(
    "forged",
    [
        {"app_label": "volunteers", "model_name": "volunteer", "field_name": "first_name"},
        {"app_label": "volunteers", "model_name": "volunteer", "field_name": "matches"},
        {"app_label": "volunteers", "model_name": "volunteer", "field_name": "nothing"},
        {"app_label": "auth", "model_name": "group", "field_name": "permissions"},
        {"app_label": "sessions", "model_name": "session", "field_name": "session_key"},
        {"app_label": "nothing", "model_name": "nothing", "field_name": "nothing"},
        {"app_label": "engagement", "model_name": "user", "field_name": "groups"},
        {},
    ],
    ids=str,
)
def test_a_forged_choice_is_refused(stranger, rows, forged):
    assert stranger.get(reverse("admin:autocomplete"), {**forged, "term": ""}).status_code == 403


# A person whom both agencies accompany.


@pytest.fixture
def shared(rows, cast):
    """What is the person's own is known to both. The word stays in what the first agency wrote about them."""
    Accompaniment.objects.create(volunteer=rows.volunteer, agency=cast.other_agency)
    MatchFactory(opportunity=OpportunityFactory(host=cast.other_agency), volunteer=rows.volunteer)
    for row in (rows.volunteer, rows.volunteer.user):
        type(row).objects.filter(pk=row.pk).update(**dict.fromkeys(texts_of(row), f"plain{row.pk}"))
    rows.volunteer.refresh_from_db()
    return rows


def texts_of(row):
    return [
        field.name
        for field in row._meta.concrete_fields
        if isinstance(field, (models.CharField, models.TextField)) and CANARY in str(getattr(row, field.name)).lower()
    ]


def test_both_agencies_open_the_profile(shared, cast):
    for name in ("staff", "stranger"):
        assert reader(name, cast).get(address(shared.volunteer)).status_code == 200


def test_what_one_agency_wrote_about_a_person_is_not_the_others(shared, cast):
    client = reader("stranger", cast)
    assert [where for where in leaks(client, shared) if not is_about_inspections(where, shared)] == []


def is_about_inspections(where, rows):
    """Who saw a proof is known to whoever may rely on it."""
    return where.startswith(address(rows.volunteer))


def test_neither_agency_deletes_a_person_for_the_other(shared, cast):
    for name in ("staff", "stranger"):
        client = reader(name, cast)
        assert client.post(address(shared.volunteer, "delete"), {"post": "yes"}).status_code == 403
        chosen = {"action": "delete_selected", "_selected_action": [shared.volunteer.pk], "post": "yes"}
        client.post(list_of(Volunteer), chosen)
    assert Volunteer.objects.filter(pk=shared.volunteer.pk).exists()


# What is shared is read, and only read.


def test_what_is_shared_is_read_and_not_changed(rows, cast, stranger):
    before = rows.opportunity.changed_at, cast.mso.changed_at
    words = [model.objects.first() for model, page in STAFF_PAGES.items() if page.staff_may == {"view"}]
    shared = [row for row in words if row and not belongs_to_agencies(type(row))]
    assert len(shared) == 8
    for row in [*shared, cast.mso, cast.agency]:
        page = stranger.get(address(row))
        assert page.status_code == 200
        assert CANARY not in text_of(page)
        assert stranger.post(address(row), {"name": "Taken over", "code": "taken"}).status_code == 403
    for row in (rows.opportunity, cast.mso):
        row.refresh_from_db()
    assert (rows.opportunity.changed_at, cast.mso.changed_at) == before


# The faults on purpose: each filter, when it is missing, is missed.

SCOPED = [*(model for model in STAFF_PAGES if belongs_to_agencies(model)), Membership]


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__name__)
def test_a_missing_filter_is_found(rows, own, cast, stranger, monkeypatch, model):
    """Were one scope forgotten, the stranger would read canaries."""
    monkeypatch.setattr(type(model._default_manager.all()), "visible_to", lambda self, _user: self)
    shared = [("shared", stranger.get(address(row))) for row in (cast.agency, cast.mso)]
    assert any(CANARY in text_of(response) for _where, response in chain(shared, everything(stranger, rows)))


@pytest.mark.parametrize("model", [Organisation, Volunteer, Opportunity], ids=lambda model: model.__name__)
def test_a_missing_right_to_change_is_found(rows, own, stranger, monkeypatch, model):
    assert STAFF_PAGES[model].staff_may >= EVERYDAY
    scope = type(model._default_manager.all())
    for name in {"visible_to", "changeable_by"} & {*dir(scope)}:
        monkeypatch.setattr(scope, name, lambda self, _user: self)
    row = next(row for row in rows.secrets() if type(row) is model)
    assert forms(stranger.get(address(row)))
    assert stranger.post(address(row), {"name": "Taken over"}).status_code == 200
