import io
import os
import signal
import sys
from functools import partial
from pathlib import Path

import django
from django.core.management import call_command
from django.utils.module_loading import import_string

from .mailbox import Mailbox
from .processes import Ended, PortTaken, Processes, check_port

PORT = int(os.environ.get("PORT") or 8000)
MAILBOX_PORT = PORT + 1
FOLDER = Path(".run").resolve()
ADDRESS = f"http://localhost:{PORT}"
# Where the environment does not say otherwise.
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "engagement.settings",
    "SITE_URL": ADDRESS,
    "ALLOWED_HOSTS": "localhost,127.0.0.1",
    "STATIC_ROOT": str(FOLDER / "static"),
    "LOG_LEVEL": "WARNING",
    # The log-ins printed below are for everybody: a password is enough.
    "STAFF_SECOND_FACTOR": "offered",
    "HELP_PHONE": "0221 4710000",
    "HELP_HOURS": "Mo–Fr 9–16",
    "OPERATOR": "Demo",
    "PRIVACY_EMAIL": "privacy@example.org",
    "FEEDBACK_EMAIL": "barriers@example.org",
    "OPERATOR_TEXTS": str(Path(__file__).with_name("texts")),
}
PYTHON = [sys.executable, "-m"]
WEB = ["gunicorn", "engagement.wsgi", f"--bind=127.0.0.1:{PORT}", "--threads=8", "--log-level=warning"]
CELERY = ["celery", "--quiet", "--app=engagement"]
WORKER = [*CELERY, "worker", "--concurrency=2", "--loglevel=warning"]
BEAT = [*CELERY, "beat", f"--schedule={FOLDER / 'beat'}", "--pidfile=", "--loglevel=warning"]

say = partial(print, flush=True)


def fill():
    """Bring the database to the state that the demonstration shows. A second time changes nothing."""
    django.setup()
    say("Preparing the database …")
    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_vocabulary")
    say("Compiling the rule of matching …")
    call_command("compile_rule")
    say("Inventing people and opportunities …")
    # The log-ins are shown at the end, whether they are new or not.
    call_command("demo_data", stdout=io.StringIO())
    say("Collecting static files …")
    call_command("collectstatic", verbosity=0, interactive=False)


def start(processes):
    say("Starting the web server, a worker and beat …")
    for name, command in {"web": WEB, "worker": WORKER, "beat": BEAT}.items():
        processes.start(name, [*PYTHON, *command])
    processes.wait_for_port(PORT)


def show_the_way():
    say()
    say(f"The demo:   {ADDRESS}")
    say(f"The desk:   {ADDRESS}/de/admin/")
    say(f"Its mails:  http://localhost:{MAILBOX_PORT}")
    say()
    say(f"Log in with the password {import_string('matching.demo.PASSWORD')} as")
    for who, email in import_string("matching.demo.LOGINS"):
        say(f"  {email:<22} {who}")
    say()
    say(f"Ctrl-C stops everything. The logs are in {FOLDER}.")


def stop(*_):
    """Leave the ``with`` blocks below, whatever runs in them. A second Ctrl-C cannot cut that short."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    say("Stopping …")
    sys.exit(0)


def main():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    check_port(PORT)
    check_port(MAILBOX_PORT)
    FOLDER.mkdir(exist_ok=True)
    os.environ.update({**SETTINGS, **os.environ})
    with Mailbox(FOLDER / "mails", MAILBOX_PORT) as mailbox:
        os.environ["EMAIL_URL"] = mailbox.smtp_url
        fill()
        with Processes(FOLDER) as processes:
            start(processes)
            show_the_way()
            processes.wait_for_end()


if __name__ == "__main__":
    try:
        main()
    except (PortTaken, Ended) as error:
        sys.exit(str(error))
