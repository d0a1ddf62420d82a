"""Rows by the thousand for the lists of the desk, each with rows of its own around it, as real ones have."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from engagement.models import City, Field, Language, Look, Mail, Neighbourhood, Postcode, Proof, Skill, SkillGroup, User
from matching.models import (
    Accompaniment,
    HandOver,
    Match,
    NightlyFigures,
    Rule,
    Suggestion,
    WaitingOpportunity,
    WaitingVolunteer,
)
from organisations.models import Course, Membership, Need, Opportunity, OpportunityText, Organisation
from tests.factories import RegionFactory, RuleFactory
from volunteers.models import Consent, Volunteer

A_MONTH = timedelta(days=30)
numbers = count(1)


def some(number):
    return [next(numbers) for _ in range(number)]


def terms(model, number, **more):
    return model.objects.bulk_create(model(code=f"X{n}", names={"de": f"Wort {n}"}, **more) for n in some(number))


def skills(number):
    groups = terms(SkillGroup, number)
    return Skill.objects.bulk_create(
        Skill(code=f"X{n}", names={"de": f"Wort {n}"}, group=group)
        for n, group in zip(some(number), groups, strict=True)
    )


def cities(number):
    return City.objects.bulk_create(City(name=f"Stadt {n}", ags=str(n)) for n in some(number))


def places(number):
    return Neighbourhood.objects.bulk_create(
        Neighbourhood(code=f"x-{n}", name=f"Viertel {n}", city=city, latitude=50.9, longitude=7)
        for n, city in zip(some(number), cities(number), strict=True)
    )


def postcodes(number):
    return Postcode.objects.bulk_create(
        Postcode(code=str(10_000 + n), city=place.city, neighbourhood=place, latitude=50.9, longitude=7)
        for n, place in zip(some(number), places(number), strict=True)
    )


def hosts(cast, number):
    return Organisation.objects.bulk_create(
        Organisation(kind="mso", name=f"Verein {n}", city=city, agency=cast.agency, verified_at=timezone.now())
        for n, city in zip(some(number), cities(number), strict=True)
    )


def notices(cast, number):
    fields = terms(Field, number)
    rows = Opportunity.objects.bulk_create(
        Opportunity(host=host, agency=cast.agency, field=field, status="published", published_at=timezone.now())
        for host, field in zip(hosts(cast, number), fields, strict=True)
    )
    OpportunityText.objects.bulk_create(OpportunityText(opportunity=row, language="de", title="Lesen") for row in rows)
    return rows


def people(cast, number):
    """Accompanied by the agency, with a profile, a month old."""
    long_ago = timezone.now() - A_MONTH
    rows = Volunteer.objects.bulk_create(
        Volunteer(first_name=f"Person {n}", neighbourhood=place, created_at=long_ago)
        for n, place in zip(some(number), places(number), strict=True)
    )
    Accompaniment.objects.bulk_create(Accompaniment(volunteer=row, agency=cast.agency) for row in rows)
    profile = {"purpose": Consent.Purpose.PROFILE, "text_version": "1", "given_how": "paper"}
    Consent.objects.bulk_create(Consent(volunteer=row, **profile) for row in rows)
    return rows


def accounts(cast, number):
    rows = User.objects.bulk_create(User(email=f"x{n}@example.org", name=f"Konto {n}") for n in some(number))
    Membership.objects.bulk_create(Membership(user=row, organisation=cast.agency, role="staff") for row in rows)
    return rows


def needs(cast, number):
    Need.objects.bulk_create(
        Need(organisation=host, neighbourhood=place, field=field, text="…")
        for host, place, field in zip(hosts(cast, number), places(number), terms(Field, number), strict=True)
    )


def suggestions(cast, number):
    region = RegionFactory()
    Suggestion.objects.bulk_create(
        Suggestion(opportunity=notice, volunteer=person, region=region, score=80, rule_version=1)
        for notice, person in zip(notices(cast, number), people(cast, number), strict=True)
    )


def matches(cast, number, **more):
    return Match.objects.bulk_create(
        Match(opportunity=notice, volunteer=person, origin="suggestion", **{"state": "proposed", **more})
        for notice, person in zip(notices(cast, number), people(cast, number), strict=True)
    )


def mails(number):
    Mail.objects.bulk_create(
        Mail(key=f"x{n}", to=f"x{n}@example.org", language="de", subject="…", message_id=f"<x{n}@localhost>")
        for n in some(number)
    )


def looks(cast, number):
    Look.objects.bulk_create(Look(by=person, page="index") for person in accounts(cast, number))


def courses(cast, number):
    today = timezone.localdate()
    Course.objects.bulk_create(
        Course(agency=cast.agency, title=f"Kurs {n}", begins_on=today, proof=proof)
        for n, proof in zip(some(number), terms(Proof, number), strict=True)
    )


def hand_overs(cast, number):
    """From the agency to the other one."""
    rows = people(cast, number)
    consents = Consent.objects.bulk_create(
        Consent(volunteer=row, purpose=Consent.Purpose.HAND_OVER, text_version="1", given_how="paper") for row in rows
    )
    agencies = {"from_agency": cast.agency, "to_agency": cast.other_agency}
    HandOver.objects.bulk_create(
        HandOver(volunteer=row, consent=consent, **agencies) for row, consent in zip(rows, consents, strict=True)
    )


def rules(number):
    RuleFactory.create_batch(number)


def nights(number):
    today = timezone.localdate()
    NightlyFigures.objects.bulk_create(
        NightlyFigures(day=today - timedelta(days=n), numbers={"opportunities": n}) for n in some(number)
    )


# How ``number`` more rows come into the list of each model, for the cast.
MAKERS = {
    Language: lambda _cast, number: terms(Language, number, autonym="x"),
    SkillGroup: lambda _cast, number: terms(SkillGroup, number),
    Skill: lambda _cast, number: skills(number),
    Field: lambda _cast, number: terms(Field, number),
    Proof: lambda _cast, number: terms(Proof, number),
    City: lambda _cast, number: cities(number),
    Neighbourhood: lambda _cast, number: places(number),
    Postcode: lambda _cast, number: postcodes(number),
    User: accounts,
    Look: looks,
    Mail: lambda _cast, number: mails(number),
    Organisation: hosts,
    Opportunity: notices,
    Need: needs,
    Course: courses,
    Volunteer: people,
    Suggestion: suggestions,
    Match: matches,
    HandOver: hand_overs,
    Rule: lambda _cast, number: rules(number),
    NightlyFigures: lambda _cast, number: nights(number),
    WaitingVolunteer: people,
    WaitingOpportunity: notices,
}
