"""The ledger of what was erased: numbers of rows, so that a restored backup brings nobody back.

Whoever has lost the database has lost the newest part of the ledger with it; so each erasure is logged as well, and
whatever holds those lines can be read. They are signed: what strangers get into a log erases nobody.
"""

import logging
import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from functools import partial

from django.apps import apps
from django.core.signing import BadSignature, Signer
from django.db import transaction

from engagement.models import User
from organisations import saving
from organisations.models import SavedSearch
from volunteers.models import Volunteer

from ..models import Erasure
from .erasing import erase_account, erase_profile

logger = logging.getLogger(__name__)
LINE = re.compile(r"\berased (\S+)")
signer = Signer(salt="matching.personal.ledger")
# Since when a row is there: a number may be given again after a restore, to somebody new.
SINCE = {User: "date_joined", Volunteer: "created_at", SavedSearch: "created_at"}
ERASE = {
    User: erase_account,
    Volunteer: lambda volunteer: erase_profile(volunteer, by=volunteer.user),
    SavedSearch: saving.stop,
}


def note(row: User | Volunteer | SavedSearch) -> None:
    """Note that a row goes, in the transaction that erases it."""
    erasure = Erasure.objects.create(table=row._meta.label, row=row.pk)
    transaction.on_commit(partial(logger.info, "%s", line_of(erasure)))


def line_of(erasure: Erasure) -> str:
    return "erased " + signer.sign(f"{erasure.table}/{erasure.row}/{erasure.at.isoformat()}")


def erase_again(lines: Iterable[str]) -> int:
    """Erase whatever these lines say was erased, and is there. Returns how many rows. A second time does nothing."""
    return sum(erase_row(*parts) for line in lines for parts in told_by(line))


def told_by(line: str) -> Iterable[list[str]]:
    """Table, number and moment of each erasure that a line tells of, if it is genuine."""
    for words in LINE.findall(line):
        with suppress(BadSignature):
            yield signer.unsign(words).split("/")


def erase_row(label: str, number: str, at: str) -> int:
    model = apps.get_model(label)
    row = model.objects.filter(pk=number, **{f"{SINCE[model]}__lte": datetime.fromisoformat(at)}).first()
    if row is None:
        return 0
    ERASE[model](row)
    return 1
