"""Our own table: what leaves the house comes back the same."""

import csv
import io
from datetime import date, time

import pytest
from django.conf import settings
from django.utils.translation import override
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from engagement.models import Field, Language, Neighbourhood, Proof, Skill
from engagement.sheets import lines
from organisations.exchange import columns, exporting, preparing, storing
from organisations.exchange.comparing import Preview
from organisations.exchange.storing import Choices
from organisations.models import Opportunity
from tests.factories import MSOFactory, OpportunityFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]


def exported() -> bytes:
    return "".join(lines(exporting.sheet_of(Opportunity.objects.order_by("pk")))).encode()


def edited(data: bytes, **cells) -> bytes:
    """The table with other cells in its first row; columns by our code, under which they are known as well."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    names = columns.column_names()
    for name, cell in cells.items():
        rows[1][[names[columns.fold(label)] for label in rows[0]].index(name)] = cell
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(rows)
    return text.getvalue().encode()


def preview(agency, data):
    return Preview(preparing.read(data, agency), agency)


def everything(cast):
    opportunity = OpportunityFactory(
        host=cast.mso,
        title="=Vorlesen; „für“ Kinder",
        field=Field.objects.get(code="SPORT"),
        city=Neighbourhood.objects.get(code="koeln-vingst").city,
        neighbourhoods=Neighbourhood.objects.filter(code__in=["koeln-vingst", "koeln-ostheim"]),
        meeting_point="+Kuthstraße 1",
        german_needed=0,
        min_age=16,
        only_for="women",
        only_for_reason="Ein geschützter Raum",
        times=[0, 13],
        frequency="once",
        hours_per_week=2,
        minimum_weeks=4,
        places=3,
        day=date(2027, 1, 5),
        begins_at=time(9, 5),
        ends_at=time(11, 0),
        valid_until=date(2027, 1, 5),
        has_trial_visit=True,
        is_in_team=False,
        reimbursement="expenses",
        insured_by="state",
        contact_name="Elif Yildiz",
        contact_phone="+49 221 4710000",
    )
    opportunity.skills_required.set(Skill.objects.all()[:2])
    opportunity.skills_wanted.set(Skill.objects.all()[2:4])
    opportunity.proofs.set(Proof.objects.all()[:2])
    opportunity.needed_languages.create(language=Language.objects.get(code="ar"), level=4, role="required")
    opportunity.needed_languages.create(language=Language.objects.get(code="tr"), role="wanted")
    opportunity.texts.create(language="ar", title="القراءة", body="سطر\n\nسطر", schedule="الإثنين")
    return opportunity


@pytest.mark.parametrize("language", settings.DESK_LANGUAGES)
def test_what_is_exported_in_any_language_is_unchanged_when_it_comes_back(cast, language):
    everything(cast)
    OpportunityFactory(host=cast.mso, status="draft")
    with override(language):
        data = exported()
    assert [(str(row.state), row.changes, row.faults) for row in preview(cast.agency, data).rows] == [
        ("unchanged", [], []),
        ("unchanged", [], []),
    ]


@pytest.mark.parametrize("language", settings.DESK_LANGUAGES)
def test_each_column_has_a_name_of_its_own(language):
    with override(language):
        labels = [columns.fold(columns.label_of(column)) for column in columns.every_column()]
    assert len(set(labels)) == len(labels)


def test_names_of_columns_mean_the_same_in_every_language():
    names = columns.column_names()
    for language in settings.DESK_LANGUAGES:
        with override(language):
            found = {column: names[columns.fold(columns.label_of(column))] for column in columns.every_column()}
        assert found == {column: column for column in found}


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(st.tuples(TEXTS.filter(str.strip), TEXTS, TEXTS), min_size=1, max_size=4))
def test_any_texts_come_back_unchanged(cast, texts):
    Opportunity.objects.all().delete()
    for title, body, name in texts:
        opportunity = OpportunityFactory(host=cast.mso, title=title, contact_name=name)
        opportunity.texts.update(body=body)
    found = preview(cast.agency, exported())
    titled = [row for row in found.rows if row.offer.title]
    assert {(str(row.state), *row.faults) for row in titled} <= {("unchanged",)}


def test_what_somebody_changed_in_the_spreadsheet_changes_here(cast):
    opportunity = everything(cast)
    data = edited(exported(), places="7", frequency="", skills_wanted="", title_de="Neuer Titel", is_in_team="ja")
    found = preview(cast.agency, data)
    # What happens on one day happens once.
    names = {"places", "frequency", "skills_wanted", "title_de", "is_in_team"}
    assert (found.rows[0].faults, {change.column for change in found.rows[0].changes}) == ([], names)
    assert found.conflicts == []
    storing.take_over(found, Choices(), by=cast.staff)
    opportunity.refresh_from_db()
    assert (opportunity.places, opportunity.title, opportunity.is_in_team) == (7, "Neuer Titel", True)
    relations = (opportunity.skills_wanted, opportunity.skills_required, opportunity.texts)
    assert [relation.count() for relation in relations] == [0, 2, 2]


def test_what_was_changed_here_since_the_export_is_a_conflict(cast):
    opportunity = everything(cast)
    data = edited(exported(), places="7")
    opportunity.places = 5
    opportunity.save()
    found = preview(cast.agency, data)
    assert [(change.column, change.old, change.new) for change in found.rows[0].conflicts] == [("places", 5, 7)]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"number": "999999"}, "999999"),
        ({"number": "eins"}, "eins"),
        ({"skills_wanted": "Jonglieren"}, "Jonglieren"),
        ({"field": "Zirkus"}, "Zirkus"),
        ({"city": "Atlantis"}, "Atlantis"),
        ({"neighbourhoods": "Hintertupfing"}, "Hintertupfing"),
        ({"places": "viele"}, "viele"),
        ({"places": "0"}, "1"),
        ({"min_age": "200"}, "99"),
        ({"day": "31.2.2027"}, "31.2.2027"),
        ({"begins_at": "25:00"}, "25:00"),
        ({"ends_at": "08:00"}, ""),
        ({"frequency": "weekly"}, ""),
        ({"only_for_reason": ""}, ""),
        ({"title_ar": ""}, "Titel"),
        ({"title_de": "x" * 121}, "120"),
        ({"body_de": "x" * 4001}, "4000"),
        ({"languages": "xx B1"}, "xx B1"),
        ({"times": "Montag, Mitternacht"}, "Mitternacht"),
        ({"is_in_team": "vielleicht"}, "vielleicht"),
        ({"place": "remote"}, ""),
        ({"hours_per_week": "99999"}, "99999"),
    ],
)
def test_a_wrong_cell_makes_its_row_wrong_and_says_why(cast, cells, reason):
    everything(cast)
    row = preview(cast.agency, edited(exported(), **cells)).rows[0]
    assert str(row.state) == "wrong"
    assert reason in " ".join(row.faults)


def test_nobody_reaches_the_opportunities_of_another_agency_by_number(cast):
    OpportunityFactory(host=MSOFactory(agency=cast.other_agency))
    rows = preview(cast.agency, exported()).rows
    assert [str(row.state) for row in rows] == ["wrong"]


@pytest.mark.parametrize("header", ["title_de;field;neighbourhoods;city", "Titel (Deutsch);field;neighbourhoods;city"])
def test_a_row_without_a_number_is_new_and_known_again(cast, header):
    data = f"{header}\nVorlesen;Sport und Bewegung;Vingst;köln\n".encode()
    storing.take_over(preview(cast.agency, data), Choices(), by=cast.staff)
    opportunity = Opportunity.objects.get()
    assert (opportunity.host, opportunity.field.code, opportunity.city.name) == (cast.agency, "SPORT", "Köln")
    assert [str(row.state) for row in preview(cast.agency, data).rows] == ["unchanged"]
