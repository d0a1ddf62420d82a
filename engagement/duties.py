"""The pages that whoever runs a public site in Germany must have: who runs it, what becomes of data, barriers.

The operator writes the texts: files ``<page>.<language>.txt`` in the folder ``OPERATOR_TEXTS``, in paragraphs with an
empty line between them; a line that begins with "# " is a heading. What the house itself stores, it says itself.
"""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.checks import Warning as Hint
from django.core.checks import register
from django.db import transaction
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .languages import direction, preferred
from .periods import PERIODS

PAGES = ("imprint", "privacy", "accessibility")
# What people are told about who answers for the site, and to whom they can write.
CONTACTS = ("OPERATOR", "PRIVACY_EMAIL", "FEEDBACK_EMAIL")


@dataclass(frozen=True)
class Paragraph:
    text: str
    is_heading: bool = False


@dataclass(frozen=True)
class OperatorText:
    language: str
    paragraphs: list[Paragraph]

    @property
    def direction(self):
        return direction(self.language)


# A page that the law asks for can be read while the database is away.
@require_safe
@transaction.non_atomic_requests
def show_page(request, page):
    contacts = {name.lower(): getattr(settings, name) for name in CONTACTS}
    context = {"text": operator_text(page), "periods": PERIODS, **contacts}
    return render(request, f"engagement/{page}.html", context)


def operator_text(page: str, language: str | None = None) -> OperatorText | None:
    """What the operator wrote for ``page``, in the language that the reader understands best; None if nothing."""
    for code in preferred(language):
        words = words_of(Path(settings.OPERATOR_TEXTS) / f"{page}.{code}.txt")
        if words:
            return OperatorText(code, [paragraph(block) for block in words.split("\n\n") if block.strip()])
    return None


def words_of(file: Path) -> str:
    """The words of a file; nothing where it is missing or may not be read, which the check below tells the operator."""
    try:
        return file.read_text(encoding="utf-8-sig", errors="replace").replace("\0", "").strip()
    except OSError:
        return ""


def paragraph(block: str) -> Paragraph:
    text = block.strip()
    return Paragraph(text.removeprefix("# "), is_heading=text.startswith("# "))


@register("operator", deploy=True)
def check_duties(app_configs=None, **kwargs):  # noqa: ARG001 (the signature of a check)
    """Tell the operator what is missing before a visitor sees it."""
    for page in PAGES:
        name = f"{page}.{settings.LANGUAGE_CODE}.txt"
        if not words_of(Path(settings.OPERATOR_TEXTS) / name):
            text = f"The page “{page}” is empty: write {name} into the folder {settings.OPERATOR_TEXTS}."
            yield Hint(text, id="house.W001")
    for name in CONTACTS:
        if not getattr(settings, name):
            yield Hint(f"{name} is not set: visitors do not learn whom to ask.", id="house.W002")
