import pytest

from engagement.models import Mail
from tests.factories import MailFactory

pytestmark = pytest.mark.django_db

PAGE = "/en/admin/engagement/mail/"


def test_only_administrators_see_the_outbox(cast, client):
    mail = MailFactory()
    client.force_login(cast.staff)
    for page in (PAGE, f"{PAGE}{mail.pk}/change/"):
        assert client.get(page).status_code == 403


def test_the_outbox_says_why_a_mail_was_given_up_but_not_what_it_says(cast, client):
    mail = MailFactory(state=Mail.State.DEAD, error="550 Unknown", text="Geheim", html="<p>Geheim")
    client.force_login(cast.administrator)
    for page in (PAGE, f"{PAGE}{mail.pk}/change/"):
        text = client.get(page).content.decode()
        assert "550 Unknown" in text
        assert "Geheim" not in text


def test_a_mail_that_was_given_up_is_sent_again(cast, client):
    mail, sent = MailFactory(state=Mail.State.DEAD, tries=5), MailFactory(state=Mail.State.SENT)
    client.force_login(cast.administrator)
    client.post(PAGE, {"action": "send_again", "_selected_action": [mail.pk, sent.pk]})
    assert Mail.objects.due().get() == mail
