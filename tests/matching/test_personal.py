"""What the house keeps about a person: every field is declared, all of it is handed out, and nothing survives."""

import json

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.urls import reverse
from django.utils import timezone

from engagement import uploads
from engagement.models import Mail, User
from matching import emails, tickets
from matching.models import Intermediary, Match, PendingRescoring, Postponement
from matching.personal.tables import TABLES
from organisations.models import Opportunity, Organisation
from tests.factories import (
    FieldFactory,
    LanguageFactory,
    MailFactory,
    MatchFactory,
    MembershipFactory,
    MSOFactory,
    OpportunityFactory,
    ProofFactory,
    SavedSearchFactory,
    SkillFactory,
    SuggestionFactory,
    UserFactory,
    VolunteerFactory,
)
from volunteers.models import Volunteer

CANARY = "canary"
EVENT = {"side": "candidate", "to_state": Match.State.INTERESTED}


def own_models():
    return [model for model in apps.get_models() if not model._meta.proxy]


def fields_of(model):
    return [*model._meta.concrete_fields, *model._meta.many_to_many]


def test_every_field_of_every_table_is_declared_once():
    declared = {label: sorted(table.fields) for label, table in TABLES.items()}
    assert {model._meta.label: sorted(field.name for field in fields_of(model)) for model in own_models()} == declared


def test_every_link_to_a_person_is_followed_or_cut():
    loose = []
    for model in own_models():
        table = TABLES[model._meta.label]
        followed = {table.user.split("__")[0], table.volunteer.split("__")[0]}
        links = [field for field in model._meta.concrete_fields if field.related_model in (User, Volunteer)]
        for field in links:
            is_cut = field.remote_field.on_delete is models.SET_NULL
            if field.name not in (table.cut.split() if is_cut else followed):
                loose.append(f"{model._meta.label}.{field.name}")
    assert loose == ["volunteers.Volunteer.user"]  # Profiles are found by ``Person.of``.


def test_whatever_is_personal_says_why_and_how_long():
    assert [label for label, table in TABLES.items() if table.is_personal and not table.purpose] == []


def takes_any_text(field):
    return isinstance(field, (models.CharField, models.TextField)) and not (field.choices or field.unique)


def plant(row):
    """A canary in every text of a row that takes any text, and in every e-mail address."""
    for field in row._meta.concrete_fields:
        if isinstance(field, models.EmailField):
            setattr(row, field.name, f"{CANARY}@example.org")
        elif takes_any_text(field):
            setattr(row, field.name, f"{CANARY} {field.name}"[: field.max_length])
    row.save()
    return row


@pytest.fixture
def person(cast):
    """Somebody with a row in every personal table, a canary in every text of theirs."""
    user = UserFactory(name=f"{CANARY} Name", email=f"{CANARY}@example.org")
    volunteer = plant(VolunteerFactory(user=user, email=user.email))
    plant(volunteer.consents.get())
    volunteer.fields.add(FieldFactory())
    volunteer.refused_fields.add(FieldFactory(code="SPORT"))
    volunteer.spoken_languages.create(language=LanguageFactory(), level=3)
    plant(volunteer.competences.create(skill=SkillFactory()))
    volunteer.inspections.create(proof=ProofFactory(), seen_by=cast.staff)
    volunteer.accompaniments.create(agency=cast.agency)
    Intermediary.objects.create(volunteer=volunteer, organisation=MSOFactory(agency=cast.agency))
    consent = volunteer.consents.create(purpose="hand_over", text_version=CANARY, given_how="paper")
    agencies = {"from_agency": cast.agency, "to_agency": cast.other_agency}
    volunteer.hand_overs.create(consent=consent, by=cast.staff, **agencies)
    opportunity = OpportunityFactory(host=cast.agency)
    match = plant(MatchFactory(volunteer=volunteer, opportunity=opportunity, state=Match.State.INTERESTED))
    plant(match.events.create(**EVENT))
    emails.tell_coordinator_of_interest(match, user)
    SuggestionFactory(volunteer=volunteer)
    Postponement.objects.create(volunteer=volunteer, opportunity=OpportunityFactory(), until=timezone.localdate())
    PendingRescoring.objects.get_or_create(volunteer=volunteer)
    mso = MSOFactory(agency=cast.agency, contact_name=user.name, email=user.email, phone="0221 4710017")
    MembershipFactory(user=user, organisation=mso, role="contact")
    OpportunityFactory(host=mso, agency=cast.agency, contact_name=user.name, contact_phone="0221 4710017")
    uploads.keep(user, CANARY, f"{CANARY}.xml", {"offers": [CANARY]})
    SavedSearchFactory(user=user, email="", query=CANARY, text_version=CANARY)
    SavedSearchFactory(user=None, email=user.email.upper(), query=CANARY)
    plant(MailFactory(to=user.email.title()))
    desk = ContentType.objects.get_for_model(Volunteer)
    LogEntry.objects.create(
        user=user, content_type=desk, object_id="1", object_repr=CANARY, action_flag=CHANGE, change_message=CANARY
    )
    visitor = VolunteerFactory(email=user.email.upper(), first_name=f"{CANARY} visitor", agreed_to="contact")
    plant(MatchFactory(volunteer=visitor, opportunity=opportunity)).events.create(**EVENT, note=CANARY)
    # Somebody else's engagement, whose contact at the association they are.
    MatchFactory(opportunity=OpportunityFactory(host=mso, agency=cast.agency), contact_name=user.name.upper())
    return user


