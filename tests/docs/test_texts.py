"""The interface is complete in both languages: catalogues, placeholders, plural forms."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from django.template import engines
from django.test import override_settings
from django.utils.translation import gettext, ngettext, override

from voronka.config import texts

CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\}")


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_a_catalogue_holds_exactly_the_texts_of_the_sources(language: str) -> None:
    wanted = texts.wanted(language, texts.messages_of_sources())
    kept = texts.catalogue(language)
    held = {texts.Message(*_ids(one), one.context or "") for one in _filled(kept)}
    assert held ^ set(wanted) == set(), "run ./voronka texts"
    file = texts.file_of(language).read_text(encoding="utf-8")
    assert file == texts.po_text(texts.refreshed(kept, wanted)), "run ./voronka texts"


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_text_is_translated_in_all_its_forms(language: str) -> None:
    catalogue = texts.catalogue(language)
    assert texts.untranslated(catalogue) == []
    forms = {len(texts.forms_of(one.string)) for one in _filled(catalogue) if one.pluralizable}
    assert forms == {{"en": 2, "ru": 3}[language]}


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_a_translation_has_the_placeholders_of_its_text(language: str) -> None:
    for one in _filled(texts.catalogue(language)):
        text = _ids(one)[0]
        for form in texts.forms_of(one.string):
            assert _placeholders(form) == _placeholders(text), f"{text!r}: {form!r}"
            if _can_be_filled(text):
                assert _can_be_filled(form), f"{text!r}: a lone % in {form!r}"


def test_english_has_no_russian_letter() -> None:
    for one in _filled(texts.catalogue("en")):
        assert not any(CYRILLIC.search(form) for form in texts.forms_of(one.string)), one.id


def test_a_lone_percent_sign_breaks_no_page() -> None:
    """Jinja fills every text, even one without placeholders: % is written %% there."""
    pages = (file for file in texts.sources() if file.suffix == ".html")
    bad = [
        f"{file.name}: {one.text}"
        for file in pages
        for one in texts.messages_of_page(file.read_text(encoding="utf-8"))
        if not _can_be_filled(one.text)
    ]
    assert bad == []


@pytest.fixture
def compiled(tmp_path: Path) -> Iterator[None]:
    """Compile both catalogues as the launcher does and let Django read them."""
    for language in texts.LANGUAGES:
        target = tmp_path / language / "LC_MESSAGES"
        target.mkdir(parents=True)
        with (target / "django.mo").open("wb") as out:
            write_mo(out, texts.catalogue(language))
    with override_settings(LOCALE_PATHS=[tmp_path]):
        yield


@pytest.mark.usefixtures("compiled")
def test_russian_counts_by_three_forms_in_pages_and_in_python() -> None:
    ids = ("%(num)s огрех", "%(num)s огрехов")
    page = engines["jinja2"].from_string(f'{{{{ ngettext("{ids[0]}", "{ids[1]}", n) }}}}')
    wanted = {1: "1 огрех", 2: "2 огреха", 5: "5 огрехов", 11: "11 огрехов", 21: "21 огрех"}
    with override("ru"):
        assert {n: page.render({"n": n}) for n in wanted} == wanted
        assert {n: ngettext(*ids, n) % {"num": n} for n in wanted} == wanted
        assert gettext("Сохранить") == "Сохранить"
        assert gettext("%(num)s огрех") == "%(num)s огрех"


@pytest.mark.usefixtures("compiled")
def test_english_is_read_in_pages_and_in_python() -> None:
    page = engines["jinja2"].from_string('{{ _("версия %(n)s", n=3) }}')
    with override("en"):
        assert page.render({}) == "version 3"
        assert [ngettext("%(num)s огрех", "%(num)s огрехов", n) for n in (1, 2, 21)] == [
            "%(num)s slip",
            "%(num)s slips",
            "%(num)s slips",
        ]


def test_texts_are_found_in_python() -> None:
    source = """A = f"{_('раз')}", formats.gettext("два"), lazy("три" "четыре"), _(variable)
B = ngettext("%(n)s день", "%(n)s дней", n), pgettext("шаг", "нет"), other("пять")"""
    assert texts.messages_of_python(source) == {
        texts.Message("раз"),
        texts.Message("два"),
        texts.Message("тричетыре"),
        texts.Message("%(n)s день", "%(n)s дней"),
        texts.Message("нет", context="шаг"),
    }


def test_texts_are_found_in_a_page() -> None:
    source = """{# _("примечание") #}{{ _("раз", n=1) }}{% trans %}два{% endtrans %}
    {% if x %}{{ f(_('три'), ngettext("день", "дней", n)) }}{% endif %}"""
    assert texts.messages_of_page(source) == {
        texts.Message("раз"),
        texts.Message("два"),
        texts.Message("три"),
        texts.Message("день", "дней"),
    }


def test_refreshing_keeps_what_was_translated_and_drops_what_is_gone() -> None:
    kept = Catalog(locale="en")
    kept.add("раз", "one")
    kept.add("ушло", "gone")
    kept.add("стало числом", "a number")
    wanted = [texts.Message("раз"), texts.Message("новое"), texts.Message("стало числом", "2")]
    made = texts.refreshed(kept, wanted)
    assert {_ids(one)[0]: texts.forms_of(one.string) for one in _filled(made)} == {
        "раз": ("one",),
        "новое": ("",),
        "стало числом": ("", ""),
    }
    assert texts.untranslated(made) == ["новое", "стало числом"]


def _filled(catalogue: Catalog) -> Iterator[Message]:
    return (one for one in catalogue if one.id)


def _ids(one: Message) -> tuple[str, str]:
    return (one.id[0], one.id[1]) if isinstance(one.id, list | tuple) else (str(one.id), "")


def _placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def _can_be_filled(text: str) -> bool:
    try:
        text % defaultdict(str)
    except (TypeError, ValueError):
        return False
    return True
