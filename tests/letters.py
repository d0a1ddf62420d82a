"""Mails as their readers see them."""

from html.parser import HTMLParser

SIGNS = {"+", "!", "*", "--", ":"}


class Words(HTMLParser):
    """What a reader sees of an HTML page."""

    def __init__(self, html):
        super().__init__()
        self.found, self.hidden, self.attributes = [], False, {}
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.hidden = tag in ("style", "title") or (self.hidden and tag not in ("body",))
        if tag == "html":
            self.attributes = dict(attrs)
        if tag == "a":
            self.found += dict(attrs)["href"].split()

    def handle_data(self, data):
        if not self.hidden:
            self.found += data.split()


def check_parts(mail, language, direction):
    """The text and the HTML of a mail say the same; the HTML also says in which language and direction."""
    page = Words(mail.html)
    assert page.attributes == {"lang": language, "dir": direction}
    written = {word.rstrip(":") for word in mail.text.split()} - SIGNS
    shown = {word.rstrip(":") for word in page.found} - {"Engagement"} - SIGNS
    assert written == shown
