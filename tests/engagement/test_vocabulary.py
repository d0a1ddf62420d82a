"""The vocabulary: what ships loads, a changed file changes rows, a malformed one changes nothing."""

import json
import shutil

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from engagement.models import (
    Adjacency,
    City,
    Field,
    Language,
    Level,
    Neighbourhood,
    Postcode,
    Proof,
    Skill,
    SkillGroup,
)
from engagement.vocabulary.loading import FILES, load_vocabulary
from engagement.vocabulary.reading import EASY, VocabularyError
from tests.factories import OpportunityFactory, SkillFactory, VolunteerFactory

TABLES = [Language, SkillGroup, Skill, Proof, Field, City, Neighbourhood, Adjacency, Postcode]


@pytest.fixture
def folder(tmp_path):
    """A copy of the shipped files, to be spoiled."""
    return shutil.copytree(FILES, tmp_path / "files")


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def drop_line(path, start):
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(start)), encoding="utf-8")


def everything():
    links = [Field.typical_skills.through, Field.typical_proofs.through]
    return [list(model.objects.order_by("pk").values()) for model in [*TABLES, *links]]


def test_the_shipped_files_load(vocabulary):
    assert [model.objects.count() for model in TABLES] == [88, 13, 109, 16, 29, 394, 532, 805, 869]


def test_loading_twice_changes_no_row_and_writes_nothing(vocabulary):
    before = everything()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        changes = load_vocabulary()
    assert str(changes) == "Nothing has changed."
    assert everything() == before
    verbs = {query["sql"].split()[0] for query in queries.captured_queries}
    assert verbs <= {"SELECT", "SAVEPOINT", "RELEASE"}


def test_a_term_has_its_names_and_its_place(vocabulary):
    arabic = Language.objects.get(code="ar")
    assert (arabic.names["de"], arabic.names["en"], arabic.names["fa"]) == ("Arabisch", "Arabic", "عربی")
    assert (arabic.autonym, arabic.direction, arabic.tier) == ("العربية", "rtl", 1)
    field = Field.objects.get(code="SPRACHMITTLUNG")
    assert field.descriptions["de-simple"] == "Du übersetzt in einem Gespräch. Zum Beispiel in der Schule."
    assert [skill.code for skill in field.typical_skills.all()] == ["SPR01", "SPR08", "VIE01"]
    assert [proof.code for proof in field.typical_proofs.all()] == ["EFZ_OFT", "SCHWEIGE", "BASIS_SM"]
    assert Skill.objects.get(code="SPR02").esco_uri.startswith("http://data.europa.eu/esco/skill/")


def test_every_term_has_a_name_in_every_language_of_the_interface(vocabulary):
    terms = [term for model in (Language, SkillGroup, Skill, Proof, Field) for term in model.objects.all()]
    named = {(term.code, language) for term in terms for language, name in term.names.items() if name}
    # Einfache Sprache has descriptions of its own; its names are the German ones.
    languages = dict(settings.LANGUAGES).keys() - {EASY}
    assert [
        (term.code, language) for term in terms for language in languages if (term.code, language) not in named
    ] == []


def test_fields_and_proofs_are_explained_in_every_language(vocabulary):
    languages = dict(settings.LANGUAGES).keys()
    terms = [*Field.objects.all(), *Proof.objects.all()]
    assert [term.code for term in terms if not languages <= term.descriptions.keys()] == []


def test_a_term_is_read_in_the_language_of_the_page(vocabulary):
    with translation.override("ar"):
        assert Skill.objects.get(code="SPR02").name == "ترجمة النصوص"
        assert Field.objects.get(code="SPRACHMITTLUNG").description == "الترجمة الشفوية في محادثة. مثلًا في المدرسة."


def test_languages_come_by_frequency(vocabulary):
    codes = list(Language.objects.values_list("code", flat=True))
    assert codes[:3] == ["de", "tr", "ar"]
    assert Language.objects.get(code="gsg").position < Language.objects.get(code="kab").position


def test_places_have_borders_neighbours_and_postcodes(vocabulary):
    vingst = Neighbourhood.objects.get(code="koeln-vingst")
    assert vingst.geometry["type"] == "Polygon"
    assert Postcode.objects.get(code="51103").city == vingst.city
    across = Adjacency.objects.filter(crosses_rhine=True)
    assert across.count() == 50
    assert all(pair.one.code < pair.other.code for pair in Adjacency.objects.select_related("one", "other"))


def test_the_levels_are_those_of_the_framework():
    assert [(level.name, level.value) for level in Level] == [
        ("A1", 1),
        ("A2", 2),
        ("B1", 3),
        ("B2", 4),
        ("C1", 5),
        ("C2", 6),
        ("NATIVE", 7),
    ]


