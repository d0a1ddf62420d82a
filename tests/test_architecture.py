"""The house keeps its plan: who may import whom, and what no file may contain."""

import ast
import re
from pathlib import Path

import pytest

from matching.compiling import MODULES

HOUSE = Path(__file__).resolve().parent.parent

# Which app may import which; itself always.
APPS = {
    "engagement": set(),
    "volunteers": {"engagement"},
    "organisations": {"engagement"},
    "matching": {"engagement", "volunteers", "organisations"},
}
# Within matching, from the doors to the pure core: a module imports only from floors below its own.
FLOORS = [
    {"apps", "urls", "management", "templatetags"},
    {"views", "admin", "receivers", "demo"},
    {"inquiry", "handing_over", "ideas", "finder", "personal", "morning"},
    {"forms", "letters", "members", "interest", "readers", "curves", "weighing", "publishing", "asking"},
    {"queues"},
    {"desk"},
    {"undoing", "following", "keeping"},
    {"review"},
    {"tasks", "transitions"},
    {"pricing"},
    {"rescoring", "emails", "figures"},
    {"explaining", "storytelling", "pending", "fitting", "doings"},
    {"records", "refreshing", "swapping"},
    {"facts", "regions"},
    {"waiting", "vocabulary", "copying", "tickets", "answers"},
    {"refusals"},
    {"models"},
    {"fairness", "ranking"},
    {"scoring"},
    {"judging"},
    {"geography", "packing", "boxes"},
    {"compiling"},
]


def modules(*folders):
    for folder in folders or APPS:
        yield from (path for path in (HOUSE / folder).rglob("*.py") if "migrations" not in path.parts)


def imports(path):
    """The absolute names of everything a module imports, wherever in the file it does so."""
    package = path.relative_to(HOUSE).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            yield from (f"{module}.{name.name}" for name in node.names)


def forbidden_imports(app, paths):
    allowed = {app, *APPS[app]}
    return [
        f"{path.name}: {app} must not import {name.split('.')[0]} ({name})"
        for path in paths
        for name in imports(path)
        if name.split(".")[0] in APPS.keys() - allowed
    ]


@pytest.mark.parametrize("app", APPS)
def test_apps_import_only_what_lies_below(app):
    assert forbidden_imports(app, modules(app)) == []


def test_a_forbidden_import_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.test_architecture.HOUSE", tmp_path)
    wrong = tmp_path / "volunteers" / "views.py"
    wrong.parent.mkdir()
    wrong.write_text("def late():\n    from organisations.models import Organisation\n    return Organisation\n")
    found = forbidden_imports("volunteers", [wrong])
    assert found == ["views.py: volunteers must not import organisations (organisations.models.Organisation)"]


def floor(room):
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


def rooms_of_matching():
    """Each module, or package, with the rooms of matching that it imports."""
    for path in modules("matching"):
        room = path.relative_to(HOUSE / "matching").with_suffix("").parts[0]
        names = [name.split(".")[1] for name in imports(path) if name.startswith("matching.")]
        if room != "__init__":
            yield room, names


def test_every_room_of_matching_has_its_floor():
    assert {room for room, _names in rooms_of_matching()} - set().union(*FLOORS) == set()


def test_matching_imports_downwards():
    wrong = [
        f"matching/{room} must not import matching/{name}"
        for room, names in rooms_of_matching()
        for name in names
        if floor(name) < floor(room)
    ]
    assert wrong == []


PURE = ["compiling", "packing", "geography", "judging", "scoring", "ranking"]


@pytest.mark.parametrize("room", PURE)
def test_the_core_of_scoring_is_pure(room):
    names = {name.split(".")[0] for name in imports(HOUSE / "matching" / f"{room}.py")}
    assert names & {"django", "celery", "datetime", "time", "volunteers", "organisations", "engagement"} == set()


def test_what_is_compiled_is_compiled_again_when_a_part_of_it_changes():
    rooms = {room: {*names} for room, names in rooms_of_matching()}
    parts = {room for room, names in rooms.items() if "compiling" in names}
    parts |= {name for room in parts for name in rooms[room]}
    assert parts - {*MODULES} == set()


def test_no_module_is_too_long_to_be_read_at_once():
    everything = [*modules(), *modules("tests", "benchmarks")]
    lengths = {str(path.relative_to(HOUSE)): len(path.read_text().splitlines()) for path in everything}
    assert {name: lines for name, lines in lengths.items() if lines > 400} == {}


def test_nothing_waits_for_post_save_or_hides_in_save():
    wrong = [
        f"{path.relative_to(HOUSE)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.Name | ast.alias) and getattr(node, "id", getattr(node, "name", "")) == "post_save")
        or (isinstance(node, ast.ClassDef) and "models" in {path.stem, path.parent.name} and overrides_save(node))
    ]
    assert wrong == []


def overrides_save(node):
    return any(isinstance(part, ast.FunctionDef) and part.name == "save" for part in node.body)


def test_tasks_wait_for_the_commit():
    wrong = [
        f"{path.relative_to(HOUSE)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"delay", "apply_async"}
        # The alarm clock itself hands the call on.
        if path.name != "celery.py"
    ]
    assert wrong == []


# What no template says: pattern, and where it may be said all the same.
TEMPLATE_RULES = {
    "inline style": (r"\sstyle=|<style", {"base_message.html"}),
    "inline script": (r"<script(?![^>]*\b(src=|type=\"application/(ld\+)?json\"))", set()),
    "event attribute": (r"\son[a-z]+=[\"']", set()),
    "javascript address": (r"javascript:", set()),
    "unescaped text": (r"\|\s*safe\b|autoescape off", set()),
    "htmx attribute without data-": (r"\shx-", set()),
    "old name of translate": (r"{% trans ", set()),
    "third party": (r"(src|href)=\"(https?:)?//", set()),
}


@pytest.mark.parametrize("rule", TEMPLATE_RULES)
def test_templates_keep_the_rules(rule):
    pattern, exceptions = TEMPLATE_RULES[rule]
    wrong = [
        f"{path.relative_to(HOUSE)}: {match[0].strip()}"
        for path in (HOUSE / "templates").rglob("*.html")
        if path.name not in exceptions
        for match in re.finditer(pattern, path.read_text())
    ]
    assert wrong == []


PHYSICAL = (
    r"(?<![\w-])(?:(?:margin|padding|border)-(?:left|right|top|bottom)|(?:left|right|top|bottom|width|height)\s*:|"
)
PHYSICAL += r"(?:min|max)-(?:width|height)\s*:|text-align\s*:\s*(?:left|right)|float\s*:\s*(?:left|right))"


def test_style_sheets_are_the_same_from_right_to_left():
    wrong = []
    for path in (HOUSE / "static" / "css").glob("*.css"):
        # A media query asks for the window, which has no direction.
        text = re.sub(r"/\*.*?\*/|@media[^{]*", "", path.read_text(), flags=re.DOTALL)
        wrong += [f"{path.name}: {match[0]}" for match in re.finditer(PHYSICAL, text)]
    assert wrong == []


def strings(path):
    """The source strings that gettext would take from a module."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"_", "gettext", "gettext_lazy", "ngettext"}:
            yield from (part.value for part in node.args if isinstance(part, ast.Constant))


def test_source_strings_are_english():
    german = re.compile(r"\b[a-zäöü]\w*[äöüß]|\b(und|oder|nicht|der|die|das|für|mit)\b")
    wrong = [f"{path.name}: {text}" for path in modules() for text in strings(path) if german.search(str(text))]
    assert wrong == []
