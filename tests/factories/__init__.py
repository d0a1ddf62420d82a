"""Rows for the tests, as small as the models allow; a test states only what it is about."""

from datetime import timedelta
from functools import cache

import factory
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from factory.django import DjangoModelFactory

from engagement.models import City, Field, Language, Mail, Neighbourhood, Postcode, Proof, Skill, SkillGroup, User
from matching.judging import RULE_VERSION
from matching.models import Match, NightlyFigures, Region, Rule, Suggestion
from organisations.models import Course, Membership, Opportunity, OpportunityText, Organisation, SavedSearch
from volunteers import consents
from volunteers.models import Consent, Volunteer


@cache
def hashed_password():
    """Hashing is slow on purpose; once is enough for all accounts of a test run."""
    return make_password("correct horse battery")


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = factory.LazyFunction(hashed_password)

    @factory.post_generation
    def verified(user, create, extracted):  # noqa: N805 (factory_boy hands over the row)
        if create and extracted is not False:
            user.emailaddress_set.create(email=user.email, verified=True, primary=True)


class TermFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    names = factory.LazyAttribute(lambda term: {"de": term.code.title(), "en": term.code.title()})


class LanguageFactory(TermFactory):
    class Meta:
        model = Language
        django_get_or_create = ["code"]

    code = "ar"
    tier = 1


class SkillGroupFactory(TermFactory):
    class Meta:
        model = SkillGroup
        django_get_or_create = ["code"]

    code = "BIL"


class SkillFactory(TermFactory):
    class Meta:
        model = Skill
        django_get_or_create = ["code"]

    code = factory.Sequence(lambda n: f"BIL{n:02}")
    group = factory.SubFactory(SkillGroupFactory)


class FieldFactory(TermFactory):
    class Meta:
        model = Field
        django_get_or_create = ["code"]

    code = "LERNHILFE"


class ProofFactory(TermFactory):
    class Meta:
        model = Proof
        django_get_or_create = ["code"]

    code = "EFZ"


class CityFactory(DjangoModelFactory):
    class Meta:
        model = City
        django_get_or_create = ["name"]

    name = "Köln"
    ags = "05315"


class NeighbourhoodFactory(DjangoModelFactory):
    class Meta:
        model = Neighbourhood
        django_get_or_create = ["code"]

    code = "koeln-vingst"
    name = factory.LazyAttribute(lambda place: place.code.split("-")[-1].title())
    city = factory.SubFactory(CityFactory)
    latitude = 50.9336
    longitude = 7.0186


class PostcodeFactory(DjangoModelFactory):
    class Meta:
        model = Postcode
        django_get_or_create = ["code"]

    code = "51103"
    city = factory.SubFactory(CityFactory)
    latitude = 50.9350
    longitude = 7.0100


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    kind = Organisation.Kind.AGENCY
    name = factory.Sequence(lambda n: f"Organisation {n}")
    city = factory.SubFactory(CityFactory)
    verified_at = factory.LazyFunction(timezone.now)


class MSOFactory(OrganisationFactory):
    kind = Organisation.Kind.MSO
    agency = factory.SubFactory(OrganisationFactory)
    group_size = 3


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Membership.Role.STAFF


class OpportunityFactory(DjangoModelFactory):
    class Meta:
        model = Opportunity
        skip_postgeneration_save = True

    host = factory.SubFactory(OrganisationFactory)
    agency = factory.LazyAttribute(lambda opportunity: opportunity.host.agency or opportunity.host)
    field = factory.SubFactory(FieldFactory)
    status = Opportunity.Status.PUBLISHED
    published_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def title(opportunity, create, extracted):  # noqa: N805 (factory_boy hands over the row)
        if create:
            OpportunityText.objects.create(
                opportunity=opportunity, language="de", title=extracted or "Hausaufgabenhilfe"
            )

    @factory.post_generation
    def neighbourhoods(opportunity, create, extracted):  # noqa: N805 (factory_boy hands over the row)
        if create and extracted:
            opportunity.neighbourhoods.set(extracted)


class CourseFactory(DjangoModelFactory):
    """One of next month."""

    class Meta:
        model = Course

    agency = factory.SubFactory(OrganisationFactory)
    title = "Deutsch am Abend"
    begins_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))


class SavedSearchFactory(DjangoModelFactory):
    """A confirmed one of somebody without an account, saved two days ago."""

    class Meta:
        model = SavedSearch

    language = "de"
    email = factory.Sequence(lambda n: f"seeker{n}@example.org")
    created_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=2))
    seen_until = confirmed_at = factory.SelfAttribute("created_at")


class VolunteerFactory(DjangoModelFactory):
    class Meta:
        model = Volunteer
        skip_postgeneration_save = True

    first_name = "Samira"
    last_name = factory.Sequence(lambda n: f"Haddad{n}")

    @factory.post_generation
    def agreed_to(volunteer, create, extracted):  # noqa: N805 (factory_boy hands over the row)
        if create:
            consents.record(volunteer, extracted or Consent.Purpose.PROFILE)


class RegionFactory(DjangoModelFactory):
    """By itself the region of all whose town is not known."""

    class Meta:
        model = Region
        django_get_or_create = ["city"]

    city = None


class SuggestionFactory(DjangoModelFactory):
    class Meta:
        model = Suggestion

    opportunity = factory.SubFactory(OpportunityFactory)
    volunteer = factory.SubFactory(VolunteerFactory)
    region = factory.SubFactory(RegionFactory)
    score = 80.0
    standing = factory.SelfAttribute("score")
    appeal = factory.SelfAttribute("score")
    rule_version = 1


class RuleFactory(DjangoModelFactory):
    """The next version of the weights."""

    class Meta:
        model = Rule

    before = factory.LazyFunction(Rule.objects.newest)
    version = factory.LazyAttribute(lambda rule: rule.before.version + 1)
    text_version = RULE_VERSION
    language = 30
    skills = 25
    neighbourhood = 20
    time = 10
    field = 10
    motive = 5
    note = "Times matter more"


class MatchFactory(DjangoModelFactory):
    class Meta:
        model = Match

    opportunity = factory.SubFactory(OpportunityFactory)
    volunteer = factory.SubFactory(VolunteerFactory)
    state = Match.State.PROPOSED
    origin = Match.Origin.SUGGESTION


class NightlyFiguresFactory(DjangoModelFactory):
    class Meta:
        model = NightlyFigures

    day = factory.LazyFunction(timezone.localdate)
    numbers = factory.LazyFunction(lambda: {"opportunities": 100, "opportunities_suggested": 80, "connections": None})


class MailFactory(DjangoModelFactory):
    class Meta:
        model = Mail

    key = factory.Sequence(lambda n: f"mail:{n}")
    to = factory.Sequence(lambda n: f"reader{n}@example.org")
    language = "de"
    subject = "Ein Vorschlag"
    text = "Guten Tag"
    html = "<p>Guten Tag</p>"
    message_id = factory.Sequence(lambda n: f"<{n}@localhost>")