def test_a_changed_file_updates_the_row_and_keeps_its_key(vocabulary, folder):
    key = Skill.objects.get(code="SPR02").pk
    change(folder / "skills.csv", "Texte übersetzen,Translating texts", "Briefe übersetzen,Translating letters")
    assert str(load_vocabulary(folder)) == "skills: changed 1"
    assert Skill.objects.get(pk=key).names["de"] == "Briefe übersetzen"


def test_another_language_is_another_column(vocabulary, folder):
    change(folder / "proofs.csv", "code,name_de", "code,name_el,name_de")
    path = folder / "proofs.csv"
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([head, *(line.replace(",", ",Έγγραφο,", 1) for line in lines)]), encoding="utf-8")
    load_vocabulary(folder)
    assert Proof.objects.get(code="EFZ").names["el"] == "Έγγραφο"


def test_a_word_that_left_the_file_is_removed(vocabulary, folder):
    drop_line(folder / "languages.csv", "kab,")
    drop_line(folder / "proofs.csv", "JULEICA,")
    load_vocabulary(folder)
    assert not Language.objects.filter(code="kab").exists()
    assert not Proof.objects.filter(code="JULEICA").exists()


def test_a_word_in_use_that_left_the_file_is_kept_and_no_longer_offered(vocabulary, folder):
    VolunteerFactory().spoken_languages.create(language=Language.objects.get(code="kab"))
    OpportunityFactory(field=Field.objects.get(code="SPORT")).proofs.add(Proof.objects.get(code="JULEICA"))
    drop_line(folder / "languages.csv", "kab,")
    drop_line(folder / "proofs.csv", "JULEICA,")
    load_vocabulary(folder)
    assert not Language.objects.get(code="kab").is_active
    assert not Proof.objects.get(code="JULEICA").is_active
    assert str(load_vocabulary(folder)) == "Nothing has changed."


def test_a_word_that_comes_back_is_offered_again(vocabulary, folder):
    Language.objects.filter(code="kab").update(is_active=False)
    load_vocabulary()
    assert Language.objects.get(code="kab").is_active


def test_what_administrators_wrote_or_changed_stays(vocabulary):
    group = SkillGroup.objects.get(code="SPR")
    SkillFactory(code="OWN", group=group)
    Skill.objects.filter(code="SPR01").update(names={"de": "Dolmetschen"}, loaded_from="")
    load_vocabulary()
    assert Skill.objects.filter(code="OWN", is_active=True).exists()
    assert Skill.objects.get(code="SPR01").names == {"de": "Dolmetschen"}


def test_a_word_changed_at_the_desk_is_no_longer_the_files(vocabulary, cast, client):
    client.force_login(cast.administrator)
    proof = Proof.objects.get(code="JULEICA")
    data = {"code": "JULEICA", "names_de": "Juleica", "position": 0, "is_active": "on"}
    response = client.post(f"/en/admin/engagement/proof/{proof.pk}/change/", data)
    assert response.status_code == 302
    load_vocabulary()
    assert Proof.objects.get(code="JULEICA").names == {"de": "Juleica"}


def test_a_neighbourhood_without_use_leaves_with_its_file_and_its_neighbours_stay(vocabulary, folder):
    path = folder / "neighbourhoods.geojson"
    collection = json.loads(path.read_text(encoding="utf-8"))
    collection["features"] = [f for f in collection["features"] if f["properties"]["id"] != "koeln-vingst"]
    path.write_text(json.dumps(collection), encoding="utf-8")
    for file in ("adjacency.csv", "postcodes.csv"):
        text = (folder / file).read_text(encoding="utf-8").splitlines()
        lines = [line for line in text if "koeln-vingst" not in line]
        (folder / file).write_text("\n".join(lines), encoding="utf-8")
    load_vocabulary(folder)
    assert not Neighbourhood.objects.filter(code="koeln-vingst").exists()
    assert Neighbourhood.objects.filter(code="koeln-kalk").exists()


