"""The texts of the interface: found in pages and in Python, kept in two catalogues.

Russian is the language of the sources, so its catalogue holds plural forms only.
"""

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

WEB = Path(__file__).resolve().parents[1] / "web"
LANGUAGES = ("en", "ru")
KEYWORDS = frozenset({
    "_", "gettext", "gettext_lazy", "lazy", "ngettext", "ngettext_lazy", "pgettext",
    "pgettext_lazy",
})  # fmt: skip
# No dates, versions or line numbers: the file changes only when a text does.
_HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """One text to translate. `plural` and `context` are "" where there is none."""

    text: str
    plural: str = ""
    context: str = ""


def messages_of_sources(folder: Path = WEB) -> list[Message]:
    """List the texts of all pages and Python files in a folder, sorted, each once.

    Tests are left out. A text that is used with and without a number counts as plural.
    """
    found: set[Message] = set()
    for file in sources(folder):
        source = file.read_text(encoding="utf-8")
        of_file = messages_of_python if file.suffix == ".py" else messages_of_page
        found |= of_file(source)
    plurals = {(one.context, one.text) for one in found if one.plural}
    return sorted(one for one in found if one.plural or (one.context, one.text) not in plurals)


def sources(folder: Path = WEB) -> Iterator[Path]:
    """Give the files that may hold texts, sorted by path."""
    for file in sorted(folder.rglob("*")):
        is_script = file.suffix == ".js" and "templates" in file.parts
        if (file.suffix in (".html", ".py") or is_script) and "tests" not in file.parts:
            yield file


def messages_of_python(source: str) -> set[Message]:
    """Find the texts in Python, those within f-strings too.

    Babel's own reader misses what stands within f-strings before Python 3.12.
    """
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return _kept((called(call), [_literal(one) for one in call.args]) for call in calls)


def messages_of_page(source: str) -> set[Message]:
    """Find the texts in a Jinja page. Raises: TemplateSyntaxError."""
    options = {"silent": "false", "newstyle_gettext": "true"}
    found = babel_extract(BytesIO(source.encode()), sorted(KEYWORDS), (), options)
    return _kept(
        (name, given if isinstance(given, tuple) else (given,))
        for _line, name, given, _ in found
    )


def called(call: ast.Call) -> str:
    """Give the name of what a call calls, without the module before it."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def catalogue(language: str, folder: Path = WEB) -> Catalog:
    """Read a language's catalogue; an empty one where there is no file yet."""
    file = file_of(language, folder)
    text = file.read_bytes() if file.exists() else b""
    return read_po(BytesIO(text), locale=language, ignore_obsolete=True)


def file_of(language: str, folder: Path = WEB) -> Path:
    """Say where a language's catalogue lies."""
    return folder / "locale" / language / "LC_MESSAGES" / "django.po"


def wanted(language: str, messages: Iterable[Message]) -> list[Message]:
    """Choose what a language's catalogue must hold: Russian needs its plurals only."""
    return [one for one in messages if one.plural or language != "ru"]


def refreshed(kept: Catalog, messages: Iterable[Message]) -> Catalog:
    """Give a catalogue of exactly these messages; translations and notes made so far stay."""
    made = Catalog(locale=kept.locale)
    for one in messages:
        old = kept.get(one.text, one.context or None)
        blank = ("",) * made.num_plurals if one.plural else ""
        is_same_shape = old is not None and old.pluralizable == bool(one.plural)
        made.add(
            (one.text, one.plural) if one.plural else one.text,
            old.string if old is not None and is_same_shape else blank,
            user_comments=old.user_comments if old is not None else (),
            context=one.context or None,
        )
    return made


def po_text(catalogue: Catalog) -> str:
    """Write a catalogue: sorted by text, unwrapped, with nothing that changes by itself."""
    out = BytesIO()
    write_po(
        out,
        catalogue,
        width=0,
        no_location=True,
        omit_header=True,
        sort_output=True,
        ignore_obsolete=True,
    )
    header = _HEADER.format(language=catalogue.locale, plural_forms=catalogue.plural_forms)
    return header + out.getvalue().decode().strip() + "\n"


def untranslated(catalogue: Catalog) -> list[str]:
    """List the texts that lack a translation, or one of its plural forms."""
    return [
        str(one.id[0] if one.pluralizable else one.id)
        for one in catalogue
        if one.id and not all(forms_of(one.string))
    ]


def forms_of(string: str | Sequence[str] | None) -> tuple[str, ...]:
    """Give the forms of a translation; a text without a number has one."""
    return (string,) if isinstance(string, str) else tuple(string or ("",))


def _kept(found: Iterable[tuple[str, Sequence[str | None]]]) -> set[Message]:
    made = (_message(name, given) for name, given in found if name in KEYWORDS)
    return {one for one in made if one is not None and one.text}


def _message(name: str, given: Sequence[str | None]) -> Message | None:
    first, second = [*given, None, None][:2]
    if first is None:
        return None
    if name.startswith("n"):
        return Message(first, plural=second) if second else None
    if name.startswith("p"):
        return Message(second, context=first) if second else None
    return Message(first)


def _literal(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None
