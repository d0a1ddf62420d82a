import pytest
from django.db import transaction

from engagement import mail, tasks
from engagement.models import Mail

pytestmark = pytest.mark.django_db

LETTER = {"to": "yildiz@example.org", "language": "de", "subject": "Hallo", "text": "Guten Tag", "html": "<p>Guten Tag"}


@pytest.fixture
def template(settings, tmp_path):
    """A mail whose parts say what they were given."""
    (tmp_path / "note_subject.txt").write_text("Für {{ title }}\n")
    for ending in ("txt", "html"):
        (tmp_path / f"note_message.{ending}").write_text("{{ lang }} {{ dir }} {{ title }} {{ site_url }}")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    return "note"


def post(template, **context):
    return mail.post(key="1", to="a@example.org", language="ar", template=template, context=context)


def test_the_same_key_is_the_same_mail():
    assert mail.post_rendered(key="match:1", **LETTER)
    assert mail.post_rendered(key="match:1", **LETTER) is None
    assert Mail.objects.count() == 1


def test_a_decision_undone_undoes_its_mail():
    with transaction.atomic():
        mail.post_rendered(key="match:1", **LETTER)
        transaction.set_rollback(True)
    assert not Mail.objects.exists()


def test_the_worker_is_woken_after_the_commit_with_the_key_only(monkeypatch, django_capture_on_commit_callbacks):
    woken = []
    monkeypatch.setattr(tasks.deliver_mail, "apply_async", lambda args, *_, **__: woken.append(args))
    with django_capture_on_commit_callbacks(execute=True):
        written = mail.post_rendered(key="match:1", **LETTER)
        assert woken == []
    assert woken == [(written.pk,)]


def test_a_mail_speaks_the_language_of_its_reader(template):
    written = post(template, title="Vingst")
    assert written.text == "ar rtl Vingst http://localhost:8000\n"
    assert written.text == written.html


def test_only_html_is_escaped(template):
    written = post(template, title="Lesen & <Schreiben>")
    assert written.subject == "Für Lesen & <Schreiben>"
    assert "Lesen & <Schreiben>" in written.text
    assert "Lesen &amp; &lt;Schreiben&gt;" in written.html


@pytest.mark.parametrize("title", ["a\nBcc: all@example.org", "a\r\nBcc: all@example.org", "a\x0b\u2028\x85Bcc: b"])
def test_a_title_cannot_begin_another_header(template, title):
    assert len(post(template, title=title).subject.splitlines()) == 1


def test_a_very_long_title_is_cut_in_the_subject(template):
    assert len(post(template, title="x" * 100_000).subject) == 300
