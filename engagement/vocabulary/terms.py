"""Languages, skills, proofs and fields of engagement: from rows of files to entries."""

from pathlib import Path

from engagement.models import Field, Language, Proof, Skill, SkillGroup

from .reading import EASY, Row, by_code, read_rows
from .storing import Changes, Entry, store, withdraw

YES_NO = {"yes": True, "no": False}


def load_terms(folder: Path, changes: Changes):
    languages = load_languages(folder / "languages.csv", changes)
    groups, skills = load_skills(folder / "skills.csv", changes)
    proofs = load_proofs(folder / "proofs.csv", changes)
    fields = load_fields(folder / "fields.csv", skills, proofs, changes)
    # Whoever refers comes first: after that nothing that was loaded refers to a word that has left its file.
    withdraw(Field, {"fields.csv"}, set(fields), changes)
    withdraw(Skill, {"skills.csv"}, set(skills), changes)
    withdraw(SkillGroup, {"skills.csv"}, set(groups), changes)
    withdraw(Proof, {"proofs.csv"}, set(proofs), changes)
    withdraw(Language, {"languages.csv"}, set(languages), changes)


def common(row: Row, position: int, names: dict[str, str], descriptions: dict[str, str]) -> dict:
    if "de" not in names:
        raise row.fault("the German name is empty.")
    return {
        "names": names,
        "descriptions": descriptions,
        "position": position,
        "is_active": True,
        "loaded_from": row.file,
    }


def described(row: Row, column: str) -> dict[str, str]:
    """Descriptions by language; the easy German one has a column of its own."""
    easy = row.cells["easy_de"]
    return row.texts(column) | ({EASY: easy} if easy else {})


def entry(row: Row, position: int, descriptions: dict[str, str], **values) -> Entry:
    return Entry({"code": row.text("code"), **common(row, position, row.texts("name_"), descriptions), **values}, row)


def load_languages(path: Path, changes: Changes) -> dict[str, Language]:
    rows = by_code(read_rows(path, ["code", "name_de", "name_en", "autonym", "script_direction", "tier"]))
    directions = {value: value for value in Language.Direction.values}
    frequent_first = sorted(rows.values(), key=lambda row: row.whole("tier") or 0)
    entries = {
        row.cells["code"]: entry(
            row,
            position,
            {},
            autonym=row.cells["autonym"],
            direction=row.choice("script_direction", directions),
            tier=row.choice("tier", {str(tier): tier for tier in range(4)}),
        )
        for position, row in enumerate(frequent_first)
    }
    return store(Language, entries, changes)


def load_skills(path: Path, changes: Changes) -> tuple[dict[str, SkillGroup], dict[str, Skill]]:
    columns = ["code", "group_code", "group_de", "group_en", "name_de", "name_en", "easy_de", "synonyms_de"]
    rows = by_code(read_rows(path, [*columns, "esco_uri", "esco_match"]))
    groups = store(SkillGroup, groups_of(rows.values()), changes)
    matches = {value: value for value in Skill.EscoMatch.values}
    entries = {
        code: entry(
            row,
            position,
            described(row, "description_"),
            group_id=groups[row.cells["group_code"]].pk,
            synonyms=row.parts("synonyms_de"),
            esco_uri=row.cells["esco_uri"],
            esco_match=row.choice("esco_match", matches),
        )
        for position, (code, row) in enumerate(rows.items())
    }
    return groups, store(Skill, entries, changes)


def groups_of(rows) -> dict[str, Entry]:
    """The groups that the skills name, each under one name only."""
    groups: dict[str, Entry] = {}
    for row in rows:
        code = row.text("group_code")
        names = {language: name for language, name in row.texts("group_").items() if language != "code"}
        if code not in groups:
            values = common(row, len(groups), names, {})
            groups[code] = Entry({"code": code, **values}, row)
        elif groups[code].values["names"] != names:
            raise row.fault(f"the group {code} has other names in line {groups[code].at.line}.")
    return groups


def load_proofs(path: Path, changes: Changes) -> dict[str, Proof]:
    columns = ["code", "name_de", "name_en", "basis", "rule_de", "easy_de", "recheck_months", "record_inspection_only"]
    rows = by_code(read_rows(path, columns))
    entries = {
        code: entry(
            row,
            position,
            described(row, "rule_"),
            basis=row.cells["basis"],
            recheck_months=row.whole("recheck_months"),
            is_inspection_only=row.choice("record_inspection_only", YES_NO),
        )
        for position, (code, row) in enumerate(rows.items())
    }
    return store(Proof, entries, changes)


def load_fields(path: Path, skills: dict[str, Skill], proofs: dict[str, Proof], changes: Changes) -> dict[str, Field]:
    columns = ["code", "name_de", "name_en", "description_de", "easy_de", "typical_skills", "typical_certificates"]
    rows = by_code(read_rows(path, [*columns, "usual_min_age", "freinet_category_example"]))
    entries = {
        code: entry(
            row,
            position,
            described(row, "description_"),
            category=row.cells["freinet_category_example"],
            usual_min_age=row.whole("usual_min_age"),
        )
        for position, (code, row) in enumerate(rows.items())
    }
    fields = store(Field, entries, changes)
    for column, name, terms in (("typical_skills", "skill", skills), ("typical_certificates", "proof", proofs)):
        link(fields, rows, column, name, terms, changes)
    return fields


def link(fields: dict[str, Field], rows: dict[str, Row], column: str, name: str, terms: dict, changes: Changes):
    """Make a many-to-many table of the fields equal to a column of the file."""
    table = getattr(Field, f"typical_{name}s").through
    wanted = {
        (fields[code].pk, found(row, column, part, terms).pk)
        for code, row in rows.items()
        if fields[code].loaded_from
        for part in row.parts(column)
    }
    stored = {(pair.field_id, getattr(pair, f"{name}_id")): pair.pk for pair in table.objects.all()}
    loaded = {field.pk for field in fields.values() if field.loaded_from}
    gone = [pk for pair, pk in stored.items() if pair[0] in loaded and pair not in wanted]
    new = sorted(wanted - set(stored))
    if gone:
        table.objects.filter(pk__in=gone).delete()
    table.objects.bulk_create([table(**{"field_id": one, f"{name}_id": other}) for one, other in new])
    changes.note(Field, f"links to {name}s changed", len(gone) + len(new))


def found(row: Row, column: str, code: str, terms: dict):
    if code not in terms:
        raise row.fault(f"{column}: {code} is unknown.")
    return terms[code]
