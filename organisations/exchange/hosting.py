"""Who posts an offer: an organisation of the agency by its name, or one that is created, not yet verified."""

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db.models import Q

from ..models import Organisation
from .whereabouts import Places
from .words import fold


def own_organisations(agency: Organisation) -> dict[str, Organisation]:
    """The agency and whom it accompanies, by folded name. Others' names do not count: nobody posts for them."""
    rows = Organisation.objects.filter(Q(pk=agency.pk) | Q(agency=agency)).order_by("-pk")
    return {fold(row.name): row for row in rows}


class Hosts:
    def __init__(self, agency: Organisation, places: Places):
        self.agency, self.places = agency, places
        self.known = own_organisations(agency)
        self.new: list[Organisation] = []

    def find(self, name: str, told: dict, city: int | None) -> Organisation:
        """The organisation; a new one is stored with ``create``. Without a name it is the agency itself."""
        if not fold(name):
            return self.agency
        if fold(name) not in self.known:
            host = new_host(name, told, self.agency)
            host.city_id = self.places.town(told.get("town", "")) or city or self.agency.city_id
            self.known[fold(name)] = host
            self.new.append(host)
        return self.known[fold(name)]

    def create(self) -> None:
        Organisation.objects.bulk_create(self.new, batch_size=500)


def new_host(name: str, told: dict, agency: Organisation) -> Organisation:
    """What the source tells, as far as it has a place here."""
    website = told.get("website", "")
    website = website if not website or "://" in website else f"https://{website}"
    return Organisation(
        kind=Organisation.Kind.HOST,
        name=name[:150],
        agency=agency,
        description=told.get("description", "")[:2000],
        phone=told.get("phone", "")[:40],
        email=told["email"] if is_valid(validate_email, told.get("email", "")) else "",
        website=website if is_valid(URLValidator(), website) and len(website) <= 200 else "",
    )


def is_valid(validate, value: str) -> bool:
    try:
        validate(value)
    except ValidationError:
        return False
    return len(value) <= 254
