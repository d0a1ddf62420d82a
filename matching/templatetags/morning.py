"""What waits, for the first page of the desk."""

from django import template
from django.utils import timezone

from engagement.keys import key_in
from matching import morning
from organisations.models import Organisation

register = template.Library()


@register.inclusion_tag("admin/matching/morning.html", takes_context=True)
def show_morning(context):
    request = context["request"]
    agencies = agencies_of(request.user)
    asked = request.GET.get("agency", "")
    chosen = next((agency for agency in agencies if agency.pk == key_in(asked)), None)
    tasks = morning.waiting_for(request.user, chosen)
    return {
        "tasks": tasks,
        "number": sum(task.number for task in tasks),
        "late": sum(task.late for task in tasks),
        "agencies": agencies,
        "chosen": chosen,
        "is_unknown": bool(asked) and chosen is None,
        "today": timezone.localdate(),
    }


def agencies_of(user) -> list[Organisation]:
    """Between whose rows ``user`` may choose: their own agencies; administrators, all."""
    agencies = Organisation.objects.agencies()
    return list(agencies.only("name") if user.is_superuser else agencies.of(user).only("name"))
