"""Opening packed files without being blown up by them."""

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from voronka.importing import limits
from voronka.importing.bad_files import (
    ArchiveBombError,
    FileEmptyError,
    FileTooLargeError,
    FileTruncatedError,
    XlsxBrokenError,
)

CHUNK = limits.MIB
_GZ = b"\x1f\x8b"


def checked_size(path: Path) -> int:
    """Give the file's bytes. Raises: FileEmptyError, FileTooLargeError."""
    size = path.stat().st_size
    if not size:
        raise FileEmptyError()
    if size > limits.FILE_BYTES:
        raise FileTooLargeError(what="bytes", size=size, limit=limits.FILE_BYTES)
    return size


def first_bytes(path: Path, count: int = 8) -> bytes:
    """Give the beginning of the file as it lies."""
    with path.open("rb") as file:
        return file.read(count)


def opened(path: Path) -> BinaryIO:
    """Open for reading, unpacking gzip (told by its first bytes, not by its name)."""
    if first_bytes(path, 2) == _GZ:
        return cast(BinaryIO, gzip.open(path, "rb"))
    return path.open("rb")


def chunks(path: Path, size: int = CHUNK) -> Iterator[bytes]:
    """Give the unpacked bytes, `size` at a time, to the end, watching how much comes out.

    Raises: ArchiveBombError, FileTruncatedError (details: row = lines so far).
    """
    packed, total, lines = path.stat().st_size, 0, 0
    is_packed = first_bytes(path, 2) == _GZ
    with opened(path) as file:
        while True:
            try:
                chunk = file.read(size)
            except (EOFError, zlib.error, gzip.BadGzipFile):
                raise FileTruncatedError(row=lines + 1) from None
            if not chunk:
                return
            total += len(chunk)
            if is_packed:
                check_ratio(packed, total)
            lines += chunk.count(b"\n")
            yield chunk


def check_ratio(packed: int, unpacked: int) -> None:
    """Refuse what unpacks to too much. Raises: ArchiveBombError."""
    is_dense = unpacked > limits.RATIO_FREE_BYTES and unpacked > packed * limits.UNPACKED_RATIO
    if is_dense or unpacked > limits.UNPACKED_BYTES:
        raise ArchiveBombError(limit_bytes=limits.UNPACKED_BYTES, ratio=limits.UNPACKED_RATIO)


def checked_members(path: Path) -> list[zipfile.ZipInfo]:
    """Give the directory of a zip whose declared sizes are sane.

    Raises: ArchiveBombError, XlsxBrokenError (also for members of unknown packing).
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise XlsxBrokenError(problem="broken") from None
    check_ratio(path.stat().st_size, sum(member.file_size for member in members))
    for member in members:
        if member.flag_bits & 1:
            raise XlsxBrokenError(problem="password")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise XlsxBrokenError(problem="broken")
    return members


def inflated(path: Path, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Give a member's bytes as they really unpack: the directory may lie about their number.

    Raises: ArchiveBombError when more comes out than was declared; XlsxBrokenError.
    """
    total = 0
    for chunk in _raw_inflated(path, member):
        total += len(chunk)
        if total > member.file_size:
            raise ArchiveBombError(limit_bytes=member.file_size, ratio=limits.UNPACKED_RATIO)
        yield chunk
    if total < member.file_size:
        raise XlsxBrokenError(problem="broken")


def _raw_inflated(path: Path, member: zipfile.ZipInfo) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    with path.open("rb") as file:
        file.seek(member.header_offset)
        local = file.read(30)
        if local[:4] != b"PK\x03\x04" or len(local) < 30:
            raise XlsxBrokenError(problem="broken")
        names = int.from_bytes(local[26:28], "little") + int.from_bytes(local[28:30], "little")
        file.seek(names, 1)
        left = member.compress_size
        while left > 0 and (packed := file.read(min(CHUNK, left))):
            left -= len(packed)
            if member.compress_type == zipfile.ZIP_STORED:
                yield packed
                continue
            yield from _bites(inflater, packed)
    if rest := inflater.flush():
        yield rest


def _bites(inflater: "zlib._Decompress", packed: bytes) -> Iterator[bytes]:
    try:
        while packed and not inflater.eof:
            if bite := inflater.decompress(packed, CHUNK):
                yield bite
            packed = inflater.unconsumed_tail
    except zlib.error:
        raise XlsxBrokenError(problem="broken") from None
