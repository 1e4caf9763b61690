"""Jinja2 with what templates may use: texts, formats, addresses, icons. Nothing else."""

import json
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext, pgettext
from jinja2 import Environment, pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from voronka.foundation.text import initials
from voronka.web import (
    chance_words,
    demand_words,
    formats,
    indicator_words,
    measures,
    rule_words,
    slip_lines,
    words,
)


def environment(**options: Any) -> Environment:
    """Make the environment; called once by Django."""
    options |= {"trim_blocks": True, "lstrip_blocks": True, "extensions": ["jinja2.ext.i18n"]}
    made = Environment(**options)
    made.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext
    )
    made.globals |= {
        "_": said,
        "gettext": said,
        "ngettext": counted,
        "url": _url,
        "asset": asset,
        "icon": icon,
        "messages_of": messages.get_messages,
        "is_demo": settings.IS_DEMO,
        "words": words,
        "rule_words": rule_words,
        "demand_text": demand_words.demand_text,
        "chance": chance_words.chance,
        "chance_range": chance_words.chance_range,
        "indicator_value": indicator_words.indicator_value,
        "indicator_typed": indicator_words.indicator_typed,
        "slip_title": slip_lines.slip_title,
        "slip_evidence": slip_lines.slip_evidence,
        "slip_age": slip_lines.slip_age,
        "slip_fix": slip_lines.slip_fix,
    }
    made.filters |= {name: getattr(formats, name) for name in formats.FILTERS}
    made.filters |= {name: getattr(measures, name) for name in measures.FILTERS}
    made.filters["initials"] = initials
    return made


def said(text: str, **variables: Any) -> str:
    """Say a text in the reader's language; kept, because loops say it hundreds of times."""
    found = _said(get_language() or "ru", text)
    return found % variables if variables else found


@cache
def _said(language: str, text: str) -> Markup:
    found = gettext(text)
    return Markup(found if "%(" in found else found.replace("%%", "%"))


@pass_eval_context
def counted(context: EvalContext, singular: str, plural: str, n: int, **variables: Any) -> str:
    """Choose the plural form; `%(num)s` is the number as people write it: «3 542»."""
    text = ngettext(singular, plural, n)
    said = Markup(text) if context.autoescape else text
    return said % ({"num": formats.number(n)} | variables)


@lru_cache(maxsize=4096)
def _url(name: str, *arguments: Any) -> str:
    return reverse(name, args=arguments)


def asset(name: str) -> str:
    """Give the address of a built file by its plain name ("main.css")."""
    return static(f"voronka/{_manifest().get(name, name)}")


@cache
def _manifest() -> dict[str, str]:
    file = settings.STATIC_ROOT / "voronka" / "manifest.json"
    found: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    return found


def icon(name: str) -> Markup:
    """Draw an icon of the sprite; words or an aria-label stand beside it."""
    return Markup('<svg class="icon" aria-hidden="true"><use href="#i-{}"/></svg>').format(name)
