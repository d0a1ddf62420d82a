"""The work of agencies on top of the population: accounts, people whom they accompany, and a year of decisions.

Everything is drawn in PostgreSQL from one seed, so that the same rows come out each time.
"""

from datetime import timedelta
from random import Random

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from engagement.models import User
from matching.demo.copying import copy_rows
from matching.models import Match, MatchEvent, Suggestion
from organisations.models import Membership

# Shares, and days that lie back at most.
SEED, ACCOMPANIED, DECIDED, INSPECTED, WITHOUT_IDEAS = 20261123, 0.9, 0.05, 0.2, 0.03
STATEMENTS = [
    "SELECT setseed(0.2026)",
    # People came in the course of a year, and most of them to an office.
    "UPDATE volunteers_volunteer SET created_at = now() - random() * interval '365 days'",
    f"""
    INSERT INTO matching_accompaniment (volunteer_id, agency_id, since)
    SELECT v.id, a.id, v.created_at FROM volunteers_volunteer v
    LEFT JOIN engagement_neighbourhood n ON n.id = v.neighbourhood_id
    LEFT JOIN engagement_postcode p ON p.id = v.postcode_id
    JOIN organisations_organisation a ON a.kind = 'agency' AND a.city_id = coalesce(n.city_id, p.city_id)
    WHERE random() < {ACCOMPANIED}
    """,
    # Notices hang for up to four months; one in five has a last day.
    """
    UPDATE organisations_opportunity SET confirmed_at = now() - random() * interval '110 days',
        published_at = now() - random() * interval '120 days',
        valid_until = CASE WHEN random() < 0.2 THEN current_date + (random() * 150)::int END
    """,
    # For some of them the machine found nobody.
    f"""
    DELETE FROM matching_suggestion WHERE opportunity_id IN
        (SELECT id FROM organisations_opportunity WHERE random() < {WITHOUT_IDEAS})
    """,
    """
    DELETE FROM matching_suggestion s USING matching_match m
    WHERE m.opportunity_id = s.opportunity_id AND m.volunteer_id = s.volunteer_id
    """,
    f"""
    INSERT INTO volunteers_proofinspection (volunteer_id, proof_id, seen_on, recheck_on)
    SELECT v.id, (SELECT min(id) FROM engagement_proof), current_date - 1700, current_date - 20 + (random() * 800)::int
    FROM volunteers_volunteer v WHERE random() < {INSPECTED}
    """,
    """
    INSERT INTO organisations_organisation (kind, name, description, city_id, contact_name, phone, email, website,
        times, max_load, is_paused, created_at, changed_at)
    SELECT 'host', 'Host ' || id, '', city_id, '', '', '', '', '{}',
        5, false, now() - random() * interval '9 days', now()
    FROM organisations_organisation WHERE kind = 'agency' ORDER BY id LIMIT 40
    """,
]


STATES = ["proposed", "interested", "trial", "placed", "placed", "ended", "declined", "declined", "declined", "parked"]
NO = {"declined_by": Match.Side.STAFF.value, "reason": Match.Reason.TOO_FAR.value}


def decide(rng: Random) -> None:
    """One in twenty suggestions was decided, at any time of the last half year; every match has its event."""
    pairs = Suggestion.objects.exclude(volunteer=None).order_by("pk").values_list("opportunity_id", "volunteer_id")
    copy_rows(Match, [match_of(rng, *pair) for pair in pairs if rng.random() < DECIDED])
    matches = Match.objects.order_by("pk").values_list("pk", "changed_at", "state")
    staff = {"side": Match.Side.STAFF.value}
    copy_rows(MatchEvent, [{"match_id": pk, "at": at, "to_state": state, **staff} for pk, at, state in matches])


def match_of(rng: Random, opportunity: int, volunteer: int) -> dict:
    state, at = rng.choice(STATES), timezone.now() - timedelta(days=180 * rng.random())
    row = {"opportunity_id": opportunity, "volunteer_id": volunteer, "state": state, "origin": "suggestion"}
    row |= {"created_at": at, "changed_at": at} | (NO if state == Match.State.DECLINED else {})
    if state == Match.State.PARKED:
        row["parked_until"] = (at + timedelta(days=100)).date()
    if state == Match.State.TRIAL:
        row["trial_on"] = (at + timedelta(days=175)).date()
    if state == Match.State.PLACED:
        row["checkin_due"] = (at + timedelta(days=175)).date()
    return row


def open_offices() -> list[int]:
    """A year of work; the keys of the agencies, the largest first."""
    decide(Random(SEED))
    with connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement)
        cursor.execute("SELECT agency_id FROM matching_accompaniment GROUP BY 1 ORDER BY count(*) DESC, 1")
        return [key for (key,) in cursor.fetchall()]


def enter(agency: int | None) -> Client:
    """Somebody of the agency, or an administrator, who has logged in with a second factor."""
    name = f"agency{agency}@example.org" if agency else "administrator@example.org"
    user = User.objects.create(email=name, name=name, is_staff=True, is_superuser=agency is None)
    if agency:
        Membership.objects.create(user=user, organisation_id=agency, role=Membership.Role.STAFF)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={}, created_at=timezone.now())
    client = Client(headers={"host": settings.SITE_HOST})
    client.force_login(user)
    return client
