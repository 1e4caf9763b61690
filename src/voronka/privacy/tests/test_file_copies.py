"""Copies of loaded files that hold an erased client are deleted; the others stay."""

from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest

from conftest import MONDAY
from voronka.clients.models import Client
from voronka.importing.loads import take_file, write_load
from voronka.importing.models import Load, Trace
from voronka.journal.models import Fact
from voronka.privacy.erasing import erase
from voronka.privacy.file_copies import LoadIsRunningError

pytestmark = pytest.mark.django_db
WITH_HIM = "Название,Телефон\nИванов Степан,8 (912) 555-66-77\nООО «Астра»,89130000001\n"
WITHOUT = "Название,Телефон\nООО «Вега»,89130000002\n"


def taken(cast: SimpleNamespace, folder: Path, text: str, name: str = "Клиенты.csv") -> Load:
    return take_file(
        file=BytesIO(text.encode()), name=name, as_="clients", folder=folder,
        by=cast.see("anna"), at=MONDAY,
    )  # fmt: skip


def test_the_copy_goes_with_the_client_it_brought(
    cast: SimpleNamespace, tmp_path: Path, funnel: object
) -> None:
    loaded, kept = taken(cast, tmp_path, WITH_HIM), taken(cast, tmp_path, WITHOUT)
    asked = taken(cast, tmp_path, 'Имя\n"Степан Иванов"\n', "Иванов Степан.csv")
    outside = tmp_path / "own.csv"
    outside.write_text(WITH_HIM)
    theirs = taken(cast, tmp_path, WITH_HIM)
    Path(theirs.path).unlink()
    Load.objects.filter(pk=theirs.pk).update(path=str(outside))
    write_load(loaded, at=MONDAY)
    him = Client.objects.get(name="Иванов Степан")
    assert Trace.objects.filter(table="clients.client", row_id=him.pk).exists()
    Load.objects.filter(pk=kept.pk).update(state="checking")
    wanted = {"reason": "просит", "typed": "иванов степан", "by": cast.see("vera")}
    with pytest.raises(LoadIsRunningError):
        erase(client_id=him.pk, at=MONDAY, **wanted)
    assert Path(loaded.path).exists()
    Load.objects.filter(pk=kept.pk).update(state="mapped")
    done = erase(client_id=him.pk, at=MONDAY, **wanted)
    assert done.files == 2
    there = {Path(one.path): Path(one.path).exists() for one in (loaded, asked, kept)}
    assert list(there.values()) == [False, False, True]
    assert outside.exists()
    asked.refresh_from_db()
    assert (asked.state, asked.problem, asked.file_name) == (
        "failed", {"code": "file_erased"}, "███.csv",
    )  # fmt: skip
    assert Load.objects.get(pk=loaded.pk).state == "done"
    assert Fact.objects.get(kind="personal.erased").body["files"] == 2
