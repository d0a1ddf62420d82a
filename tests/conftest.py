"""The cast that every test knows: one owns, one is a stranger who must see nothing."""

from dataclasses import dataclass

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from engagement.models import User
from matching import vocabulary as matching_vocabulary
from matching.ranking import warm_up
from organisations.models import Membership, Organisation
from tests import smtp as smtp_server
from tests import snapshot
from tests.factories import MembershipFactory, MSOFactory, OrganisationFactory, UserFactory, VolunteerFactory
from volunteers.models import Volunteer


@dataclass
class Cast:
    agency: Organisation  # in the Domviertel
    other_agency: Organisation  # at the harbour
    staff: User  # Elif Yildiz, of the agency
    stranger: User  # Jonas Brandt, of the other agency: must see nothing of the first
    mso: Organisation  # accompanied by the agency
    contact: User  # Rojda Demir, of the self-organisation
    samira: Volunteer  # with an account
    administrator: User


def pytest_addoption(parser):
    parser.addoption("--all-languages", action="store_true", help="Look at every page in every language.")


def pytest_configure(config):
    """Tests need no collected files with hashed names; set here, because the live server starts only once."""
    # Otherwise each worker would compile the rule for itself.
    if config.getoption("numprocesses", None):
        warm_up()
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.WHITENOISE_AUTOREFRESH = True
    # How long an example takes depends on what else the machine does.
    hypothesis_settings.register_profile("house", deadline=None)
    hypothesis_settings.load_profile("house")
    # The tests of the second factor ask for it; all others walk straight to the desk.
    settings.STAFF_SECOND_FACTOR = "offered"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The database can be removed at the end, even if a thread of a red test still holds a connection."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def _vocabulary_of_its_own(monkeypatch):
    """Each test has its own words; none of another test's may be kept."""
    monkeypatch.setattr(matching_vocabulary, "_kept", None)


@pytest.fixture(autouse=True)
def _in_german():
    """A page that another test opened leaves its language behind."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def _fresh_limits():
    """How often somebody signed up in another test is no reason to refuse this one. The broker's keys stay."""
    server = cache._cache.get_client(write=True)
    for key in server.scan_iter(":1:*"):
        server.delete(key)


@pytest.fixture
def cast(db):
    agency = OrganisationFactory(name="Integrationsagentur Domviertel")
    other_agency = OrganisationFactory(name="Integrationsagentur am Hafen")
    staff = UserFactory(email="yildiz@example.org", name="Elif Yildiz", is_staff=True)
    stranger = UserFactory(email="brandt@example.org", name="Jonas Brandt", is_staff=True)
    MembershipFactory(user=staff, organisation=agency)
    MembershipFactory(user=stranger, organisation=other_agency)
    mso = MSOFactory(name="Kurdischer Elternverein Newroz e. V.", agency=agency)
    contact = UserFactory(email="demir@example.org", name="Rojda Demir")
    MembershipFactory(user=contact, organisation=mso, role=Membership.Role.CONTACT)
    samira = VolunteerFactory(
        first_name="Samira", last_name="Haddad", user=UserFactory(email="samira@example.org", name="Samira")
    )
    administrator = UserFactory(email="admin@example.org", name="Admin", is_staff=True, is_superuser=True)
    return Cast(agency, other_agency, staff, stranger, mso, contact, samira, administrator)


@pytest.fixture
def smtp(settings):
    """Mails of this test go to a real listener (``tests/smtp.py``)."""
    listener, controller = smtp_server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = controller.hostname, controller.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield listener
    controller.stop()


@pytest.fixture
def vocabulary(db):
    """All that ``manage.py load_vocabulary`` loads, in a few milliseconds."""
    snapshot.restore_vocabulary()
