"""Where the mails of the demonstration go: a real SMTP server, a folder of files, and a page to read them."""

import threading
import time
from email import message_from_bytes, policy
from html import escape
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from aiosmtpd.controller import Controller
from django.utils.html import urlize

from .processes import free_port

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<style>
body {{ max-inline-size: 60rem; margin-inline: auto; padding: 1rem; font: 1.0625rem/1.5 system-ui, sans-serif }}
td, th {{ padding: .5rem; text-align: start; vertical-align: top; overflow-wrap: anywhere }}
pre {{ padding: 1rem; border: 1px solid; white-space: pre-wrap; overflow-wrap: anywhere; font: inherit }}
iframe {{ inline-size: 100%; block-size: 40rem; border: 1px solid; background: white }}
</style></head><body><h1>{title}</h1>{body}</body></html>"""
# A mail may not run, load or send anything; its links open beside it.
FRAME = 'sandbox="allow-popups allow-popups-to-escape-sandbox"'
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; frame-ancestors 'self'"


class Mailbox:
    """Takes mails by SMTP, one file each in ``folder``, and shows them on a web page for this machine."""

    def __init__(self, folder: Path, port: int):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.smtp = Controller(Sink(folder), hostname="127.0.0.1", port=free_port())
        self.smtp_url = f"smtp://127.0.0.1:{self.smtp.port}"
        self.web = make_server("127.0.0.1", port, self.show, server_class=Server, handler_class=SilentHandler)

    def __enter__(self):
        self.smtp.start()
        threading.Thread(target=self.web.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.web.shutdown()
        self.web.server_close()
        self.smtp.stop()

    def show(self, environ, start_response):
        """The WSGI application: ``/`` lists, ``/<name>`` shows one mail, ``/<name>/html`` its HTML part."""
        name, _, part = environ["PATH_INFO"].strip("/").partition("/")
        # The name is looked up, never joined to a path.
        mails = {file.stem: file for file in sorted(self.folder.glob("*.eml"), reverse=True)}
        if name and name not in mails:
            status, page = "404 Not Found", PAGE.format(title="This mail is not here", body='<a href="/">Mails</a>')
        elif name:
            mail = read(mails[name])
            status, page = "200 OK", show_html(mail) if part == "html" else show_mail(name, mail)
        else:
            status, page = "200 OK", show_list(mails)
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": POLICY}
        start_response(status, [*headers.items(), ("X-Content-Type-Options", "nosniff")])
        return [page.encode(errors="replace")]


class Sink:
    """Keeps what arrives."""

    def __init__(self, folder: Path):
        self.folder = folder

    async def handle_DATA(self, server, session, envelope):  # noqa: ARG002, N802 (aiosmtpd's name and arguments)
        (self.folder / f"{time.time_ns()}.eml").write_bytes(envelope.original_content)
        return "250 Kept for the demonstration"


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class SilentHandler(WSGIRequestHandler):
    def log_message(self, *_):
        """The terminal belongs to the demonstration."""


def read(file: Path):
    return message_from_bytes(file.read_bytes(), policy=policy.default)


def content(mail, kind: str) -> str:
    part = mail.get_body((kind,))
    return part.get_content() if part else ""


def show_html(mail) -> str:
    return content(mail, "html").replace("<head>", '<head><base target="_blank">', 1)


def show_list(mails: dict[str, Path]) -> str:
    rows = [show_row(name, read(file)) for name, file in mails.items()]
    table = f"<table><tr><th>Date<th>To<th>Subject</tr>{''.join(rows)}</table>"
    return PAGE.format(title="Mails of the demo", body=table if rows else "<p>No mail has been sent yet.</p>")


def show_row(name: str, mail) -> str:
    date, to, subject = (escape(str(mail[header] or "–")) for header in ("Date", "To", "Subject"))
    return f'<tr><td>{date}<td>{to}<td><a href="/{name}" dir="auto">{subject}</a></tr>'


def show_mail(name: str, mail) -> str:
    headers = "".join(f"<tr><th>{escape(key)}<td dir='auto'>{escape(str(value))}</tr>" for key, value in mail.items())
    text = urlize(content(mail, "plain"), autoescape=True)
    html = f'<h2>HTML</h2><iframe {FRAME} title="HTML part" src="/{name}/html"></iframe>'
    body = f'<p><a href="/">All mails</a></p><table>{headers}</table><h2>Text</h2><pre dir="auto">{text}</pre>'
    return PAGE.format(title=escape(str(mail["Subject"])), body=body + (html if mail.get_body(("html",)) else ""))
