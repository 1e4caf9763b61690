"""What the administrator reads of exchanges."""

import re
from pathlib import Path

from voronka import calls
from voronka.calls.adapters import DOORS, NAMERS, READERS
from voronka.calls.providers import KINDS
from voronka.web.exchange_fields import field_words
from voronka.web.exchange_words import kind_name, line_words, problem_words, status_words


def test_each_problem_of_an_event_has_a_sentence_of_its_own() -> None:
    sources = Path(calls.__path__[0]).rglob("*.py")
    raised = re.compile(r'UnreadableError\("(\w+)"\)|problem="(\w+)"|problem = "", "(\w+)"')
    codes = {
        next(filter(None, found))
        for file in sources
        if "tests" not in file.parts
        for found in raised.findall(file.read_text())
    } | {"torn", "no_call"}
    assert {"unknown_event", "unknown_call", "long_number", "failed"} <= codes
    sentences = {problem_words(code) for code in codes}
    assert len(sentences) == len(codes)
    assert problem_words("something else") not in sentences


def test_each_kind_has_a_name_a_status_and_its_adapter() -> None:
    kinds = {one.kind for one in KINDS}
    assert kinds == READERS.keys() == NAMERS.keys()
    assert kinds >= DOORS.keys()
    assert all(status_words(one.status) and kind_name(one.kind) != one.kind for one in KINDS)


def test_each_reason_why_a_provider_told_nothing_has_a_sentence_of_its_own() -> None:
    source = Path(calls.__path__[0], "providers", "asking.py").read_text()
    codes = set(re.findall(r'AskingError\("(\w+)"\)', source)) | {
        "unreachable", "refused", "too_many", "wrong_answer", "no_key", "too_long",
    }  # fmt: skip
    sentences = {line_words(f"asked_{code}") for code in codes}
    assert len(sentences) == len(codes)
    assert line_words("asked_something") not in sentences


def test_each_field_of_each_kind_has_a_label() -> None:
    for kind in KINDS:
        for name in kind.needs:
            if name != "zone":
                assert field_words(name, kind.kind).label != name, (kind.kind, name)
