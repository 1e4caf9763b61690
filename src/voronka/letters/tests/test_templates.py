"""Templates are written by those who set the firm up, with places that mean something."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from conftest import MONDAY
from voronka.foundation.errors import RefusalError
from voronka.journal.models import Fact
from voronka.letters.models import Template
from voronka.letters.queries import templates
from voronka.letters.templates import NewTemplate, retire_template, save_template


def _new(**known: str) -> NewTemplate:
    said = {
        "channel": "mail",
        "name": "Счёт",
        "subject": "{сделка}",
        "text": "{имя}, счёт ниже.",
    }
    return NewTemplate(**said | known)


def test_a_template_is_written_changed_and_retired(cast: SimpleNamespace) -> None:
    made = save_template(_new(), by=cast.see("vera"), at=MONDAY)
    save_template(_new(), by=cast.see("vera"), at=MONDAY, template_id=made.pk)
    save_template(_new(text="Иначе"), by=cast.see("vera"), at=MONDAY, template_id=made.pk)
    assert [one.text for one in templates()] == ["Иначе"]
    retire_template(template_id=made.pk, by=cast.see("anna"), at=MONDAY + timedelta(days=1))
    retire_template(template_id=made.pk, by=cast.see("anna"), at=MONDAY + timedelta(days=2))
    assert templates() == []
    said = Fact.objects.filter(kind="letter_template.changed").order_by("pk")
    assert [one.body["what"] for one in said] == ["added", "changed", "retired"]
    # Its name is free again.
    save_template(_new(), by=cast.see("vera"), at=MONDAY)


def test_a_message_has_no_subject(cast: SimpleNamespace) -> None:
    made = save_template(_new(channel="message"), by=cast.see("vera"), at=MONDAY)
    assert (made.subject, made.channel) == ("", "message")


@pytest.mark.parametrize(
    ("known", "code", "details"),
    [
        ({"name": " "}, "bad_template", {"field": "name"}),
        ({"text": "\n"}, "bad_template", {"field": "text"}),
        ({"subject": "x" * 301}, "bad_template", {"field": "subject"}),
        ({"channel": "pigeon"}, "bad_template", {"field": "channel"}),
        ({"text": "{скидка}, {имя}"}, "unknown_place", {"names": "скидка"}),
        ({"name": "Есть"}, "template_taken", {"name": "Есть"}),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    cast: SimpleNamespace, known: dict[str, str], code: str, details: dict[str, str]
) -> None:
    save_template(_new(name="Есть"), by=cast.see("vera"), at=MONDAY)
    facts = Fact.objects.count()
    with pytest.raises(RefusalError) as caught:
        save_template(_new(**known), by=cast.see("vera"), at=MONDAY)
    assert (caught.value.code, caught.value.details) == (code, details)
    assert (Template.objects.count(), Fact.objects.count()) == (1, facts)


@pytest.mark.parametrize("who", ["olga", "lev", "audit"])
def test_only_those_who_set_the_firm_up_may(cast: SimpleNamespace, who: str) -> None:
    made = save_template(_new(), by=cast.see("vera"), at=MONDAY)
    with pytest.raises(PermissionError):
        save_template(_new(name="Ещё"), by=cast.see(who), at=MONDAY)
    with pytest.raises(PermissionError):
        retire_template(template_id=made.pk, by=cast.see(who), at=MONDAY)
    assert Template.objects.filter(retired_at=None).count() == 1
