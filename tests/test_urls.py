"""Every URL for every reader: declared in ``urls_table.py``, and no word of an agency's rows for anybody else."""

import re

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.test import Client
from django.urls import get_resolver, path
from django.utils import timezone

from engagement.models import Look, Mail, User
from matching.models import Accompaniment, HandOver, Match, MatchEvent
from organisations.models import Membership, Need, Opportunity, Organisation
from tests.factories import (
    CourseFactory,
    FieldFactory,
    LanguageFactory,
    MatchFactory,
    MembershipFactory,
    MSOFactory,
    NeighbourhoodFactory,
    NightlyFiguresFactory,
    OpportunityFactory,
    OrganisationFactory,
    PostcodeFactory,
    ProofFactory,
    SkillFactory,
    SuggestionFactory,
    UserFactory,
    VolunteerFactory,
)
from tests.urls_table import DESK, DESK_PAGES, READERS, ROWS, URLS
from volunteers.models import Consent, ProofInspection, Volunteer

pytestmark = pytest.mark.django_db
CANARY = "canary"


class Rows:
    """What the agency has, a canary in every text of it; the vocabulary beside it belongs to everybody."""

    def __init__(self, cast):
        for factory in (LanguageFactory, SkillFactory, FieldFactory, ProofFactory, NeighbourhoodFactory):
            factory()
        PostcodeFactory()
        NightlyFiguresFactory()
        self.cast = cast
        self.third = OrganisationFactory()
        self.colleague = MembershipFactory(organisation=cast.agency).user
        self.mso = MSOFactory(agency=cast.agency, verified_at=None)
        MembershipFactory(user=cast.contact, organisation=self.mso, role=Membership.Role.CONTACT)
        self.draft = OpportunityFactory(host=self.mso, agency=cast.agency, status=Opportunity.Status.DRAFT)
        today = timezone.localdate()
        self.opportunity = OpportunityFactory(host=cast.mso, agency=cast.agency, day=today, valid_until=today)
        self.volunteer = VolunteerFactory(user=UserFactory())
        Accompaniment.objects.create(volunteer=self.volunteer, agency=cast.agency)
        Consent.objects.create(volunteer=self.volunteer, purpose="profile", text_version="1", given_how="paper")
        ProofInspection.objects.create(volunteer=self.volunteer, proof=ProofFactory(), seen_by=self.colleague)
        self.match = MatchFactory(opportunity=self.draft, volunteer=self.volunteer)
        MatchEvent.objects.create(match=self.match, side="staff", to_state="proposed", note="-", by=self.colleague)
        consent = self.volunteer.consents.create(purpose="hand_over", text_version="1", given_how="paper")
        self.hand_over = HandOver.objects.create(
            volunteer=self.volunteer, from_agency=cast.agency, to_agency=self.third, consent=consent
        )
        self.need = Need.objects.create(
            organisation=self.mso, neighbourhood=NeighbourhoodFactory(), field=FieldFactory(), text="-"
        )
        self.course = CourseFactory(agency=cast.agency, proof=ProofFactory())
        self.suggestion = SuggestionFactory(opportunity=self.draft, volunteer=VolunteerFactory())
        Look.objects.create(by=cast.administrator, content_type_id=1, page="change", row=self.volunteer.pk)
        self.mail = Mail.objects.create(key="-", to="-", language="de", subject="-", text="-", html="-", message_id="-")
        for row in self.secrets():
            plant(row)
            LogEntry.objects.create(
                user=self.colleague,
                content_type=ContentType.objects.get_for_model(row),
                object_id=row.pk,
                object_repr=CANARY,
                action_flag=CHANGE,
                change_message=CANARY,
            )

    def secrets(self):
        yield from [self.colleague, self.mso, self.draft, self.volunteer, self.volunteer.user, self.match]
        yield from [
            self.suggestion,
            self.suggestion.volunteer,
            self.mail,
            self.need,
            self.course,
            self.hand_over,
            *self.draft.texts.all(),
            *self.match.events.all(),
        ]

    def state(self):
        """Everything the secrets hold, to see whether somebody changed it."""
        return [type(row).objects.filter(pk=row.pk).values().first() for row in self.secrets()]


def plant(row):
    """A canary in every text field that takes any text."""
    for field in row._meta.fields:
        free = isinstance(field, (models.CharField, models.TextField)) and not field.choices
        if free and field.name not in {"password", "website"}:
            text = f"{CANARY}{row.pk}@example.org" if isinstance(field, models.EmailField) else f"{CANARY} {field.name}"
            setattr(row, field.name, text[: field.max_length])
    row.save()


@pytest.fixture
def rows(cast):
    return Rows(cast)


def entries(resolver=None, route="", namespace=""):
    """(name, route) of every URL; the names of the desk's own pages carry their model."""
    for pattern in (resolver or get_resolver()).url_patterns:
        here = route + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from entries(pattern, here, namespace + (f"{pattern.namespace}:" if pattern.namespace else ""))
        else:
            yield namespace + (pattern.name or getattr(pattern.callback, "__name__", "view")), here


def declared():
    desk = {f"admin:{model}_{page}": line for model, lines in DESK.items() for page, line in zip_pages(lines)}
    return {**URLS, **desk}


def zip_pages(lines):
    return zip(DESK_PAGES, lines.split(), strict=True)


def undeclared():
    return sorted({name for name, _route in entries()} - set(declared()))


