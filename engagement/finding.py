"""Search at the desk: names and titles are found whatever their accents, and however somebody writes an umlaut."""

from functools import reduce
from operator import or_

from django.contrib.admin.utils import lookup_spawns_duplicates
from django.db.models import CharField, F, GeneratedField, Q, TextField, Value
from django.db.models.constants import LOOKUP_SEP

from .folding import Fold


class FoldedSearch:
    """Each word of a question is found in one of ``search_fields``; "^" before a field means "begins with".

    Texts are compared folded. Where a table has 100,000 rows, the field is a generated column that holds them folded
    already: to fold all of them anew for each question would take half a second.
    """

    def get_search_results(self, request, queryset, search_term):
        fields = self.get_search_fields(request)
        paths = [field.lstrip("^=@") for field in fields]
        texts = {f"folded_{number}": Fold(F(path)) for number, path in enumerate(paths) if self.is_text(path)}
        queryset = queryset.alias(**texts)
        for word in words(search_term) if fields else []:
            queryset = queryset.filter(reduce(or_, (self.asked(*named, word, texts) for named in enumerate(fields))))
        return queryset, any(lookup_spawns_duplicates(self.opts, path) for path in paths)

    def asked(self, number, field, word, texts):
        how = "startswith" if field.startswith("^") else "contains"
        path = field.lstrip("^=@")
        if f"folded_{number}" in texts:
            return Q(**{f"folded_{number}__{how}": Fold(Value(word))})
        if isinstance(self.column(path), GeneratedField):
            return Q(**{f"{path}__{how}": Fold(Value(word))})
        return Q(**{f"{path}__i{how}": word})

    def is_text(self, path):
        return isinstance(self.column(path), CharField | TextField)

    def column(self, path):
        opts = self.opts
        *relations, name = path.split(LOOKUP_SEP)
        for relation in relations:
            opts = opts.get_field(relation).related_model._meta
        return opts.get_field(name)


def words(text: str) -> list[str]:
    # PostgreSQL knows no NUL byte, so nothing can contain one.
    return text.replace("\0", "").split()
