"""What a person hands in (files, a zip, a folder, pasted text) as CSV files in memory."""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from core.errors import UnreadableFile

MAX_UPLOAD_BYTES: Final = 10 * 1024 * 1024
MAX_UNPACKED_BYTES: Final = 50 * 1024 * 1024
MAX_FILES: Final = 60
MAX_ZIP_ENTRIES: Final = 1000
TEXT_SUFFIXES: Final = frozenset({".csv", ".tsv", ".txt"})

TOO_BIG: Final = "This is more than 10 MB. Export fewer classes at a time."
TOO_BIG_UNPACKED: Final = "This zip unpacks to more than 50 MB. Export fewer classes at a time."
TOO_MANY: Final = f"This holds more than {MAX_FILES} files. Hand in only the files of one export."
SPREADSHEET: Final = "This is a spreadsheet workbook. Save it as CSV and choose that file."
NO_CSV_INSIDE: Final = "There is no CSV file in this {place}. Export the list as CSV and retry."
BROKEN_ZIP: Final = "This zip is damaged, has a password or is packed in a rare way. Make a plain new one and retry."


# All that the standard library raises for archives whose bytes were changed, or that have a password.
_DAMAGE: Final = (zipfile.BadZipFile, zlib.error, EOFError, IndexError, OSError, RuntimeError, ValueError)
_COMPRESSIONS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


@dataclass(frozen=True, slots=True)
class Upload:
    """One file; its content stays out of logs."""

    name: str
    data: bytes = field(repr=False)


def pasted(text: str) -> Upload:
    return Upload("Pasted list", text.encode())


def uploads_at(path: Path) -> tuple[Upload, ...]:
    """A file, or the CSV files that lie directly in a folder."""
    try:
        paths = _listed(path) if path.is_dir() else [path]
        if sum(file.stat().st_size for file in paths) > MAX_UPLOAD_BYTES:
            raise UnreadableFile(TOO_BIG)
        return tuple(Upload(file.name, file.read_bytes()) for file in paths)
    except OSError as error:
        reason = "There is no file" if isinstance(error, FileNotFoundError) else "The file can't be opened"
        raise UnreadableFile(f"{reason} at {path}. Check the path and retry.") from error


def _listed(folder: Path) -> list[Path]:
    files = sorted(file for file in folder.iterdir() if file.is_file() and _is_list(file.name))
    if not files:
        raise UnreadableFile(NO_CSV_INSIDE.format(place="folder"))
    if len(files) > MAX_FILES:
        raise UnreadableFile(TOO_MANY)
    return files


def csv_files(uploads: Sequence[Upload]) -> tuple[Upload, ...]:
    """The files themselves, zips unpacked; what can't be a list of people is refused in one sentence."""
    if sum(len(upload.data) for upload in uploads) > MAX_UPLOAD_BYTES:
        raise UnreadableFile(TOO_BIG)
    files = tuple(file for upload in uploads for file in _opened(upload))
    if len(files) > MAX_FILES:
        raise UnreadableFile(TOO_MANY)
    return files


def digest(uploads: Sequence[Upload]) -> str:
    """The same for the same files in any order, so that a second import is known as one."""
    parts = sorted(hashlib.sha256(upload.data).hexdigest() for upload in uploads)
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def _opened(upload: Upload) -> Iterator[Upload]:
    if upload.data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        yield from _unzipped(upload)
    elif upload.data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile(SPREADSHEET)
    else:
        yield upload


def _unzipped(upload: Upload) -> list[Upload]:
    try:
        with zipfile.ZipFile(io.BytesIO(upload.data)) as archive:
            return _members(archive)
    except _DAMAGE as error:
        raise UnreadableFile(BROKEN_ZIP) from error


def _members(archive: zipfile.ZipFile) -> list[Upload]:
    entries = archive.infolist()
    if any(entry.filename == "[Content_Types].xml" for entry in entries):
        raise UnreadableFile(SPREADSHEET)
    wanted = [entry for entry in entries if not entry.is_dir() and _is_list(entry.filename)]
    if len(wanted) > MAX_FILES or len(entries) > MAX_ZIP_ENTRIES:
        raise UnreadableFile(TOO_MANY)
    if not wanted:
        raise UnreadableFile(NO_CSV_INSIDE.format(place="zip"))
    return _read_within_limit(archive, wanted)


def _read_within_limit(archive: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo]) -> list[Upload]:
    files, room = [], MAX_UNPACKED_BYTES
    for entry in entries:
        if entry.compress_type not in _COMPRESSIONS:
            raise UnreadableFile(BROKEN_ZIP)
        with archive.open(entry) as member:
            # The size an archive declares may be a lie, so what is read counts.
            data = member.read(room + 1)
        room -= len(data)
        if room < 0:
            raise UnreadableFile(TOO_BIG_UNPACKED)
        files.append(Upload(entry.filename, data))
    return files


def _is_list(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    is_hidden = any(part.startswith(".") or part == "__MACOSX" for part in path.parts)
    return not is_hidden and path.suffix.lower() in TEXT_SUFFIXES
