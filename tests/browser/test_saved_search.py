"""The whole way of a saved search, on a phone, without JavaScript, with a real mail server."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from engagement import tasks as outbox
from organisations import tasks
from organisations.models import SavedSearch
from tests.browser.pages import check_width
from tests.factories import NeighbourhoodFactory, OpportunityFactory

pytestmark = pytest.mark.django_db(transaction=True)
SEEKER = "seeker@example.org"


@pytest.fixture
def phone(new_context):
    return new_context(java_script_enabled=False, viewport={"width": 320, "height": 640}).new_page()


def press(page, name):
    page.get_by_role("button", name=name).click()


def link_in(mail, deed, site):
    """The link of a mail, to the site of this test."""
    path = re.search(rf"http://localhost:8000(/en/search/{deed}/\S+)", mail.get_body("plain").get_content())[1]
    return site + path


def two_days_pass():
    two_days = timedelta(days=2)
    [saved] = SavedSearch.objects.all()
    SavedSearch.objects.filter(pk=saved.pk).update(seen_until=saved.seen_until - two_days)
    return timezone.now() - timedelta(days=1)


def test_from_an_empty_board_to_a_mail_and_to_the_end_of_the_mails(phone, live_server, smtp):
    place = NeighbourhoodFactory()
    phone.goto(f"{live_server.url}/en/?place=Vingst&text=chess")
    phone.get_by_label("Your e-mail address").fill("seeker@")
    press(phone, "Yes, write to me")
    assert phone.get_by_label("Your e-mail address").input_value() == "seeker@"
    phone.get_by_label("Your e-mail address").fill(SEEKER)
    # Nobody types faster than this.
    phone.wait_for_timeout(2100)
    press(phone, "Yes, write to me")
    assert "We have sent you a mail." in phone.get_by_role("status").first.text_content()
    assert "text=chess" in phone.url

    outbox.sweep_outbox()
    phone.goto(link_in(smtp.mails[0], "confirm", live_server.url))
    press(phone, "Yes, write to me")
    assert "It is on." in phone.get_by_role("status").text_content()
    check_width(phone)

    published = two_days_pass()
    OpportunityFactory(title="Chess in the park", neighbourhoods=[place], published_at=published)
    OpportunityFactory(title="Football in the park", neighbourhoods=[place], published_at=published)
    for _ in range(2):
        tasks.sweep_saved_searches()
        outbox.sweep_outbox()
    [_asked, news] = smtp.to(SEEKER)
    text = news.get_body("plain").get_content()
    assert ("Chess in the park" in text, "Football" in text) == (True, False)

    phone.goto(link_in(news, "stop", live_server.url))
    press(phone, "Stop these mails")
    assert "It is stopped." in phone.get_by_role("status").text_content()
    check_width(phone)
    assert not SavedSearch.objects.exists()
