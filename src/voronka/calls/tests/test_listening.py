"""Who hears a recording, that it is a fact, notes in it, and the end of its days."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import MONDAY
from voronka.calls.exchange_models import Exchange
from voronka.calls.exchanges import say_warned
from voronka.calls.models import Call, CallLeg, CallNote, Recording
from voronka.calls.sound.keeping import drop_purged, keep_sound, read_sound
from voronka.calls.sound.kept_sound import Sound
from voronka.calls.sound.listening import PAUSE, note_listening, recording_of
from voronka.calls.sound.notes import BadCallNoteError, drop_note, note_call
from voronka.calls.sound.of_examples import drop_recordings_of
from voronka.calls.sound.purging import purge_old
from voronka.foundation import files
from voronka.journal.models import Batch, Fact
from voronka.journal.viewer import Viewer
from voronka.people.settings import change_setting
from voronka.people.viewers import SYSTEM

pytestmark = pytest.mark.django_db
SOUND = Sound(b"fLaC and so on", 12.5, 2, bytes(480))


def recorded(manager_id: int | None, *, days: int = 0, content: bytes = b"fLaC") -> Recording:
    call = Call.objects.create(
        started_at=MONDAY - timedelta(days=days), direction="in", phone="+79000001122",
        manager_id=manager_id, is_answered=True, talk_seconds=12,
    )  # fmt: skip
    row = Recording.objects.create(call=call, next_try_at=MONDAY)
    assert keep_sound(row, Sound(content, 12.5, 2, bytes(480)), place="", at=MONDAY)
    row.refresh_from_db()
    return row


def may(row: Recording, by: Viewer) -> bool:
    try:
        return recording_of(call_id=row.call_id, by=by) == row
    except (Call.DoesNotExist, PermissionError):
        return False


def hearers(row: Recording, cast: SimpleNamespace) -> set[str]:
    names = ("vera", "lev", "olga", "oleg", "anna", "audit")
    return {name for name in names if may(row, cast.see(name))}


def test_each_role_hears_as_far_as_the_setting_says(cast: SimpleNamespace) -> None:
    row = recorded(cast.olga.pk)
    assert hearers(row, cast) == {"vera", "lev", "olga", "anna"}
    spans = {"head": "own", "lead": "own", "manager": "team", "auditor": "all"}
    change_setting(name="listening", value=spans, by=SYSTEM, at=MONDAY)
    # Who is not named hears nothing, and nobody hears what they may not even see.
    assert hearers(row, cast) == {"olga", "audit"}


def test_who_talked_in_it_hears_it_too(cast: SimpleNamespace) -> None:
    row = recorded(None)
    assert hearers(row, cast) == {"vera", "anna"}
    CallLeg.objects.create(
        call=row.call, seq=1, leg_ref="a", extension="101", person=cast.oleg,
        began_at=MONDAY, outcome="talked",
    )  # fmt: skip
    assert hearers(row, cast) == {"vera", "anna", "oleg"}


def test_one_playing_is_one_fact_however_many_pieces_are_asked_for(
    cast: SimpleNamespace,
) -> None:
    row, vera = recorded(cast.olga.pk), cast.see("vera")

    def hear(token: str, after: timedelta, second: int = 0) -> None:
        heard = recording_of(call_id=row.call_id, by=vera)
        note_listening(heard, token=token, from_second=second, by=vera, at=MONDAY + after)

    for n in range(9):
        hear("page 1", timedelta(seconds=n * 90), second=7 + n)
    hear("page 2", timedelta(minutes=5), second=999)
    # The same page, left open overnight.
    hear("page 1", timedelta(seconds=720) + PAUSE + timedelta(minutes=2))
    facts = Fact.objects.filter(kind="call.listened").order_by("pk")
    said = [(one.by_id, one.owner_id, one.case, one.body["from_second"]) for one in facts]
    about = (cast.vera.pk, cast.olga.pk, f"call:{row.call_id}")
    assert said == [(*about, 7), (*about, 12), (*about, 0)]


def test_a_note_stands_once_and_only_its_author_takes_it_away(cast: SimpleNamespace) -> None:
    row, vera = recorded(cast.olga.pk), cast.see("vera")
    for _ in range(2):
        note = note_call(
            call_id=row.call_id, second=5, text=" Назвала цену ", by=vera, at=MONDAY
        )
    assert (CallNote.objects.count(), note.text) == (1, "Назвала цену")
    with pytest.raises(PermissionError):
        drop_note(note_id=note.pk, by=cast.see("olga"), at=MONDAY)
    with pytest.raises(Call.DoesNotExist):
        drop_note(note_id=note.pk, by=cast.see("oleg"), at=MONDAY)
    assert drop_note(note_id=note.pk, by=vera, at=MONDAY) == row.call_id
    kinds = Fact.objects.filter(kind__startswith="call.note").order_by("pk")
    assert [one.kind for one in kinds] == ["call.noted", "call.note_dropped"]


@pytest.mark.parametrize(("second", "text"), [(5, "  "), (13, "x"), (-1, "x")])
def test_an_empty_note_or_one_beyond_the_end_changes_nothing(
    cast: SimpleNamespace, second: int, text: str
) -> None:
    row = recorded(cast.olga.pk)
    before = Fact.objects.count()
    with pytest.raises(BadCallNoteError):
        note_call(call_id=row.call_id, second=second, text=text, by=cast.see("vera"), at=MONDAY)
    assert (CallNote.objects.count(), Fact.objects.count()) == (0, before)


def test_an_auditor_puts_no_note(cast: SimpleNamespace) -> None:
    change_setting(name="listening", value={"auditor": "all"}, by=SYSTEM, at=MONDAY)
    with pytest.raises(PermissionError):
        note_call(
            call_id=recorded(cast.olga.pk).call_id, second=1, text="x",
            by=cast.see("audit"), at=MONDAY,
        )  # fmt: skip


def test_past_its_days_a_recording_goes_and_the_journal_says_how_many(
    cast: SimpleNamespace,
) -> None:
    old = [recorded(cast.olga.pk, days=181 + n, content=b"old %d" % n) for n in range(2)]
    young = recorded(cast.olga.pk, days=179, content=b"young")
    assert purge_old(now=MONDAY) == 2
    assert purge_old(now=MONDAY) == 0
    for row in old:
        row.refresh_from_db()
        assert (row.state, row.content, row.purged_at) == ("purged", "", MONDAY)
        assert bytes(row.peaks) == b""
    assert read_sound(young, 0, 5) == b"young"
    assert [path.name for path in files.folder().glob("*/*")] == [young.content]
    fact = Fact.objects.get(kind="recordings.purged")
    said = {"recordings": 2, "size": 10, "seconds": 25, "days": 180}
    assert (fact.body, fact.measure) == (said, 2)


def test_kept_for_ever_nothing_goes(cast: SimpleNamespace) -> None:
    recorded(cast.olga.pk, days=5000)
    change_setting(name="recording_days", value=0, by=SYSTEM, at=MONDAY)
    assert purge_old(now=MONDAY) == 0
    assert Recording.objects.get().state == "stored"


def test_the_same_sound_of_two_calls_goes_with_the_last_of_them(cast: SimpleNamespace) -> None:
    old, young = recorded(cast.olga.pk, days=200), recorded(cast.olga.pk)
    assert old.content == young.content
    purge_old(now=MONDAY)
    assert read_sound(young, 0, 4) == b"fLaC"
    Recording.objects.update(state="purged")
    assert drop_purged() == 1
    assert not list(files.folder().glob("*/*"))


def test_what_was_erased_meanwhile_does_not_come_back(cast: SimpleNamespace) -> None:
    row = recorded(cast.olga.pk)
    Recording.objects.filter(pk=row.pk).update(state="purged", content="")
    files.drop(row.content)
    row.content = ""
    assert not keep_sound(row, SOUND, place="", at=MONDAY)
    assert not list(files.folder().glob("*/*"))


def test_that_callers_are_warned_is_a_fact(cast: SimpleNamespace) -> None:
    made = Exchange.objects.create(kind="asterisk", name="АТС", path_key="k", created_at=MONDAY)
    for _ in range(2):
        say_warned(exchange_id=made.pk, is_warned=True, by=cast.see("anna"), at=MONDAY)
    with pytest.raises(PermissionError):
        say_warned(exchange_id=made.pk, is_warned=False, by=cast.see("olga"), at=MONDAY)
    made.refresh_from_db()
    assert made.callers_warned
    assert [one.body["what"] for one in Fact.objects.filter(kind="exchange.changed")] == [
        "warns"
    ]


def test_recordings_of_examples_go_with_their_files(
    cast: SimpleNamespace, django_capture_on_commit_callbacks: Any
) -> None:
    batch = Batch.objects.create(kind="demo", title="x", at=MONDAY)
    example, real = recorded(cast.olga.pk, content=b"a"), recorded(cast.olga.pk, content=b"b")
    Call.objects.filter(pk=example.call_id).update(batch_id=batch.pk)
    with django_capture_on_commit_callbacks(execute=True):
        drop_recordings_of([batch.pk])
    assert Recording.objects.get() == real
    assert [path.name for path in files.folder().glob("*/*")] == [real.content]
