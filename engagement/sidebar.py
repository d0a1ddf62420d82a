"""To what the lists of the desk are narrowed in their sidebar: the same rows that the desk counts."""

from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.utils.translation import gettext_lazy as _

from .keys import key_in


class TaskFilter(admin.SimpleListFilter):
    """What waits for somebody at the desk. ``tasks`` are methods of the queryset: label, and the oldest first by."""

    title = _("what waits")
    parameter_name = "task"
    tasks: dict[str, tuple] = {}

    def lookups(self, request, model_admin):  # noqa: ARG002 (Django's signature)
        return [(name, label) for name, (label, _field) in self.tasks.items()]

    def queryset(self, request, queryset):  # noqa: ARG002 (Django's signature)
        return getattr(queryset, self.value())() if self.value() in self.tasks else queryset

    @property
    def order(self) -> str:
        return self.tasks[self.value()][1] if self.value() in self.tasks else ""


class HouseList(ChangeList):
    def get_ordering(self, request, queryset):
        """While it shows what waits, the oldest comes first, unless somebody chose another order.

        ``oldest_first_by`` of the page may name what only its own queryset knows.
        """
        chosen = [one.order for one in self.filter_specs if isinstance(one, TaskFilter) and one.order]
        fields = chosen or self.model_admin.oldest_first_by
        return [*fields, "pk"] if fields and ORDER_VAR not in self.params else super().get_ordering(request, queryset)


class AgencyFilter(admin.SimpleListFilter):
    """The rows of one agency, for whoever sees those of several. ``path`` leads from a row to its agency."""

    title = _("agency")
    parameter_name = "agency"
    path = "agency"
    LONGEST = 200

    def lookups(self, request, model_admin):
        agencies = agencies_at(model_admin.model, self.path, request.user)
        seen = list(agencies.values_list("pk", "name")[: self.LONGEST + 1])
        chosen = key_in(request.GET.get("agency", ""))
        # Too long to be read as a list: then only the one that is chosen can be left again.
        seen = seen if len(seen) <= self.LONGEST else agencies.filter(pk=chosen).values_list("pk", "name")
        return list(seen) if len(seen) > 1 or chosen else []

    def queryset(self, request, queryset):  # noqa: ARG002 (Django's signature)
        key = key_in(self.value() or "")
        return queryset if key is None else queryset.filter(**{self.path: key})


def agencies_at(model, path, user):
    """Those whose rows ``user`` may look at one by one."""
    agencies = get_fields_from_path(model, path)[-1].related_model._default_manager.agencies()
    return agencies if user.is_superuser else agencies.of(user)


def agency_by(path) -> type[AgencyFilter]:
    return type("AgencyFilter", (AgencyFilter,), {"path": path})
