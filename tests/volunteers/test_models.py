"""What the table of people may hold, and who sees which of them."""

import pytest
from django.apps import apps
from django.db import models

from tests.factories import UserFactory, VolunteerFactory
from volunteers.models import Volunteer

MODELS = list(apps.get_app_config("volunteers").get_models())
# Nobody is asked for these, so there is no place to keep them (Article 9 GDPR; neither is needed to find a task).
NEVER_ASKED = [
    "nationality", "citizen", "passport", "origin", "ethnic", "race", "birthplace", "place_of_birth", "country",
    "community", "religion", "faith", "church", "status", "residence", "permit", "asylum", "refugee", "visa",
    "health", "illness", "disability", "disease", "vaccin", "pregnan",
]  # fmt: skip


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_what_is_never_asked_has_no_column(model):
    names = [field.name for field in model._meta.get_fields()]
    assert [name for name in names if any(word in name for word in NEVER_ASKED)] == []


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_file_is_ever_kept(model):
    files = (models.FileField, models.BinaryField, models.FilePathField)
    assert [field.name for field in model._meta.get_fields() if isinstance(field, files)] == []


def test_of_a_proof_only_its_inspection_is_kept():
    fields = {field.name for field in apps.get_model("volunteers", "ProofInspection")._meta.get_fields()}
    assert fields == {"id", "volunteer", "proof", "issued_on", "seen_on", "seen_by", "recheck_on"}


def test_nobody_sees_a_stranger(cast):
    for user in [cast.stranger, cast.staff, cast.contact, UserFactory()]:
        assert list(Volunteer.objects.visible_to(user)) == []


def test_staff_see_whom_their_agency_accompanies_and_the_other_agency_does_not(cast):
    cast.samira.accompaniments.create(agency=cast.agency)
    assert list(Volunteer.objects.visible_to(cast.staff)) == [cast.samira]
    assert list(Volunteer.objects.visible_to(cast.stranger)) == []


def test_everybody_sees_themselves(cast):
    VolunteerFactory()
    assert list(Volunteer.objects.visible_to(cast.samira.user)) == [cast.samira]