def survivors():
    """The tables of the whole database in which the word is still found."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = []
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}" AS row WHERE row::text ILIKE %s', [f"%{CANARY}%"])
            found += [table] if cursor.fetchone()[0] else []
    return found


def press(client, user):
    client.force_login(user)
    return client.post(reverse("matching:erase_my_data"))


def test_nothing_survives_anywhere(client, person):
    assert len(survivors()) == 13
    press(client, person)
    assert survivors() == []


def test_it_takes_three_presses_at_most(client, person):
    client.force_login(person)
    assert reverse("matching:my_data") in client.get(reverse("matching:my_page")).content.decode()
    assert reverse("matching:erase_my_data") in client.get(reverse("matching:my_data")).content.decode()
    assert client.post(reverse("matching:erase_my_data")).url == reverse("organisations:browse_opportunities")
    assert client.get(reverse("matching:my_page")).status_code == 302


def test_what_an_administrator_deletes_leaves_nothing_either(cast, person):
    person.volunteer.delete()
    Volunteer.objects.get(first_name__startswith=CANARY).delete()
    person.delete()
    assert survivors() == []


def test_others_stay(client, cast, person):
    mail = MailFactory(to=cast.samira.user.email)
    before = [Volunteer.objects.count(), User.objects.count(), Organisation.objects.count()]
    press(client, person)
    assert [Volunteer.objects.count(), User.objects.count(), Organisation.objects.count()] == [
        before[0] - 2,
        before[1] - 1,
        before[2],
    ]
    assert Mail.objects.filter(pk=mail.pk).exists()


def test_a_relative_with_the_same_address_keeps_a_profile_of_their_own(client, cast, person):
    relative = VolunteerFactory(email=person.email)
    press(client, person)
    assert Volunteer.objects.filter(pk=relative.pk).exists()


def test_the_place_of_somebody_who_goes_is_free_again(client, cast):
    opportunity = OpportunityFactory(host=cast.agency, places=1, status=Opportunity.Status.FILLED)
    MatchFactory(volunteer=cast.samira, opportunity=opportunity, state=Match.State.PLACED)
    press(client, cast.samira.user)
    opportunity.refresh_from_db()
    assert opportunity.status == Opportunity.Status.PUBLISHED


def test_staff_ask_an_administrator(client, cast):
    assert press(client, cast.staff).url == reverse("matching:my_data")
    assert User.objects.filter(pk=cast.staff.pk).exists()


def test_a_visitor_deletes_everything_with_the_ticket_alone(client, cast):
    visitor = VolunteerFactory(first_name=CANARY, email=f"{CANARY}@example.org", agreed_to="contact")
    match = MatchFactory(
        volunteer=visitor, opportunity=OpportunityFactory(host=cast.agency), state="interested", ticket="0" * 32
    )
    match.events.create(**EVENT)
    emails.tell_coordinator_of_interest(match, None)
    address = reverse("matching:follow_interest", args=[tickets.issue(match)])
    client.post(address, {"erase": "yes"})
    assert survivors() == []
    assert client.post(address, {"erase": "yes"}).status_code == 404


def exported(client, user):
    client.force_login(user)
    response = client.get(reverse("matching:export_my_data"))
    assert response["Content-Disposition"] == 'attachment; filename="engagement.json"'
    assert "no-store" in response["Cache-Control"]
    return json.loads(response.content)["tables"]


def test_the_export_has_every_field_that_is_told(client, person):
    tables = exported(client, person)
    personal = {label: table for label, table in TABLES.items() if table.is_personal}
    assert list(tables) == list(personal)
    assert {label for label, part in tables.items() if not part["rows"]} == {"mfa.Authenticator", *NOT_HERE}
    for label, part in tables.items():
        assert all(list(row) == personal[label].told.split() for row in part["rows"])


# Codes that are under way for a minute, and a record that the worker makes.
NOT_HERE = {"account.EmailConfirmation", "matching.CandidateRecord"}


def test_the_export_carries_the_very_words(client, person):
    words = {
        (label, name): text for label, part in exported(client, person).items() for name, text in texts(label, part)
    }
    assert len(words) > 15
    assert [where for where, text in words.items() if CANARY not in text] == []


def texts(label, part):
    """The fields of a table that take any text, with all that stands in them."""
    for field in apps.get_model(label)._meta.concrete_fields:
        if part["rows"] and field.name in part["rows"][0] and takes_any_text(field):
            yield field.name, " ".join(row[field.name] for row in part["rows"]).lower()


def test_the_export_is_of_nobody_else_and_without_secrets(client, cast, person):
    MatchFactory(volunteer=cast.samira)
    cast.samira.user.authenticator_set.create(type="totp", data={"secret": "verysecret"})
    text = json.dumps(exported(client, cast.samira.user))
    assert CANARY not in text
    assert "verysecret" not in text
    assert "argon2" not in text
    assert "Elif" not in json.dumps(exported(client, person))
