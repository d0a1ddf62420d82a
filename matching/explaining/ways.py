"""How far it is between the two, in a few words for the desk."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..geography import APART, CROSSES, SAME, TOUCHES
from .pairs import Pair
from .reasons import IN_TOWN, how_near

WAYS = {
    IN_TOWN: gettext_lazy("in the same town"),
    SAME: gettext_lazy("in the same neighbourhood"),
    TOUCHES: gettext_lazy("next neighbourhood, about %(km)s km"),
    CROSSES: gettext_lazy("about %(km)s km, across the Rhine"),
    APART: gettext_lazy("about %(km)s km away"),
}


def way_of(pair: Pair) -> str:
    if pair.o.is_remote:
        return _("can be done from home")
    relation = how_near(pair)[0] if pair.verdict.relation == SAME or pair.is_way_known else None
    if relation is None:
        return _("distance not known")
    return str(WAYS[relation]) % {"km": pair.km()} if pair.is_way_known else str(WAYS[relation])
