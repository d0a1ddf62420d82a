"""Opportunities as our own table, which can be changed in a spreadsheet and read back."""

from collections.abc import Iterator

from django.utils.text import capfirst

from engagement.exporting import CHUNK

from ..models import OpportunityText
from .columns import CHANGED, NAMES, NUMBER, STATUS, Table, label_of, text_columns
from .stored import values_of, with_values
from .whereabouts import Places
from .words import Words


def sheet_of(opportunities) -> Iterator[list[str]]:
    """The rows of cells, the header first, in the language of the reader; texts in each language that has one."""
    written = OpportunityText.objects.filter(opportunity__in=opportunities.order_by().values("pk"))
    languages = sorted({"de", *written.order_by().values_list("language", flat=True).distinct()})
    columns = [*text_columns(languages), *NAMES]
    yield [capfirst(label_of(column)) for column in (NUMBER, CHANGED, STATUS, *columns)]
    table, places = Table(Words()), Places()
    for opportunity in with_values(opportunities).iterator(chunk_size=CHUNK):
        values = values_of(opportunity, places)
        first = [str(opportunity.pk), opportunity.changed_at.isoformat(), str(opportunity.get_status_display())]
        yield [*first, *(table.write(column, values.get(column)) for column in columns)]
