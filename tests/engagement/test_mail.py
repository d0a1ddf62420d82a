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


def post(template, stop_url="", **context):
    return mail.post(key="1", to="a@example.org", language="ar", template=template, context=context, stop_url=stop_url)


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


def test_who_may_end_a_mail_reads_how_in_both_parts(template, tmp_path):
    for ending in ("txt", "html"):
        base = f"engagement/email/base_message.{ending}"
        (tmp_path / f"note_message.{ending}").write_text(f"{{% extends '{base}' %}}")
    address = "http://localhost:8000/ar/stop/7/"
    written = post(template, stop_url=address)
    assert written.stop_url == address
    assert f": {address}\n" in written.text
    assert f'<a class="wide" href="{address}">' in written.html


def test_mails_are_taken_back_by_the_beginning_of_their_key():
    for key in ["search 1:new:1", "search 1:new:2", "search 12:new:1"]:
        mail.post_rendered(key=key, **LETTER)
    mail.take_back("search 1:")
    assert Mail.objects.get().key == "search 12:new:1"
