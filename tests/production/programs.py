"""The staffroom command as a deployment runs it: some in the background, some until they are done."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from core.settings import CHECKOUT
from tests.e2e.browsing import short_folder

STAFFROOM = str(Path(sys.executable).with_name("staffroom"))
START_S, END_S = 120, 60


class Environment(dict[str, str]):
    """What a program is told by its variables; a failed test shows nothing of it."""

    def __repr__(self) -> str:
        return "<environment>"


@dataclass
class Programs:
    """What was started, each with a log of its own in the folder; ended with the test run, even if that is killed."""

    folder: Path
    _leash: "subprocess.Popen[bytes]"
    _running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, name: str, *arguments: str, environment: Environment) -> "subprocess.Popen[bytes]":
        told = {**os.environ, **environment}
        with self.log(name).open("ab") as log:
            process = subprocess.Popen([STAFFROOM, *arguments], env=told, cwd=CHECKOUT, stdout=log, stderr=log)
        self.hold(process.pid)
        self._running[name] = process
        return process

    def run(self, *arguments: str, environment: Environment) -> str:
        """What it prints; that may be secret, so a failure shows only what it complained of."""
        told, pipe = {**os.environ, **environment}, subprocess.PIPE
        process = subprocess.Popen([STAFFROOM, *arguments], env=told, cwd=CHECKOUT, stdout=pipe, stderr=pipe, text=True)
        self.hold(process.pid)
        out, err = process.communicate(timeout=START_S)
        assert process.returncode == 0, f"staffroom {arguments[0]}: {err}"
        return out

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def wait_until_healthy(self, name: str, address: str) -> None:
        give_up_at = time.monotonic() + START_S
        while self._running[name].poll() is None and time.monotonic() < give_up_at:
            try:
                urllib.request.urlopen(f"{address}/healthz", timeout=1).close()
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.05)
            else:
                return
        raise RuntimeError(f"{name} did not start:\n{self.log(name).read_text(encoding='utf-8')}")

    def end(self) -> None:
        """As a host does: asked to end, and killed if that takes too long."""
        for process in self._running.values():
            process.terminate()
        for name, process in self._running.items():
            try:
                process.wait(END_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise AssertionError(f"{name} did not end when it was asked to") from None
        self._running.clear()

    def hold(self, pid: int) -> None:
        """Ends it, too, if the test run is killed."""
        assert self._leash.stdin is not None
        self._leash.stdin.write(f"{pid}\n".encode())
        self._leash.stdin.flush()


@contextmanager
def leashed_programs() -> Iterator[Programs]:
    with short_folder() as folder:
        command = [sys.executable, "-m", "tests.production.leash", str(folder)]
        with subprocess.Popen(command, cwd=CHECKOUT, stdin=subprocess.PIPE, start_new_session=True) as leash:
            programs = Programs(folder, leash)
            try:
                yield programs
            finally:
                programs.end()
