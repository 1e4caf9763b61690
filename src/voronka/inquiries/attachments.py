"""Files that come with an inquiry: which are kept. Told by their first bytes, not by name."""

import re
from dataclasses import dataclass

TOP_FILE = 15 * 1024 * 1024
TOP_FILES = 20
TOP_WHOLE = 40 * 1024 * 1024
_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"AC10", "image/vnd.dwg"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"{\\rtf", "application/rtf"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
)
_OFFICE = {
    b"word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    b"mimetypeapplication/vnd.oasis.opendocument": "application/vnd.oasis.opendocument",
}
_PROGRAMS = re.compile(
    r"\.(?:exe|scr|com|bat|cmd|js|jse|vbs|vbe|wsf|hta|msi|ps1|jar|lnk|html?|svg|xht(?:ml)?"
    r"|docm|xlsm|pptm|dll|cpl|pif|iso|img)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file as it came."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class SortedFile:
    """A file with its true kind, and why it is not kept ("" when it is)."""

    name: str
    content: bytes
    kind: str
    problem: str


def sort_files(given: list[GivenFile]) -> list[SortedFile]:
    """Say of each file what it is and whether it is kept.

    Documents, pictures, sound and plain text of up to 15 MiB are; programs, pages with scripts,
    documents with macros and archives are not: nothing is ever unpacked here. At most 20 files
    and 40 MiB together.
    """
    found, whole = [], 0
    for n, one in enumerate(given):
        kind = kind_of(one.content)
        problem = _problem(one, kind)
        if not problem and n >= TOP_FILES:
            problem = "too_many"
        if not problem and whole + len(one.content) > TOP_WHOLE:
            problem = "too_big"
        whole += 0 if problem else len(one.content)
        found.append(SortedFile(_plain_name(one.name), one.content, kind, problem))
    return found


def kind_of(content: bytes) -> str:
    """Tell a file's kind by its first bytes; "" when it is none of those that are kept."""
    for mark, kind in _MARKS:
        if content.startswith(mark):
            return kind
    if content.startswith(b"RIFF"):
        return {b"WAVE": "audio/wav", b"WEBP": "image/webp"}.get(content[8:12], "")
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    if content[4:8] == b"ftyp":
        return "image/heic" if content[8:12] in (b"heic", b"heix", b"mif1") else "video/mp4"
    return "text/plain" if _is_text(content) else ""


def _office(content: bytes) -> str:
    head, end = content[:4096], content[-65_536:]
    if b"vbaProject.bin" in end:
        return ""
    return next((kind for mark, kind in _OFFICE.items() if mark in head or mark in end), "")


def _is_text(content: bytes) -> bool:
    head = content[:4096]
    if b"\x00" in head or head.lstrip()[:1] == b"<" or head.startswith((b"MZ", b"#!")):
        return False
    printable = sum(byte >= 32 or byte in b"\t\r\n\f" for byte in head)
    return bool(head) and printable == len(head)


def _problem(one: GivenFile, kind: str) -> str:
    if not one.content:
        return "empty"
    if len(one.content) > TOP_FILE:
        return "too_big"
    return "bad_kind" if not kind or _PROGRAMS.search(one.name) else ""


def _plain_name(name: str) -> str:
    bare = re.split(r"[\\/]", name)[-1]
    shown = "".join(sign for sign in bare if sign.isprintable()).strip(". ")
    return shown[-200:] or "file"
