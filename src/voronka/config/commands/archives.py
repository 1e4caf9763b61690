"""A backup's file: a tar.gz of database, secret and loaded files, with their checksums."""

import hashlib
import json
import os
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

MANIFEST, FORMAT = "voronka-backup.json", 1


class BadArchiveError(Exception):
    """The file is no backup, or it is damaged. The message says which part."""


def write(target: Path, parts: Mapping[str, Path], about: Mapping[str, Any]) -> int:
    """Write parts (name in the archive -> file) into `target`, which appears only when whole.

    Gives its size in bytes. Nobody but the owner may read it.
    """
    manifest = dict(about) | {
        "format": FORMAT,
        "parts": {name: _hash(path) for name, path in sorted(parts.items())},
    }
    unfinished = target.with_name(target.name + ".unfinished")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as out, tarfile.open(fileobj=out, mode="w:gz") as tar:
            text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
            manifest_file = unfinished.with_suffix(".manifest")
            manifest_file.write_bytes(text)
            tar.add(manifest_file, MANIFEST)
            manifest_file.unlink()
            for name, path in sorted(parts.items()):
                tar.add(path, name)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return target.stat().st_size


def unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Unpack a backup into an empty folder and check every part; give what it says of itself.

    Raises: BadArchiveError, FileNotFoundError; names that lead outside are refused.
    """
    _extract(source, folder)
    manifest_file = folder / MANIFEST
    if not manifest_file.exists():
        raise BadArchiveError("it is no backup of Voronka")
    manifest: dict[str, Any] = json.loads(manifest_file.read_text(encoding="utf-8"))
    if manifest.get("format") != FORMAT:
        raise BadArchiveError("it was made by a newer version")
    for name, expected in manifest["parts"].items():
        if not (folder / name).exists() or _hash(folder / name) != expected:
            raise BadArchiveError(f"its part {name} is damaged")
    return manifest


def _extract(source: Path, folder: Path) -> None:
    try:
        with tarfile.open(source, "r:gz") as tar:
            for member in tar:
                if not member.isfile() or member.name.startswith(("/", "..")):
                    raise BadArchiveError(f"it holds {member.name!r}, which no backup holds")
                tar.extract(member, folder, filter="data")
    except (tarfile.TarError, EOFError, OSError) as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise BadArchiveError("it is damaged or is no backup of Voronka") from error


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
