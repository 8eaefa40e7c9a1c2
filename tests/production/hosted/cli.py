"""The Supabase CLI, pinned by sql/package-lock.json, as an operator calls it."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from core.settings import CHECKOUT

CLI = CHECKOUT / "sql" / "node_modules" / ".bin" / "supabase"
WITHIN_S = 100
# It would tell its makers of each call, and ask them for a newer version.
_QUIET = {"SUPABASE_TELEMETRY_DISABLED": "1", "DO_NOT_TRACK": "1", "SUPABASE_NO_UPDATE_NOTIFIER": "1"}


@dataclass(frozen=True)
class Finding:
    """`name` is the lint's."""

    level: str
    name: str
    detail: str


def push(address: str, *, workdir: Path = CHECKOUT / "sql") -> str:
    """What it says of the migrations that it applied, or that there were none."""
    done = _run("db", "push", "--yes", f"--remote={address}", workdir=workdir)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def advise(address: str) -> tuple[int, list[Finding]]:
    """The exit code, which is not 0 from a warning on, and what all advisors found, informational notes left out."""
    what = ("--type=all", "--level=warn", "--fail-on=warn", "--output-format=json")
    done = _run("db", "advisors", *what, f"--remote={address}", workdir=CHECKOUT / "sql")
    assert done.stdout, done.stderr
    results: list[dict[str, Any]] = json.loads(done.stdout)["results"]
    return done.returncode, [Finding(each["level"], each["name"], each["detail"]) for each in results]


def _run(*arguments: str, workdir: Path) -> "subprocess.CompletedProcess[str]":
    if not CLI.exists():
        pytest.fail("The Supabase CLI is not installed: `make sql/node_modules/.package-lock.json` does it with npm.")
    command = [str(CLI), *arguments, "--workdir", str(workdir)]
    told = {**os.environ, **_QUIET}
    return subprocess.run(command, check=False, env=told, capture_output=True, text=True, timeout=WITHIN_S)
