"""Neighbourhoods out of a GeoJSON file, at the desk."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from engagement.models import Neighbourhood, Upload
from tests.factories import NeighbourhoodFactory

pytestmark = pytest.mark.django_db
IMPORT = reverse("admin:engagement_neighbourhood_import")


def collection(*names, **properties):
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"name": name, **properties},
                    "geometry": {"type": "Point", "coordinates": [7.1 + number / 10, 51.2]},
                }
                for number, name in enumerate(names)
            ],
        }
    ).encode()


def send(client, data, name="quartiere.geojson", city="Wuppertal"):
    return client.post(IMPORT, {"file": SimpleUploadedFile(name, data), "city": city})


def test_a_file_is_shown_first_and_then_taken_over(client, cast):
    client.force_login(cast.administrator)
    preview = send(client, collection("Barmen", "Vohwinkel")).url
    assert "Barmen, Vohwinkel" in client.get(preview).content.decode()
    assert not Neighbourhood.objects.exists()
    client.post(preview)
    assert list(Neighbourhood.objects.values_list("city__name", "name")) == [
        ("Wuppertal", "Barmen"),
        ("Wuppertal", "Vohwinkel"),
    ]
    assert not Upload.objects.exists()


def test_what_the_file_no_longer_has_is_named(client, cast):
    client.force_login(cast.administrator)
    client.post(send(client, collection("Barmen", "Vohwinkel")).url)
    preview = send(client, collection("Barmen", "Cronenberg")).url
    outlook = client.get(preview).context["outlook"]
    assert (outlook.new, outlook.known, outlook.gone) == (["Cronenberg"], ["Barmen"], ["Vohwinkel"])


def test_a_file_of_another_town_with_the_same_name_withdraws_nothing(client, cast):
    NeighbourhoodFactory(loaded_from="neighbourhoods.geojson")
    client.force_login(cast.administrator)
    client.post(send(client, collection("Barmen"), "neighbourhoods.geojson").url)
    client.post(send(client, collection("Kupferdreh"), "neighbourhoods.geojson", "Essen").url)
    assert Neighbourhood.objects.in_use().count() == 3


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"{", "line 1"),
        (b'{"a":\n\xff}', "line 2"),
        (b"[]", "FeatureCollection"),
        (collection("Barmen", ""), "feature 2"),
        (collection("Barmen", "Barmen"), "occurs twice"),
    ],
)
def test_a_broken_file_is_refused_with_its_reason(client, cast, data, reason):
    client.force_login(cast.administrator)
    answer = send(client, data)
    assert reason in str(answer.context["form"].errors["file"])
    assert not Upload.objects.exists()
    assert not Neighbourhood.objects.exists()


def test_the_town_has_to_be_known(client, cast):
    client.force_login(cast.administrator)
    assert "town is missing" in str(send(client, collection("Barmen"), city="").context["form"].errors["file"])
    assert send(client, collection("Barmen", city="Wuppertal"), city="").status_code == 302


def test_staff_import_no_neighbourhoods(client, cast):
    client.force_login(cast.staff)
    assert client.get(IMPORT).status_code == 403
    assert send(client, collection("Barmen")).status_code == 403


HOSTILE = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=6,
)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.binary(max_size=80)
    | st.tuples(HOSTILE, st.sampled_from(["Point", "Polygon", "MultiPolygon"]), HOSTILE).map(
        lambda parts: json.dumps(
            {"features": [{"properties": {"name": parts[0]}, "geometry": {"type": parts[1], "coordinates": parts[2]}}]}
        ).encode()
    )
)
def test_no_file_breaks_the_page(client, cast, data):
    client.force_login(cast.administrator)
    assert send(client, data).status_code in (200, 302)
