"""A look at this machine: the data folder, its disk and what waits there, Python, packages and the file .env."""

import os
import re
import shutil
import stat
import sys
import time
import tomllib
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from core.photos.storage import LocalPhotoStorage
from core.settings import CHECKOUT, Settings

_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;]+)(?P<only>\s*;)?")
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


@dataclass(frozen=True)
class Pin:
    """A package of requirements.txt that is here in another version, or not at all (None)."""

    name: str
    wanted: str
    found: str | None


@dataclass(frozen=True)
class PackageFacts:
    pinned: int
    differing: tuple[Pin, ...]


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


def look_at_packages(file: Path = CHECKOUT / "requirements.txt") -> PackageFacts:
    """A package that only some systems need counts where it is here."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    pins = [pin for line in lines if (pin := _PIN.match(line))]
    differing = [
        Pin(pin["name"], pin["version"], found)
        for pin in pins
        if (found := _installed(pin["name"])) != pin["version"] and not (found is None and pin["only"])
    ]
    return PackageFacts(len(pins), tuple(differing))


def own_version(checkout: Path = CHECKOUT) -> str:
    project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def own_commit(checkout: Path = CHECKOUT) -> str | None:
    """Of a checkout; None where it was unpacked from an archive."""
    head = _first_line(checkout / ".git" / "HEAD")
    if not head.startswith("ref: "):
        return _commit(head)
    name = head.removeprefix("ref: ")
    packed = _lines(checkout / ".git" / "packed-refs")
    found = next((line.split()[0] for line in packed if line.endswith(f" {name}")), "")
    return _commit(_first_line(checkout / ".git" / name) or found)


def _commit(text: str) -> str | None:
    return text[:12] if re.fullmatch(r"[0-9a-f]{40}", text) else None


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def _first_line(path: Path) -> str:
    return next(iter(_lines(path)), "").strip()


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


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
