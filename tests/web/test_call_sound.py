"""A recording in the browser: parts of it, who gets it, that it is heard; the call's page."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from tests.web.world import World
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.models import Call, Recording
from voronka.journal.models import Fact
from voronka.web.call.sound import MOST_AT_ONCE, Part, asked_part
from voronka.web.call.wave import BARS, wave_of

pytestmark = pytest.mark.django_db
SOUND = b"fLaC" + bytes(range(256)) * 40
SIZE = len(SOUND)
WHOLE = Part(0, 100, is_whole=True)
Enter = Callable[..., Client]


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("", WHOLE),
        ("bytes=0-", Part(0, 100, False)),
        ("bytes=10-19", Part(10, 10, False)),
        ("bytes=90-999", Part(90, 10, False)),
        ("bytes=99-99", Part(99, 1, False)),
        ("bytes=-7", Part(93, 7, False)),
        ("bytes=-700", Part(0, 100, False)),
        ("bytes=100-", None),
        ("bytes=-0", None),
        # What is not understood asks for all of it.
        ("bytes=20-10", WHOLE), ("bytes=-", WHOLE), ("bytes=0-1,5-6", WHOLE),
        ("bytes=a-b", WHOLE), ("lines=0-1", WHOLE), ("bytes=" + "9" * 30 + "-", WHOLE),
    ],
)  # fmt: skip
def test_a_range_is_read_as_the_standard_says(asked: str, part: Part | None) -> None:
    assert asked_part(asked, "", '"a"', 100) == part


def test_a_part_of_another_recording_is_not_given() -> None:
    assert asked_part("bytes=1-2", '"b"', '"a"', 100) == WHOLE
    assert asked_part("bytes=1-2", '"a"', '"a"', 100) == Part(1, 2, False)


def test_all_from_a_place_on_comes_by_pieces() -> None:
    size = 3 * MOST_AT_ONCE
    assert asked_part("bytes=5-", "", "", size) == Part(5, MOST_AT_ONCE, False)


def test_parts_come_as_asked_and_nobody_may_keep_them(world: World, enter: Enter) -> None:
    browser, where = enter("vera"), f"/calls/{world.call}/sound/"
    answer = browser.get(where, HTTP_ACCEPT_ENCODING="gzip", HTTP_RANGE="bytes=4-1027")
    assert (answer.status_code, answer.content) == (206, SOUND[4:1028])
    assert answer.headers["Content-Range"] == f"bytes 4-1027/{SIZE}"
    assert answer.headers["Content-Length"] == "1024"
    assert answer.headers["Content-Type"] == "audio/flac"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Content-Encoding" not in answer.headers
    whole = browser.get(where)
    assert (whole.status_code, whole.content) == (200, SOUND)
    assert whole.headers["ETag"] == f'"{Recording.objects.get().sha256}"'
    beyond = browser.get(where, HTTP_RANGE=f"bytes={SIZE}-")
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{SIZE}")


def test_a_store_that_is_away_is_said_and_nothing_was_heard(world: World, enter: Enter) -> None:
    Recording.objects.update(is_remote=True)
    answer = enter("vera").get(f"/calls/{world.call}/sound/")
    assert answer.status_code == 503
    assert "Хранилище записей не отвечает" in answer.content.decode()
    assert not Fact.objects.filter(kind="call.listened").exists()


def test_a_look_at_the_head_is_no_listening_and_a_playing_is_one(
    world: World, enter: Enter, cast: SimpleNamespace
) -> None:
    browser, where = enter("vera"), f"/calls/{world.call}/sound/"
    head = browser.head(f"{where}?play=a")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(SIZE)
    heard = Fact.objects.filter(kind="call.listened")
    assert not heard.exists()
    for begin in (0, 100, 5000):
        browser.get(f"{where}?play=a&from=12", HTTP_RANGE=f"bytes={begin}-")
    browser.get(f"{where}?play=b&from=x")
    said = heard.order_by("pk").values_list("by_id", "body__from_second")
    assert list(said) == [(cast.vera.pk, 12), (cast.vera.pk, 0)]
    page = browser.get(f"/calls/{world.call}/").content.decode()
    assert "1:38" in page
    assert heard.count() == 2


def test_a_stranger_and_a_colleague_get_nothing_at_all(world: World, enter: Enter) -> None:
    where = f"/calls/{world.call}/sound/"
    assert enter("").get(where).status_code == 302
    assert enter("oleg").get(where).status_code == 404
    assert enter("audit").get(where).status_code == 403
    assert not Fact.objects.filter(kind="call.listened").exists()


def test_a_lost_file_is_not_found_rather_than_broken(world: World, enter: Enter) -> None:
    Recording.objects.update(content="0" * 64)
    assert enter("vera").get(f"/calls/{world.call}/sound/").status_code == 404


def test_the_page_says_who_with_whom_and_draws_both_sides(world: World, enter: Enter) -> None:
    page = enter("olga").get(f"/calls/{world.call}/").content.decode()
    for said in ("ООО «Ромашка»", "345-67-89", "Olga", "data-player", "Цена", "0:05"):
        assert said in page
    assert page.count("wave-bar") == 2
    assert "Что прислала АТС" not in page


def test_the_clients_story_leads_to_the_call(world: World, enter: Enter) -> None:
    story = enter("olga").get(f"/clients/{world.client}/").content.decode()
    assert f'href="/calls/{world.call}/"' in story


def test_who_may_not_listen_sees_no_player(world: World, enter: Enter) -> None:
    page = enter("audit").get(f"/calls/{world.call}/").content.decode()
    assert "слушать её вам не разрешено" in page
    assert "data-player" not in page
    assert "Цена" not in page


@pytest.mark.parametrize(
    ("state", "problem", "said"),
    [
        ("absent", "no_file", "Записи нет: АТС её не отдала."),
        ("failed", "too_long", "Записи нет: длиннее двух часов."),
        ("awaited", "", "Запись ждём от АТС."),
        ("purged", "", "Запись удалена"),
    ],
)
def test_a_recording_that_is_not_there_says_why(
    world: World, enter: Enter, state: str, problem: str, said: str
) -> None:
    row = Recording.objects.get()
    Recording.objects.update(state=state, problem=problem, purged_at=row.stored_at)
    assert said in enter("olga").get(f"/calls/{world.call}/").content.decode()


def test_only_the_administrator_reads_what_the_exchange_said(
    world: World, enter: Enter
) -> None:
    call = Call.objects.get(pk=world.call)
    call.exchange = Exchange.objects.create(
        kind="asterisk", name="АТС офиса", path_key="k", created_at=call.started_at
    )
    call.call_ref = "1.1"
    call.save()
    CallEvent.objects.create(
        exchange=call.exchange, source="cel", source_key="1", at=call.started_at,
        call_ref="1.1", body='{"eventtype": "<b>HANGUP"}', state="done",
    )  # fmt: skip
    page = enter("anna").get(f"/calls/{world.call}/").content.decode()
    assert "&lt;b&gt;HANGUP" in page
    assert "Не отмечено, что АТС предупреждает" in page
    assert "HANGUP" not in enter("vera").get(f"/calls/{world.call}/").content.decode()


def test_a_note_is_put_at_minutes_and_seconds(world: World, enter: Enter) -> None:
    browser, where = enter("vera"), f"/calls/{world.call}/notes/"
    assert browser.post(where, {"second": "1:12", "text": "Торг"}).status_code == 303
    assert "1:12" in browser.get(f"/calls/{world.call}/").content.decode()
    story = browser.get(f"/clients/{world.client}/").content.decode()
    assert "Пометка в записи" in story
    for wrong in ("", "x", "1:2:3:4", "99:00", "-1"):
        browser.post(where, {"second": wrong, "text": "Мимо"})
    assert "Мимо" not in browser.get(f"/calls/{world.call}/").content.decode()


def test_the_settings_say_how_long_and_who(world: World, enter: Enter) -> None:
    browser = enter("anna")
    form = {"days": "30", "sealed": "1", "listen_auditor": "all", "listen_manager": "nothing"}
    assert browser.post("/settings/recordings/", form).status_code == 303
    where = f"/calls/{world.call}/sound/"
    assert enter("audit").get(where).status_code == 200
    assert enter("olga").get(where).status_code == 403
    changed = Fact.objects.filter(kind="setting.changed").values_list("body__name", flat=True)
    assert {"recording_days", "recordings_sealed", "listening"} <= set(changed)
    browser.post("/settings/recordings/", {"listen_auditor": "everything"})
    assert enter("audit").get(where).status_code == 200


def test_a_wave_shows_silence_and_both_sides() -> None:
    wave = wave_of([bytes(120) + b"\xc8" * 120, b"\x20" * 120 + bytes(120)])
    assert wave is not None
    assert (wave.client_share, wave.ours_share, wave.silent_share) == (0.5, 0.5, 0)
    assert wave.ours.count("v-32.0") == wave.client.count("v32.0") == BARS // 2
    assert wave.ours.count("v-0.5") == wave.client.count("v0.5") == BARS // 2
    assert wave_of([]) is None
    alone = wave_of([bytes(240)])
    assert alone is not None
    assert (alone.is_split, alone.silent_share) == (False, 1)
