"""The regions in which a night is done: the candidates of one town, or of none; and batches of them.

A batch is worked on at once: that saves reading, for each small town, all the opportunities around it once more.
"""

from collections.abc import Iterable

from django.db import connection

from .models import Region

# So many take a few seconds. Of smaller batches more is written that others, later, outrank; of larger ones there are
# too few to share. A larger town is a batch of its own.
PEOPLE_IN_A_BATCH = 12_000
# How many people live in each town (null: in none that we know of), whether they can be matched or not.
PEOPLE = """
    SELECT coalesce(n.city_id, p.city_id) AS town, count(*) AS number FROM volunteers_volunteer v
    LEFT JOIN engagement_neighbourhood n ON n.id = v.neighbourhood_id
    LEFT JOIN engagement_postcode p ON p.id = v.postcode_id GROUP BY 1
    UNION ALL SELECT city_id, count(*) FROM organisations_organisation WHERE kind = 'mso' GROUP BY 1
"""
TOWN_OF = {
    "volunteer": """
        SELECT coalesce(
            (SELECT city_id FROM engagement_neighbourhood WHERE id = neighbourhood_id),
            (SELECT city_id FROM engagement_postcode WHERE id = postcode_id)
        ) FROM volunteers_volunteer WHERE id = %(pk)s
    """,
    "organisation": "SELECT city_id FROM organisations_organisation WHERE id = %(pk)s",
}
MISSING = f"""
    INSERT INTO matching_region (city_id, demand)
    SELECT DISTINCT town, ''::bytea FROM ({PEOPLE} UNION SELECT NULL, 0) people ON CONFLICT DO NOTHING
"""
# Towns with like official keys lie near each other.
NUMBERS = f"""
    SELECT g.id, coalesce(sum(number), 0)::int FROM matching_region g
    LEFT JOIN ({PEOPLE}) people ON coalesce(town, 0) = coalesce(g.city_id, 0)
    LEFT JOIN engagement_city c ON c.id = g.city_id GROUP BY g.id, c.ags ORDER BY c.ags, g.id
"""


def regions() -> list[int]:
    """The keys of all regions, after making those that are missing where somebody lives."""
    with connection.cursor() as cursor:
        cursor.execute(MISSING)
    return list(Region.objects.order_by("pk").values_list("pk", flat=True))


def of_towns(towns: Iterable[int | None]) -> dict[int | None, int]:
    """The key of the region of each of these towns, after making those that are missing."""
    known = _known(towns)
    if missing := set(towns) - known.keys():
        Region.objects.bulk_create([Region(city_id=town) for town in sorted(missing, key=str)], ignore_conflicts=True)
        known = _known(towns)
    return known


def _known(towns):
    with connection.cursor() as cursor:
        wanted = [town or 0 for town in towns]
        cursor.execute("SELECT city_id, id FROM matching_region WHERE coalesce(city_id, 0) = ANY(%s)", [wanted])
        return dict(cursor.fetchall())


def batches() -> list[list[int]]:
    """All regions, neighbours together. Those with most people come first: they raise the floors for the others."""
    regions()
    with connection.cursor() as cursor:
        cursor.execute(NUMBERS)
        numbers = cursor.fetchall()
    found, people = [], []
    for pk, number in numbers:
        if not found or people[-1] + number > PEOPLE_IN_A_BATCH:
            found.append([])
            people.append(0)
        found[-1].append(pk)
        people[-1] += number
    order = sorted(range(len(found)), key=lambda place: -people[place])
    return [found[place] for place in order]