def address(name, route, rows):
    """The route with the number of a row of the agency in it, or of the vocabulary."""
    row = getattr(rows, ROWS.get(name, ""), None) or desk_row(route, rows)
    route = route.replace("^(?P<app_label>", "(?P<app_label>").replace("(?P<url>.*)$", "nothing-here")
    route = re.sub(r"\(\?P<app_label>(\w+)[^)]*\)/\$", r"\1/", route)
    route = route.replace("<path:content_type_id>", str(ContentType.objects.get_for_model(Volunteer).pk))
    return "/" + re.sub(r"<(int:pk|path:object_id)>", str(row.pk if row else 1), route)


def desk_row(route, rows):
    found = re.search(r"admin/(\w+)/(\w+)/<path", route)
    if not found:
        return None
    secret = {f"{row._meta.app_label}/{row._meta.model_name}": row for row in reversed(list(rows.secrets()))}
    model = next(model for model in admin.site._registry if model._meta.model_name == found[2])
    return secret.get(f"{found[1]}/{found[2]}") or model._default_manager.first()


def reader(name, cast):
    client = Client(raise_request_exception=False)
    if name != "anonymous":
        client.force_login(cast.samira.user if name == "volunteer" else getattr(cast, name))
    return client


def letter(response):
    if response.status_code == 302:
        return "L" if "/login/" in response.url else "R"
    return {200: "P", 301: "R", 403: "F", 404: "N", 405: "M"}.get(response.status_code, str(response.status_code))


def test_every_url_is_declared():
    assert undeclared() == []


def test_nothing_is_declared_that_does_not_exist():
    assert sorted(set(declared()) - {name for name, _route in entries()}) == []


def some_page(request):
    """Nobody opens it."""


urlpatterns = [path("forgotten/", some_page, name="forgotten_page")]


@pytest.mark.urls("tests.test_urls")
def test_an_undeclared_url_is_found():
    assert undeclared() == ["forgotten_page"]


@pytest.mark.parametrize("name", READERS)
def test_every_url_answers_this_reader_as_declared(rows, name):
    expected, seen = declared(), {}
    for url, route in entries():
        # One session a page: logging out is a page as well.
        seen[url] = letter(reader(name, rows.cast).get(address(url, route, rows)))
    column = READERS.index(name)
    assert {url: (got, expected[url][column]) for url, got in seen.items() if got != expected[url][column]} == {}


def leaks(client, rows):
    """The addresses at which ``client`` reads a canary."""
    return sorted({where for where, response in everything(client, rows) if CANARY in text_of(response)})


def text_of(response):
    return (response.content.decode(errors="replace") + response.get("Location", "")).lower()


def everything(client, rows):
    for url, route in entries():
        if "logout" not in url:
            where = address(url, route, rows)
            yield where, client.get(where)
            yield f"{where} popup", client.get(where, {"_popup": 1, "_to_field": "id"})
    for model, page in admin.site._registry.items():
        where = f"/de/admin/{model._meta.app_label}/{model._meta.model_name}/"
        yield from searches(client, where, page)
        yield from actions(client, where, page, rows)
        yield from autocompletes(client, model)


def searches(client, where, page):
    # Half the word: the page repeats what was asked for.
    yield f"{where}?q", client.get(where, {"q": "anar"})
    for field in page.model._meta.fields:
        if isinstance(field, (models.CharField, models.TextField)):
            yield f"{where}?{field.name}", client.get(where, {f"{field.name}__startswith": "can"})


def actions(client, where, page, rows):
    chosen = [row.pk for row in rows.secrets() if type(row) is page.model]
    for action in ("delete_selected", *page.actions):
        name = action if isinstance(action, str) else action.__name__
        yield f"{where} {name}", client.post(where, {"action": name, "_selected_action": chosen})
        yield f"{where} {name}!", client.post(where, {"action": name, "_selected_action": chosen, "post": "yes"})


def autocompletes(client, model):
    for field in [*model._meta.get_fields(), *(f for child in model._meta.related_objects for f in related(child))]:
        if field.is_relation and field.concrete:
            names = {"app_label": field.model._meta.app_label, "model_name": field.model._meta.model_name}
            query = {**names, "field_name": field.name}
            for term in ("", "anar"):
                where = f"autocomplete {field} {term}"
                yield where, client.get("/de/admin/autocomplete/", {**query, "term": term})


def related(child):
    return child.related_model._meta.fields


@pytest.mark.parametrize("name", ["anonymous", "volunteer", "stranger"])
def test_nobody_else_reads_a_word_of_an_agencys_rows(rows, name):
    before = rows.state()
    assert leaks(reader(name, rows.cast), rows) == []
    assert rows.state() == before


@pytest.mark.parametrize("name", ["anonymous", "volunteer", "stranger"])
def test_nobody_else_changes_an_agencys_rows(rows, name):
    before, client = rows.state(), reader(name, rows.cast)
    for url, route in entries():
        # Whoever left would try the rest as nobody.
        if not url.endswith(("logout", "erase_my_data")):
            response = client.post(address(url, route, rows), {"post": "yes", "name": "Taken over"})
            assert response.status_code < 500, url
            assert CANARY not in text_of(response), url
    assert rows.state() == before


@pytest.mark.parametrize("model", [Volunteer, Organisation, Opportunity, Match, User])
def test_a_missing_filter_is_found(rows, monkeypatch, model):
    """The fault on purpose: were one scope forgotten, the stranger would read canaries."""
    scope = type(model._default_manager.all())
    monkeypatch.setattr(scope, "visible_to", lambda self, _user: self)
    client = reader("stranger", rows.cast)
    assert any(CANARY in text_of(response) for _where, response in everything(client, rows))
