"""The commands as people run them: each in a process and a data folder of its own."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROWS = 6_000


def voronka(home: Path, *words: str, language: str = "ru") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "voronka.config.cli", *words],
        env=_environment(home),
        cwd=home.parent,
        capture_output=True,
        text=True,
        timeout=120,
    )


def _environment(home: Path) -> dict[str, str]:
    own = {k: v for k, v in os.environ.items() if not k.startswith(("VORONKA", "DJANGO"))}
    return own | {"VORONKA_HOME": str(home), "PYTHONPATH": str(ROOT / "src")}


def base(home: Path, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(home / "voronka.sqlite3") as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture
def big_file(tmp_path: Path) -> Path:
    lines = ["Компания;Телефон;Ответственный;Город"]
    lines += [f"Фирма {n % 5500};8912{n % 5500:07};Лицо {n % 9};Самара" for n in range(ROWS)]
    file = tmp_path / "base.csv"
    file.write_bytes("\n".join(lines).encode("cp1251"))
    return file


CARDS = "SELECT name, city, completeness, search, manager_id FROM clients_client ORDER BY name"


def test_a_load_killed_with_minus_9_goes_on_to_the_same_end(
    tmp_path: Path, big_file: Path
) -> None:
    told = voronka(
        tmp_path / "a", "import", str(big_file), "--as", "clients", "--dry-run", "--json"
    )
    whole = voronka(tmp_path / "a", "import", str(big_file), "--as", "clients", "--json")
    assert whole.stdout == told.stdout
    counts = json.loads(whole.stdout)
    assert (counts["rows"], counts["created"], counts["duplicates"]) == (6000, 5500, 500)
    home = tmp_path / "b"
    command = [sys.executable, "-m", "voronka.config.cli", "import", str(big_file)]
    loading = subprocess.Popen(
        [*command, "--as", "clients"],
        env=_environment(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_half(home, loading)
    finally:
        loading.send_signal(signal.SIGKILL)
        loading.wait()
    assert base(home, "SELECT state FROM importing_load") == [("running",)]
    resumed = voronka(home, "import", str(big_file), "--as", "clients", "--json")
    assert "going on with load 1" in resumed.stderr
    assert resumed.stdout == whole.stdout
    assert base(home, CARDS) == base(tmp_path / "a", CARDS)


def _wait_until_half(home: Path, loading: "subprocess.Popen[bytes]") -> None:
    """Wait as long as the load is about to begin: a new base is made first."""
    while loading.poll() is None:
        try:
            if base(home, "SELECT next_row FROM importing_load WHERE next_row > 1500"):
                return
        except sqlite3.Error:
            pass
        time.sleep(0.02)
    pytest.fail("the load ended before anybody could stop it")


def test_a_backup_comes_back_whole(tmp_path: Path, big_file: Path) -> None:
    voronka(tmp_path / "a", "import", str(big_file), "--as", "clients")
    archive = tmp_path / "copy.tar.gz"
    assert voronka(tmp_path / "a", "backup", str(archive)).returncode == 0
    assert archive.stat().st_mode & 0o077 == 0
    assert voronka(tmp_path / "b", "restore", str(archive)).returncode == 0
    everything = "SELECT * FROM journal_fact ORDER BY id"
    assert base(tmp_path / "b", everything) == base(tmp_path / "a", everything)
    assert base(tmp_path / "b", CARDS) == base(tmp_path / "a", CARDS)
    again = voronka(tmp_path / "b", "restore", str(archive))
    assert again.returncode == 2
    assert "--over" in again.stderr


def test_a_damaged_backup_changes_nothing(tmp_path: Path) -> None:
    bad = tmp_path / "bad.tar.gz"
    bad.write_bytes(b"\x1f\x8b" + b"x" * 200)
    home = tmp_path / "a"
    refused = voronka(home, "restore", str(bad))
    assert refused.returncode == 2
    assert "Nothing was changed" in refused.stderr
    assert not (home / "voronka.sqlite3").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("import", "none.csv", "--as", "clients"), "No such file"),
        (("import",), "--help"),
        (("restore", "none.tar.gz"), "there is no file"),
        (("demo", "--port", "999999"), "is no port"),
        (("backup",), "nothing to back up"),
        (("nonsense",), "commands: "),
    ],
)
def test_a_mistake_gets_a_plain_line(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    refused = voronka(tmp_path / "a", *words)
    assert refused.returncode == 2
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr


def test_rules_are_rehearsed_from_the_command_line(tmp_path: Path) -> None:
    home, out = tmp_path / "a", tmp_path / "told.json"
    nothing = voronka(home, "routing", "try", "--days", "30")
    assert (nothing.returncode, nothing.stdout.split()[0]) == (1, "0")
    file = tmp_path / "came.csv"
    lines = ["Дата;Имя;Телефон"] + [
        f"2026-0{n}-05 10:00;Имя {n};+7912000000{n}" for n in (1, 2, 3)
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    voronka(home, "import", str(file), "--as", "inquiries")
    told = voronka(home, "routing", "try", "--days", "3660", "--json", str(out))
    assert told.stdout.startswith("3 inquiries since ")
    assert "to nobody 3," in told.stdout
    assert "+0.0 (+0.0 to +0.0), too little data" in told.stdout
    report = json.loads(out.read_text(encoding="utf-8"))
    assert [one["name"] for one in report["ways"]] == ["real", "rules"]
    assert (report["n"], report["differences"][0]["elsewhere"]) == (3, 0)
    assert voronka(home, "routing", "try", "--days", "0").returncode == 2


@pytest.mark.parametrize(
    "command",
    ["demo", "start", "import", "figures", "routing", "backup", "restore", "bench", "worker"],
)
def test_every_command_explains_itself(tmp_path: Path, command: str) -> None:
    shown = voronka(tmp_path / "a", command, "--help")
    assert shown.returncode == 0
    assert f"./voronka {command}" in shown.stdout


def test_pages_do_without_the_columns_of_logs(tmp_path: Path) -> None:
    # NumPy takes 16 MB of a process; the server is to keep within 150.
    what = "import sys, voronka.config.asgi, voronka.config.addresses, voronka.discovery.jobs"
    command = [sys.executable, "-c", f"{what}; print('numpy' in sys.modules)"]
    done = subprocess.run(
        command, env=_environment(tmp_path), capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "False", done.stderr
