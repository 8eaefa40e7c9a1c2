"""Files that are either whole and on the disk, or not there at all."""

import os
import uuid
from pathlib import Path

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700


def make_private_folder(folder: Path) -> None:
    """The folder and its missing parents, closed to other users."""
    missing = [step for step in (folder, *folder.parents) if not step.exists()]
    for step in reversed(missing):
        step.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        _sync_folder(step.parent)


def write_durably(path: Path, data: bytes) -> None:
    """Replace `path` in one step, surviving a power cut right after the return. Raises OSError."""
    unfinished = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        _write_synced(unfinished, data)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    _sync_folder(path.parent)


def is_unfinished(path: Path) -> bool:
    """Whether a write that never ended left this behind."""
    return path.name.startswith(".")


def _write_synced(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Without it the file's name may be lost though its bytes are not."""
    if os.name == "nt":  # folders can't be opened there, and the rename is journalled
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
