"""The two ways to fill the vocabulary: all that ships, or one town's own neighbourhoods. All of it, or nothing."""

from pathlib import Path

from django.db import transaction

from .geojson import Feature, read_features
from .neighbourhoods import load_own_neighbourhoods, load_shipped_neighbourhoods
from .storing import Changes
from .terms import load_terms

FILES = Path(__file__).parent / "files"


@transaction.atomic
def load_vocabulary(folder: Path = FILES) -> Changes:
    """Make the tables equal to the files. Raises VocabularyError and changes nothing where a file is at fault."""
    changes = Changes()
    load_terms(folder, changes)
    load_shipped_neighbourhoods(folder, changes)
    return changes


@transaction.atomic
def load_neighbourhoods(path: Path, city: str = "") -> Changes:
    """Add the neighbourhoods of a GeoJSON file, or update those it brought before. Raises VocabularyError as above."""
    return load_features(read_features(path), city)


@transaction.atomic
def load_features(features: list[Feature], city: str = "") -> Changes:
    """The same with what was read already. What the same file brought before and no longer has is withdrawn."""
    changes = Changes()
    load_own_neighbourhoods(features, city, changes)
    return changes
