"""Who may see and change which rows: the two questions that every page asks its querysets."""

from copy import deepcopy

from django.db.models import Q
from django.forms import ModelChoiceField


def belongs_to_agencies(model) -> bool:
    """Whether the rows of ``model`` are somebody's. All others belong to everybody, such as the vocabulary."""
    return hasattr(model._default_manager.all(), "visible_to")


def visible(queryset, user):
    """The rows ``user`` may see."""
    return queryset.visible_to(user) if belongs_to_agencies(queryset.model) else queryset


def changeable(queryset, user):
    """The rows ``user`` may change: ``changeable_by`` where seeing is more than changing."""
    return queryset.changeable_by(user) if hasattr(queryset, "changeable_by") else visible(queryset, user)


def all_of(row):
    """A queryset of this one row, to be narrowed by the functions above."""
    return type(row)._default_manager.filter(pk=row.pk)


def scope_choices(form_class, rows, user):
    """Offer in every choice of ``form_class`` only what ``user`` may see, and what ``rows`` have chosen already.

    Without the second half a form would silently empty what somebody else has chosen.
    """
    names = {field.name for field in rows.model._meta.get_fields() if field.concrete}
    for name, field in form_class.base_fields.items():
        if isinstance(field, ModelChoiceField):
            seen = Q(pk__in=visible(field.queryset.model._default_manager.all(), user).values("pk"))
            chosen = Q(pk__in=rows.values(name)) if name in names else Q()
            # A declared field is shared by all requests: only a copy may know who asks.
            form_class.base_fields[name] = scoped = deepcopy(field)
            scoped.queryset = field.queryset.filter(seen | chosen)
