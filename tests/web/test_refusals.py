"""Every refusal there is has its sentence, with what it needs, in both languages."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

import voronka
from voronka.foundation.errors import RefusalError
from voronka.web.refusals import SENTENCES, sentence

ROOT = Path(voronka.__file__).parent
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
# What a sentence takes apart; everything else may be any word.
SHAPED: dict[tuple[str, str], Any] = {
    ("header_duplicate", "columns"): [{"name": "x", "positions": [1, 2]}],
    ("move_forbidden", "move"): "back",
    ("demand_unmet", "demands"): [("talk", "", 30)],
    ("reason_wanted", "demands"): [("field", "note", 0), ("done", "meeting", 0)],
}


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for file in sorted(ROOT.rglob("*.py")):
        if not {"tests", "migrations"} & set(file.parts):
            yield file, ast.parse(file.read_text(encoding="utf-8"))


def refusals() -> dict[str, type[RefusalError]]:
    """Give every class of a refusal by its name."""
    for module in pkgutil.walk_packages(voronka.__path__, "voronka."):
        if not re.search(r"\.(tests|migrations|asgi|benching)\b", module.name):
            importlib.import_module(module.name)
    found, ways = {"RefusalError": RefusalError}, [RefusalError]
    while ways:
        for below in ways.pop().__subclasses__():
            # `_Told` tells again what a report of a load has kept.
            if below.__name__ == "_Told":
                continue
            if below.__module__.startswith("voronka.") and ".tests." not in below.__module__:
                found[below.__name__] = below
                ways.append(below)
    return found


def raised() -> list[tuple[str, type[RefusalError], tuple[str, ...]]]:
    """List the places where a refusal is made: where, which, with what details."""
    classes, found = refusals(), []
    for file, tree in sources():
        for one in ast.walk(tree):
            name = one.func if isinstance(one, ast.Call) else getattr(one, "exc", None)
            name = name.attr if isinstance(name, ast.Attribute) else getattr(name, "id", "")
            if name in classes:
                given = [word.arg for word in getattr(one, "keywords", [])]
                if None not in given:
                    place = f"{file.relative_to(ROOT)}:{getattr(one, 'lineno', 0)}"
                    found.append((place, classes[name], tuple(map(str, given))))
    return found


def test_every_refusal_in_the_sources_has_a_sentence() -> None:
    classes, written = refusals(), set()
    for _, tree in sources():
        for one in ast.walk(tree):
            if isinstance(one, ast.ClassDef) and one.name in classes:
                written.add(one.name)
    assert written == set(classes)
    codes = {one.code for one in classes.values()}
    assert codes - set(SENTENCES) == set()
    # The others are codes of a file's cells: each must still be given somewhere.
    texts = {
        one.value
        for file, tree in sources()
        if "web" not in file.parts
        for one in ast.walk(tree)
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }
    assert set(SENTENCES) - codes - texts == {"bad_form"} - codes


def test_a_new_refusal_without_a_sentence_is_noticed() -> None:
    class NewError(RefusalError):
        code = "quite_new"

    NewError.__module__ = "voronka.deals.new"
    found = refusals()
    assert {one.code for one in found.values()} - set(SENTENCES) == {"quite_new"}
    assert "quite_new" in sentence(NewError())
    NewError.__module__ = "tests"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_place_that_refuses_gives_what_its_sentence_says(language: str) -> None:
    places = raised()
    assert len(places) > 60
    with override(language):
        for place, kind, names in places:
            details = {name: SHAPED.get((kind.code, name), "7") for name in names}
            said = sentence(kind(**details))
            assert said.strip(), place
            assert "%(" not in said, (place, said)
            assert kind.code not in said, (place, said)
            assert bool(CYRILLIC.search(said)) == (language == "ru") or said == "7", place
