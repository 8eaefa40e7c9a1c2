"""A look at what is installed: the packages against their pins, and which version of Staffroom this is."""

import re
import tomllib
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from core.settings import CHECKOUT

_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;]+)(?P<only>\s*;)?")


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


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
