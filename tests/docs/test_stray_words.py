"""No Russian word of the interface stands outside a translation, in pages and in Python."""

import ast
import re
from collections.abc import Iterator

from jinja2 import Environment, nodes

from voronka.config import texts

CYRILLIC = re.compile("[а-яё]+", re.IGNORECASE)
# Russian words outside translation: "file:table" in Python, "file:word" in a page.
ALLOWED = {
    "formats.py:_MONTHS": "a table for each language",
    "formats.py:_MONTHS_SHORT": "a table for each language",
    "formats.py:MONTHS_NOMINATIVE": "a table for each language",
    "formats.py:_WEEKDAYS": "a table for each language",
    "region_words.py:REGIONS": "names of regions as rules keep them, each beside its word",
    "templates/signin/account.html:Русский": "a language is named in itself",
    "templates/_custom.html:да": "the form's value, not shown; custom_fields reads it",
    "templates/_custom.html:нет": "the form's value, not shown; custom_fields reads it",
}
PAGE = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)


def test_no_russian_word_stands_outside_a_translation() -> None:
    found = dict(_strays())
    strays = {key: line for key, line in found.items() if key not in ALLOWED}
    assert strays == {}
    assert set(ALLOWED) - set(found) == set(), "no longer there: take it off the list"


def _strays() -> Iterator[tuple[str, int]]:
    """Give "file:place" and the line of every Russian literal that nobody translates."""
    for file in texts.sources():
        source, name = file.read_text(encoding="utf-8"), str(file.relative_to(texts.WEB))
        found = _in_python(source) if file.suffix == ".py" else _in_page(source)
        yield from ((f"{name}:{place}", line) for place, line in found)


def _in_page(source: str) -> Iterator[tuple[str, int]]:
    tree = PAGE.parse(source)
    translated = {
        id(argument)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in texts.KEYWORDS
        for argument in call.args
    }
    for one in tree.find_all((nodes.Const, nodes.TemplateData)):
        text = getattr(one, "data", "") or getattr(one, "value", "")
        if isinstance(text, str) and id(one) not in translated:
            yield from ((word, one.lineno) for word in CYRILLIC.findall(text))


def _in_python(source: str) -> Iterator[tuple[str, int]]:
    tree = ast.parse(source)
    calls = (one for one in ast.walk(tree) if isinstance(one, ast.Call))
    skipped = {
        id(argument)
        for call in calls
        if texts.called(call) in texts.KEYWORDS
        for argument in call.args
    }
    # A string that is a statement of its own is a docstring.
    skipped |= {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    for statement in tree.body:
        for one in ast.walk(statement):
            if not isinstance(one, ast.Constant) or id(one) in skipped:
                continue
            if isinstance(one.value, str) and CYRILLIC.search(one.value):
                yield _named(statement), one.lineno


def _named(statement: ast.stmt) -> str:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        return statement.name
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    if isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    return ", ".join(ast.unparse(one) for one in targets)
