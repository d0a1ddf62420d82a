"""Whoever's data we pass on is named."""

import re

from django.conf import settings

from engagement.vocabulary.geojson import read_features
from engagement.vocabulary.loading import FILES

NOTICE = (settings.BASE_DIR / "NOTICE").read_text(encoding="utf-8")


def test_every_shipped_file_has_its_credits():
    assert [file.name for file in sorted(FILES.iterdir()) if file.name not in NOTICE] == []


def test_every_attribution_and_licence_of_a_feature_is_named():
    features = [feature for file in FILES.glob("*.geojson") for feature in read_features(file)]
    credits = {feature.properties[key] for feature in features for key in ("attribution", "licence")}
    assert {credit for credit in credits if credit not in NOTICE} == set()


def test_every_source_of_a_feature_is_named():
    features = [feature for file in FILES.glob("*.geojson") for feature in read_features(file)]
    # GeoNames numbers each of its places.
    sources = {re.sub(r"^GeoNames \d+", "GeoNames", feature.properties["source"]) for feature in features}
    assert {source for source in sources if source not in NOTICE} == set()
