"""A break, the language, ideas by e-mail, and what is never suggested."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from matching.models import PendingRescoring
from tests.factories import FieldFactory, UserFactory
from volunteers import consents
from volunteers.models import Consent, Volunteer

PAGE = "volunteers:edit_preferences"
TOMORROW = timezone.localdate() + timedelta(days=1)


def save(client, volunteer, **answers):
    client.force_login(volunteer.user)
    response = client.post(reverse(PAGE), {"pause": "no", "language": "de", **answers})
    volunteer.refresh_from_db()
    return response


def test_whoever_has_no_profile_makes_one_first(client, db):
    client.force_login(UserFactory())
    assert client.get(reverse(PAGE)).url == reverse("volunteers:edit_profile")


@pytest.mark.parametrize(
    ("answers", "is_paused", "until"),
    [
        ({"pause": "open", "paused_until": "2090-01-01"}, True, None),
        ({"pause": "until", "paused_until": "2090-01-01"}, False, date(2090, 1, 1)),
        ({"pause": "no", "paused_until": "2090-01-01"}, False, None),
    ],
    ids=["until I come back", "until a day", "none"],
)
def test_a_break_has_an_end_or_none(client, cast, answers, is_paused, until):
    assert save(client, cast.samira, **answers).url == reverse("matching:my_page")
    assert (cast.samira.is_paused, cast.samira.paused_until) == (is_paused, until)
    assert Volunteer.objects.available().filter(pk=cast.samira.pk).exists() is (answers["pause"] == "no")
    assert PendingRescoring.objects.filter(volunteer=cast.samira).exists()


@pytest.mark.parametrize("day", ["", "2020-01-01", "soon", "\0", "9" * 5000, timezone.localdate().isoformat()])
def test_a_break_ends_after_today(client, cast, day):
    form = save(client, cast.samira, pause="until", paused_until=day).context["form"]
    assert set(form.errors) == {"paused_until"}
    assert cast.samira.paused_until is None


@pytest.mark.parametrize(("until", "has_break"), [(None, False), (timezone.localdate(), False), (TOMORROW, True)])
def test_the_last_day_of_a_break_is_the_day_before(until, has_break):
    assert Volunteer(paused_until=until).has_break is has_break


def test_the_page_shows_what_was_chosen(client, cast):
    save(client, cast.samira, pause="until", paused_until=TOMORROW.isoformat(), ideas="on")
    form = client.get(reverse(PAGE)).context["form"]
    assert [form[name].value() for name in ["pause", "paused_until", "ideas"]] == ["until", TOMORROW, True]
    assert "refused_fields" not in form.fields


def test_ideas_by_email_are_a_consent_that_is_taken_back_as_easily(client, cast):
    for answers, agreed in [({}, False), ({"ideas": "on"}, True), ({"ideas": "on"}, True), ({}, False)]:
        save(client, cast.samira, **answers)
        assert consents.has(cast.samira, Consent.Purpose.IDEAS) is agreed
    assert cast.samira.consents.filter(purpose="ideas").count() == 1
    assert consents.has(cast.samira, Consent.Purpose.PROFILE)


def test_letters_and_mails_of_the_account_come_in_one_language(client, cast):
    save(client, cast.samira, language="ar")
    cast.samira.user.refresh_from_db()
    assert (cast.samira.language, cast.samira.user.language) == ("ar", "ar")


def test_a_refused_kind_may_be_suggested_again(client, cast):
    sport, office = FieldFactory(code="SPORT"), FieldFactory(code="VERWALTUNG")
    cast.samira.refused_fields.set([sport, office])
    save(client, cast.samira, refused_fields=[sport.pk])
    assert list(cast.samira.refused_fields.all()) == [sport]


def test_nobody_refuses_here_what_they_were_never_asked(client, cast):
    sport, office = FieldFactory(code="SPORT"), FieldFactory(code="VERWALTUNG")
    cast.samira.refused_fields.add(sport)
    save(client, cast.samira, refused_fields=[office.pk])
    assert list(cast.samira.refused_fields.all()) == [sport]


def test_whoever_wishes_for_a_kind_has_changed_their_mind(client, cast):
    sport = FieldFactory(code="SPORT")
    cast.samira.refused_fields.add(sport)
    client.force_login(cast.samira.user)
    client.post(reverse("volunteers:edit_profile") + "?step=5", {"fields": [sport.pk]})
    assert list(cast.samira.refused_fields.all()) == []


def test_each_language_of_mails_has_its_own_name(client, cast):
    client.force_login(cast.samira.user)
    html = client.get(reverse(PAGE)).content.decode()
    assert '<option value="uk">Українська</option>' in html
