"""Signs that no person types break no page and lose nothing."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.web.world import World
from voronka.journal.models import Fact

pytestmark = pytest.mark.django_db
NUL = "\x00"


@pytest.mark.parametrize(
    "address",
    [
        "/search/?q=a{}b",
        "/clients/?q={}",
        "/deals/?q={}1&min={}",
        "/slips/?kind={}",
        "/?team={}",
    ],
)
def test_a_nul_in_an_address_is_no_error(address: str, enter: Callable[..., Client]) -> None:
    assert enter("vera").get(address.replace("{}", "%00")).status_code == 200


def test_a_nul_in_a_form_is_dropped_and_the_rest_is_kept(
    world: World, enter: Callable[..., Client]
) -> None:
    answer = enter("olga").post(f"/clients/{world.client}/note/", {"text": f"Перез{NUL}вонить"})
    assert answer.status_code == 303
    assert Fact.objects.get(kind="note.written").body["text"] == "Перезвонить"


def test_an_unknown_team_is_refused_in_words(enter: Callable[..., Client]) -> None:
    form = {"name": "Новый", "email": "new@firm.example", "role": "manager", "team": "999999"}
    answer = enter("anna").post("/people/invite/", form)
    assert answer.status_code in (303, 404)
