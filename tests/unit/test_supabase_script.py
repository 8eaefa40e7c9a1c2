"""deploy/supabase: Supabase's command gets the owner's database, and nobody who lists processes its password."""

import shutil
import subprocess
import sys
from pathlib import Path

from core.settings import CHECKOUT

TELL = '#!/bin/sh\necho "$*"\necho "$PGPASSWORD ${MIGRATION_DATABASE_URL:-}"\n'


def test_the_owners_password_stands_on_no_command_line(tmp_path: Path) -> None:
    binaries, node = tmp_path / ".venv" / "bin", tmp_path / "sql" / "node_modules" / ".bin"
    for folder in (binaries, node, tmp_path / "deploy"):
        folder.mkdir(parents=True)
    shutil.copy(CHECKOUT / "deploy" / "supabase", tmp_path / "deploy")
    (binaries / "python").symlink_to(sys.executable)
    (node / "supabase").write_text(TELL, encoding="utf-8")
    (node / "supabase").chmod(0o700)
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": ":".join(sys.path),
        "MIGRATION_DATABASE_URL": "postgresql://postgres.abc:w%40rd@pooler.example:5432/postgres?sslmode=require",
    }

    command = [str(tmp_path / "deploy" / "supabase"), "db", "push"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    address = "postgresql://postgres.abc@pooler.example:5432/postgres?sslmode=require"
    told, kept = f"db push --workdir {tmp_path}/sql --remote={address}", "w@rd "
    assert (done.returncode, done.stdout.splitlines()) == (0, [told, kept]), done.stderr
