"""deploy/backup beside what stands in for PostgreSQL's programs and ours: what it keeps, and what it takes away."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.settings import CHECKOUT

OLD, OLDER = "2026-01-02T00-00-00Z", "2026-01-01T00-00-00Z"
# While the database is dumped one reply is received, and another comes.
DUMP = """#!/bin/sh
for word in "$@"; do case $word in --file=*) echo dumped >"${word#--file=}";; esac; done
rm "$STAFFROOM_DATA_DIR/spool/received.reply"
echo paid >"$STAFFROOM_DATA_DIR/spool/new.reply"
"""
FETCH = '#!/bin/sh\nfor folder in "$@"; do :; done\necho picture >"$folder/photo.webp"\n'


def program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o700)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    shutil.copytree(CHECKOUT / "deploy", tmp_path / "checkout" / "deploy")
    binaries = tmp_path / "checkout" / ".venv" / "bin"
    program(binaries / "staffroom", FETCH)
    (binaries / "python").symlink_to(sys.executable)
    program(tmp_path / "programs" / "pg_dump", DUMP)
    program(tmp_path / "programs" / "psql", "#!/bin/sh\necho 0001\n")
    (tmp_path / "data" / "spool").mkdir(parents=True)
    (tmp_path / "data" / "spool" / "received.reply").write_text("paid", encoding="utf-8")
    return tmp_path


def back_up(machine: Path, folder: Path, keep: int) -> None:
    environment = {
        "PATH": f"{machine / 'programs'}:/usr/bin:/bin",
        "PYTHONPATH": ":".join(sys.path),
        "STAFFROOM_DATA_DIR": str(machine / "data"),
        "MIGRATION_DATABASE_URL": "postgresql://owner:word@127.0.0.1/staffroom",
    }
    command = [str(machine / "checkout" / "deploy" / "backup"), str(folder), str(keep)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_nothing_but_older_backups_is_removed_whatever_the_folder_is_called(machine: Path) -> None:
    folder, neighbour = machine / "kept here", machine / "kept"
    for each in (folder / OLDER / "photos", folder / OLD / "photos", folder / "2026-notes", neighbour):
        each.mkdir(parents=True)

    back_up(machine, folder, keep=2)

    assert neighbour.exists()
    (new,) = {path.name for path in folder.iterdir()} - {OLD, "2026-notes"}
    assert new > OLD
    assert new != OLDER


def test_a_paid_reply_that_comes_or_goes_while_the_database_is_dumped_is_in_the_backup(machine: Path) -> None:
    folder = machine / "backups"
    folder.mkdir()

    back_up(machine, folder, keep=1)

    (made,) = folder.iterdir()
    assert {path.name for path in (made / "spool").iterdir()} == {"received.reply", "new.reply"}
