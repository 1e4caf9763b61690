"""Exchanges joined from the command line, with what their adapters want."""

import json
from pathlib import Path

from tests.commands.test_commands import base, voronka

ADD = ("telephony", "add", "--kind", "mts", "--name", "МТС")
JOINED = "SELECT kind, name, options FROM calls_exchange"


def test_a_provider_is_joined_with_its_options(tmp_path: Path) -> None:
    numbers = {"numbers": {"+79005550101": "101"}}
    told = voronka(tmp_path / "a", *ADD, "--login", "voronka", "--options", json.dumps(numbers))
    assert told.returncode == 0, told.stderr
    assert "/telephony/" in told.stdout
    ((kind, name, options),) = base(tmp_path / "a", JOINED)
    assert (kind, name) == ("mts", "МТС")
    kept = json.loads(str(options))
    assert (kept["login"], kept["numbers"]) == ("voronka", numbers["numbers"])
    for wrong in ("[1]", "{", "no"):
        refused = voronka(tmp_path / "a", *ADD, "--options", wrong)
        assert refused.returncode == 2
        assert "--options" in refused.stderr
    assert len(base(tmp_path / "a", JOINED)) == 1
