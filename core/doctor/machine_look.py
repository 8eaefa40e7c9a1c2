"""A look at this machine: the data folder, its disk and what waits there, Python, and the file .env."""

import os
import shutil
import stat
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from core.photos.storage import LocalPhotoStorage
from core.settings import CHECKOUT, Settings

MOST_COUNTED = 100_000


@dataclass(frozen=True)
class Folder:
    """The data folder; where it is not there yet, `is_writable` is about making it."""

    path: Path
    is_there: bool
    is_writable: bool
    is_open_to_others: bool
    is_temporary: bool
    free_bytes: int


@dataclass(frozen=True)
class MachineFacts:
    """`replies` are paid and wait to be stored; `env_file_mode` is None where there is no file."""

    folder: Folder
    replies: int
    oldest_reply_s: float
    photos: int
    photos_folder_is_writable: bool
    env_file_mode: int | None
    python: tuple[int, int, int]


def look_at_machine(settings: Settings) -> MachineFacts:
    """Makes no folder and no file."""
    replies = list((settings.data_dir / "spool").glob("*.reply"))
    photos = settings.data_dir / "photos"
    return MachineFacts(
        folder=_folder(settings.data_dir),
        replies=len(replies),
        oldest_reply_s=max((_age_s(path) for path in replies), default=0.0),
        photos=sum(1 for _, _ in zip(LocalPhotoStorage(photos).keys(), range(MOST_COUNTED), strict=False)),
        photos_folder_is_writable=os.access(_nearest(photos), os.W_OK | os.X_OK),
        env_file_mode=_mode(CHECKOUT / ".env"),
        python=sys.version_info[:3],
    )


def _folder(path: Path) -> Folder:
    nearest = _nearest(path)
    is_there = nearest == path
    mode = _mode(path) or 0
    return Folder(
        path=path,
        is_there=is_there,
        is_writable=os.access(nearest, os.W_OK | os.X_OK),
        is_open_to_others=bool(mode & (stat.S_IRWXG | stat.S_IRWXO) & ~(stat.S_IXGRP | stat.S_IXOTH)),
        is_temporary=path.name.startswith("staffroom-") and path.parent == Path("/tmp"),  # noqa: S108 -- compared with
        free_bytes=shutil.disk_usage(nearest).free,
    )


def _nearest(path: Path) -> Path:
    return next(folder for folder in (path, *path.absolute().parents) if folder.exists())


def _mode(path: Path) -> int | None:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return None


def _age_s(path: Path) -> float:
    try:
        return max(0.0, time.time() - path.stat().st_mtime)
    except OSError:
        # Stored meanwhile.
        return 0.0
