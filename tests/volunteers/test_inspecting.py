from datetime import date

import pytest
import time_machine

from tests.factories import ProofFactory, UserFactory, VolunteerFactory
from volunteers.inspecting import InspectionForm
from volunteers.models import ProofInspection, Volunteer

SEEN = {"issued_on": "2026-10-01", "seen_on": "2026-11-22"}


def form_for(its_proof, **data):
    return InspectionForm({"proof": its_proof.pk, **SEEN, **data}, volunteer=VolunteerFactory(), by=UserFactory())


@pytest.fixture(autouse=True)
def _on_a_sunday():
    with time_machine.travel("2026-11-22T12:00Z", tick=False):
        yield


def test_a_proof_without_a_term_is_not_asked_for_again(db):
    form = form_for(ProofFactory(recheck_months=None))
    assert form.is_valid()
    inspection = form.save()
    assert (str(inspection.seen_on), inspection.recheck_on) == ("2026-11-22", None)


@pytest.mark.parametrize(
    ("data", "faulty"),
    [
        ({"issued_on": "2026-08-22"}, []),
        ({"issued_on": "2026-08-21"}, ["issued_on"]),
        ({"issued_on": ""}, ["issued_on"]),
        ({"issued_on": "2026-11-23"}, ["issued_on"]),
        ({"seen_on": "2026-11-23"}, ["seen_on"]),
        ({"seen_on": "2026-09-30"}, ["issued_on"]),
        ({"proof": ""}, ["proof"]),
        ({"proof": "\0", "issued_on": "9" * 50}, ["issued_on", "proof"]),
    ],
    ids=["three months", "a day older", "no date", "to come", "seen tomorrow", "seen before", "no proof", "nonsense"],
)
def test_a_certificate_of_good_conduct_is_fresh_when_it_is_seen(db, data, faulty):
    assert sorted(form_for(ProofFactory(code="EFZ"), **data).errors) == faulty


def test_other_proofs_may_be_old_and_without_a_date(db):
    assert form_for(ProofFactory(code="JULEICA"), issued_on="").is_valid()
    assert form_for(ProofFactory(code="JULEICA"), issued_on="2024-01-01").is_valid()


def test_only_the_newest_inspection_is_due_and_only_when_its_day_has_come(db):
    proof, other = ProofFactory(), ProofFactory(code="JULEICA")
    renewed, due, early = VolunteerFactory(), VolunteerFactory(), VolunteerFactory()
    old = {"seen_on": date(2021, 11, 22), "recheck_on": date(2026, 11, 22)}
    renewed.inspections.create(proof=proof, **old)
    renewed.inspections.create(proof=proof, seen_on=date(2026, 11, 1), recheck_on=date(2031, 11, 1))
    wanted = due.inspections.create(proof=proof, **old)
    due.inspections.create(proof=other, seen_on=date(2026, 11, 1))
    early.inspections.create(proof=proof, seen_on=date(2021, 11, 23), recheck_on=date(2026, 11, 23))
    assert list(ProofInspection.objects.due_for_recheck()) == [wanted]


def test_a_later_look_at_the_same_proof_settles_it(db):
    volunteer, proof, other = VolunteerFactory(), ProofFactory(), ProofFactory(code="JULEICA")
    for kind, seen_on, recheck_on in [
        (proof, date(2021, 11, 1), date(2026, 11, 1)),
        (proof, date(2026, 11, 1), date(2031, 11, 1)),
        (other, date(2025, 11, 1), date(2026, 11, 20)),
        (other, date(2025, 12, 1), date(2026, 11, 21)),
    ]:
        volunteer.inspections.create(proof=kind, seen_on=seen_on, recheck_on=recheck_on)
    assert Volunteer.objects.with_proofs_to_recheck().get().recheck_on == date(2026, 11, 21)
