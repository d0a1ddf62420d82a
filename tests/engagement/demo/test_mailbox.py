import smtplib
import urllib.error
import urllib.request
from email.message import EmailMessage

import pytest

from engagement.demo.mailbox import Mailbox
from engagement.demo.processes import free_port


@pytest.fixture
def mailbox(tmp_path):
    with Mailbox(tmp_path / "mails", free_port()) as mailbox:
        yield mailbox


def send(mailbox, subject, text="Hallo", html=""):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "house@example.org", "yildiz@example.org", subject
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    with smtplib.SMTP("127.0.0.1", mailbox.smtp.port) as smtp:
        smtp.send_message(mail)


def page(mailbox, path="/"):
    with urllib.request.urlopen(f"http://127.0.0.1:{mailbox.web.server_port}{path}") as response:
        return response.read().decode()


def names(mailbox):
    return [file.stem for file in sorted(mailbox.folder.iterdir())]


def test_an_empty_mailbox_says_so(mailbox):
    assert "No mail has been sent yet." in page(mailbox)


def test_mails_are_listed_newest_first(mailbox):
    send(mailbox, "Erste")
    send(mailbox, "Zweite")

    listed = page(mailbox)

    assert listed.index("Zweite") < listed.index("Erste")


def test_a_mail_shows_its_text_with_links_and_its_html_part_beside(mailbox):
    send(mailbox, "Ein Vorschlag", "Sieh nach: http://localhost:8000/de/admin/", "<p>Sieh <b>nach</b></p>")
    (name,) = names(mailbox)

    shown = page(mailbox, f"/{name}")

    assert '<a href="http://localhost:8000/de/admin/"' in shown
    assert f'src="/{name}/html"' in shown
    assert "<b>nach</b>" in page(mailbox, f"/{name}/html")


def test_what_a_mail_says_is_never_markup_of_the_page(mailbox):
    send(mailbox, "<script>alert(1)</script>", "<script>alert(2)</script>")

    assert "<script>" not in page(mailbox) + page(mailbox, f"/{names(mailbox)[0]}")


@pytest.mark.parametrize("path", ["/nothing", "/../secret_key", "/%2e%2e%2fsecret_key"])
def test_only_mails_can_be_read(mailbox, path):
    (mailbox.folder.parent / "secret_key").write_text("secret")

    with pytest.raises(urllib.error.HTTPError, match="404"):
        page(mailbox, path)