OSM = "neighbourhoods_osm.geojson"
FAULTS = {
    "a wrong column": ("skills.csv", "code,group_code", "code,gruop_code", "skills.csv, line 1: the column group_code"),
    "a column twice": (
        "proofs.csv",
        "code,name_de,name_en",
        "code,name_de,name_de,name_en",
        "line 1: the column name_de",
    ),
    "a cell too many": ("proofs.csv", "EFZ_OFT,", "EFZ_OFT,,", "proofs.csv, line 3: 27 columns expected, 28 found"),
    "a duplicate code": ("languages.csv", "uk,Ukr", "tr,Ukr", "languages.csv, line 5: the code tr occurs twice"),
    "an empty code": ("languages.csv", "uk,Ukr", ",Ukr", "languages.csv, line 5: the column code is empty"),
    "an unknown skill": ("fields.csv", "SPR01;SPR08", "SPR01;SPR99", "line 2: typical_skills: SPR99 is unknown"),
    "an unknown proof": ("fields.csv", "BASIS_SM", "BASIS", "line 2: typical_certificates: BASIS is unknown"),
    "a bad number": ("fields.csv", "BASIS_SM,18", "BASIS_SM,achtzehn", "line 2: usual_min_age: “achtzehn” is not a"),
    "a huge number": ("fields.csv", "BASIS_SM,18", "BASIS_SM,99999999999", "usual_min_age: “99999999999” is not a"),
    "a bad choice": ("languages.csv", "rtl,1", "up,1", "line 4: script_direction: “up” is none of ltr, rtl"),
    "a long code": ("languages.csv", "uk,Ukr", "u" * 41 + ",Ukr", "languages.csv, line 5: code: Ensure this value has"),
    "two group names": ("skills.csv", "SPR02,SPR,Sprache", "SPR02,SPR,Rede", "line 3: the group SPR has other names"),
    "a bad address": (
        "skills.csv",
        "http://data.europa.eu/esco/skill/42f8",
        "nonsense 42f8",
        "line 2: esco_uri:",
    ),
    "no German name": ("languages.csv", "uk,Ukrainisch", "uk,", "languages.csv, line 5: the German name is empty"),
    "an unclosed quote": (
        "fields.csv",
        '"Menschen sprachlich',
        '"Menschen" sprachlich',
        "line 2: this is not CSV",
    ),
    "a NUL": ("proofs.csv", "SCHWEIGE,Erkl", "SCHWEIGE,\0Erkl", "proofs.csv, line 6: a NUL byte"),
    "an unknown place": (
        "adjacency.csv",
        "aachen-52062,",
        "aachen-1,",
        "line 2: the neighbourhood aachen-1",
    ),
    "a bad distance": ("adjacency.csv", "1.16", "1,16", "adjacency.csv, line 2: 5 columns expected, 6 found"),
    "a bad postcode": ("postcodes.csv", "32049", "3204", "postcodes.csv, line 2: plz: “3204” is not five digits"),
    "a bad latitude": ("postcodes.csv", "52.1337", "nan", "postcodes.csv, line 2: lat: “nan” is not a number"),
    "an unknown neighbourhood": ("postcodes.csv", "8.6963,own,", "8.6963,own,herford", "herford is unknown"),
    "broken JSON": (OSM, "[", "[,", "neighbourhoods_osm.geojson, line 1: this is not JSON"),
    "a missing name": (
        "neighbourhoods_osm.geojson",
        '"name":"Garath"',
        '"nam":"Garath"',
        "the property “name” is",
    ),
    "a bad coordinate": (
        "neighbourhoods_osm.geojson",
        "6.8883,51.15725",
        "356000,51.15725",
        "feature 1 (Garath): [356000",
    ),
    "a text as coordinate": (OSM, "6.8883,", '"6,8883",', "feature 1 (Garath): ["),
    "an unclosed polygon": (
        "neighbourhoods_osm.geojson",
        "6.8883,51.15725",
        "6.8884,51.15725",
        "the polygon is not closed",
    ),
    "a place twice": (
        "neighbourhoods_osm.geojson",
        '"id":"duesseldorf-garath","name',
        '"id":"koeln-kalk","name',
        "occurs twice",
    ),
    "no number": (OSM, "6.8883,", "NaN,", "this is not JSON (NaN is not a number)"),
    "a NUL in JSON": (OSM, "Garath", "Gar\\u0000ath", "feature 1: a NUL character"),
}


@pytest.mark.parametrize(("file", "old", "new", "message"), FAULTS.values(), ids=FAULTS)
@pytest.mark.django_db
def test_a_malformed_file_names_the_place_and_loads_nothing(folder, file, old, new, message):
    change(folder / file, old, new)
    with pytest.raises(VocabularyError) as error:
        load_vocabulary(folder)
    assert message in str(error.value)
    assert [model.objects.count() for model in TABLES] == [0] * len(TABLES)


@pytest.mark.django_db
def test_text_that_is_not_utf8_is_named_by_its_line(folder):
    path = folder / "languages.csv"
    path.write_bytes(path.read_bytes().replace("Türkisch".encode(), "Türkisch".encode("latin-1")))
    with pytest.raises(VocabularyError, match=r"languages\.csv, line 3: this is not UTF-8"):
        load_vocabulary(folder)


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf"], ids=["nothing", "a byte order mark"])
@pytest.mark.django_db
def test_an_empty_file_is_refused(folder, content):
    (folder / "languages.csv").write_bytes(content)
    with pytest.raises(VocabularyError, match=r"languages\.csv, line 1"):
        load_vocabulary(folder)


def test_a_byte_order_mark_does_no_harm(vocabulary, folder):
    path = folder / "languages.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert str(load_vocabulary(folder)) == "Nothing has changed."


@pytest.mark.django_db
def test_a_missing_file_is_an_error_of_the_command(folder):
    with pytest.raises(CommandError, match=r"Nothing was loaded\. nowhere\.geojson: the file cannot be read"):
        call_command("load_neighbourhoods", folder / "nowhere.geojson")
