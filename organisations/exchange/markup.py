"""HTML as plain text: paragraphs and lists stay, everything else goes.

Written by hand, because the parsers at hand need a time that grows with the square of what somebody hostile writes
(20 kB of "<a " are five seconds of ``html.parser`` in Python 3.11). Here every sign is looked at a few times.
"""

import re
from html import unescape

TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,14})\b([^<>]*)>|<[!?/][^<>]*>")
ADDRESS = re.compile(r"""\bhref\s*=\s*["']?\s*((?:https?://|mailto:)[^"'\s>]{1,500})""", re.IGNORECASE)
PARAGRAPHS = frozenset(
    ("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "section", "article", "header")
    + ("footer", "blockquote", "pre", "hr", "form")
)
LINES = frozenset(("br", "tr", "dt", "dd", "li"))
SILENT = frozenset(("script", "style", "head", "title", "noscript", "template", "svg"))
BULLET = "• "


def plain(text: str) -> str:
    """The text without its tags, entities read, its white space tidied."""
    if "<" not in text and "&" not in text:
        return tidy(text)
    if "&lt;" in text and not TAG.search(text):
        text = unescape(text)
    if not TAG.search(text) and "<!--" not in text:
        return tidy(unescape(text))
    return tidy("".join(Writer().write(without_comments(text))))


def without_comments(text: str) -> str:
    first, *others = text.split("<!--")
    return first + "".join(other.partition("-->")[2] for other in others)


def tidy(text: str) -> str:
    """Text as it is stored: no signs that nobody sees, no blanks at the ends of lines, one empty line at most."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = re.sub(r"[\0-\x08\x0b-\x1f\x7f\ufeff]|[\ud800-\udfff]", "", text)
    lines = [re.sub(r"[^\S\n]+", " ", line).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class Writer:
    def __init__(self):
        self.parts: list[str] = []
        self.silent = ""
        self.numbers: list[int | None] = []
        self.address = ""

    def write(self, html: str) -> list[str]:
        end = 0
        # A break in the source is a blank, where tags say what is a paragraph.
        has_blocks = any(tag[2] and tag[2].lower() in PARAGRAPHS | LINES for tag in TAG.finditer(html))
        for tag in TAG.finditer(html):
            self.say(html[end : tag.start()], has_blocks)
            end = tag.end()
            if tag[2]:
                (self.close if tag[1] else self.open)(tag[2].lower(), tag[3])
        self.say(html[end:], has_blocks)
        return self.parts

    def say(self, text: str, has_blocks: bool) -> None:
        if not self.silent:
            self.parts.append(unescape(re.sub(r"\s+", " ", text) if has_blocks else text))

    def open(self, name: str, attributes: str) -> None:
        if self.silent:
            return
        if name in SILENT:
            self.silent = name
        elif name in PARAGRAPHS:
            self.parts.append("\n\n")
            if name in ("ul", "ol"):
                self.numbers.append(0 if name == "ol" else None)
        elif name in LINES:
            self.parts.append("\n" + (self.bullet() if name == "li" else ""))
        elif name in ("td", "th"):
            self.parts.append(" ")
        elif name == "a":
            found = ADDRESS.search(attributes)
            self.address = unescape(found[1]) if found else ""

    def close(self, name: str, _attributes: str) -> None:
        if self.silent:
            self.silent = "" if name == self.silent else self.silent
        elif name in PARAGRAPHS:
            self.parts.append("\n\n")
            if name in ("ul", "ol") and self.numbers:
                self.numbers.pop()
        elif name == "a" and self.address:
            self.tell_address()

    def bullet(self) -> str:
        if not self.numbers or self.numbers[-1] is None:
            return BULLET
        self.numbers[-1] += 1
        return f"{self.numbers[-1]}. "

    def tell_address(self) -> None:
        """Where a link led, unless its words say so already."""
        address = self.address.removeprefix("mailto:")
        bare = re.sub(r"^https?://(www\.)?", "", address).rstrip("/")
        if bare not in "".join(self.parts[-3:]):
            self.parts.append(f" ({address})")
        self.address = ""
