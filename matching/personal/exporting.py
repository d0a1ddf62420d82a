"""Everything the house keeps about one person, for themselves (Articles 15 and 20 GDPR)."""

from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from engagement.models import User
from volunteers.models import Consent, Volunteer

from .tables import TABLES, Table


@dataclass(frozen=True)
class Person:
    """An account, its confirmed addresses, and its profiles: its own, and what was left without an account under
    one of these addresses."""

    user: User
    addresses: list[str]
    profiles: list[int]

    @classmethod
    def of(cls, user: User) -> "Person":
        confirmed = user.emailaddress_set.filter(verified=True).values_list("email", flat=True)
        addresses = sorted({user.email, *(address.lower() for address in confirmed)})
        visitors = Volunteer.objects.exclude(consents__purpose=Consent.Purpose.PROFILE).filter(user=None)
        theirs = Q(pk__in=visitors.filter(any_of("email", addresses)).values("pk"))
        profiles = Volunteer.objects.filter(Q(user=user) | theirs)
        return cls(user, addresses, list(profiles.values_list("pk", flat=True)))

    def rows(self, label: str):
        """The rows of a table that are about this person."""
        table, model = TABLES[label], apps.get_model(label)
        found = any_of(table.address, self.addresses) if table.address else Q()
        if table.user:
            found |= Q(**{table.user: self.user.pk})
        if table.volunteer:
            found |= Q(**{f"{table.volunteer}__in": self.profiles})
        return model._base_manager.filter(found).order_by("pk")


def any_of(lookup: str, addresses: list[str]) -> Q:
    """Rows with one of the addresses, in whatever letters somebody wrote it."""
    found = Q(pk__in=[])
    for address in addresses:
        found |= Q(**{f"{lookup}__iexact": address})
    return found


def export(user: User, *, now=None) -> dict:
    """All that ``tables.py`` says is told, by table, with its purpose, its ground and how long it is kept."""
    person = Person.of(user)
    return {
        "about": user.email,
        "from": settings.SITE_URL,
        "made_at": now or timezone.now(),
        "tables": {label: part(person, label, table) for label, table in TABLES.items() if table.is_personal},
    }


def part(person: Person, label: str, table: Table) -> dict:
    rows = [tell(row, table.told.split()) for row in person.rows(label)]
    return {"purpose": table.purpose, "ground": table.ground, "kept": table.kept, "rows": rows}


def tell(row, names: list[str]) -> dict:
    return {name: value_of(row, row._meta.get_field(name)) for name in names}


def value_of(row, field):
    """What a field holds; a link as the name of what it leads to."""
    if field.many_to_many:
        return [str(other) for other in getattr(row, field.name).all()]
    value = getattr(row, field.name)
    return str(value) if field.is_relation and value is not None else value
