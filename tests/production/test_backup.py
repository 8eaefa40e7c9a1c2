"""A whole school is put away with the shipped scripts, and comes back in an empty database with nothing missing."""

import hashlib
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Connection, create_engine, make_url, text

from core.accounts.sessions import SESSION_COOKIE
from core.db.addresses import sqlalchemy_url
from core.settings import CHECKOUT
from tests.e2e.browsing import free_port
from tests.postgres import Server, running_server, versions
from tests.production.deployment import Deployment
from tests.production.programs import STAFFROOM, Environment
from tests.production.schools import PASSWORD, School

RESTORED = "staffroom_restored"
# What workers write by the clock, or when one starts.
RESTLESS = {"procrastinate.procrastinate_workers", "procrastinate.procrastinate_periodic_defers"}


@dataclass(frozen=True)
class Machine:
    """A folder of settings as /etc/staffroom, a data folder, and who runs the scripts."""

    settings: Path
    data: Path
    environment: Environment

    def run(self, *command: str, **more: str) -> "subprocess.CompletedProcess[str]":
        """As the guide says: with-settings, and what follows it."""
        told = {**os.environ, "STAFFROOM_SETTINGS": str(self.settings), "STAFFROOM_USER": _whoami(), **more}
        with_settings = str(CHECKOUT / "deploy" / "with-settings")
        return subprocess.run([with_settings, *command], env=told, capture_output=True, text=True, check=False)

    def done(self, *command: str) -> str:
        done = self.run(*command)
        assert done.returncode == 0, done.stderr
        return done.stdout


def machine(folder: Path, environment: Environment) -> Machine:
    settings, data = folder / "etc", folder / "data"
    settings.mkdir(parents=True)
    told = {"STAFFROOM_DATA_DIR": str(data), **environment}
    lines = [f"{name}={value}" for name, value in told.items()]
    (settings / "staffroom.env").write_text("\n".join(["# as an operator writes it", *lines]), encoding="utf-8")
    return Machine(settings, Path(told["STAFFROOM_DATA_DIR"]), Environment(told))


def _whoami() -> str:
    return subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture(scope="module")
def backups(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("backups")


@pytest.fixture(scope="module")
def old(deployment: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Machine:
    return machine(tmp_path_factory.mktemp("old"), deployment.environment)


@pytest.fixture(scope="module")
def token(deployment: Deployment, contoso: School) -> str:
    """Of a member who was signed in when the backup was made."""
    token = signed_in(deployment.second, contoso)
    deployment.kept_secret.add(token)
    return token


@pytest.fixture(scope="module")
def backup(old: Machine, backups: Path, token: str) -> Path:  # noqa: ARG001 -- signed in first
    old.done(str(CHECKOUT / "deploy" / "backup"), str(backups), "1")
    (made,) = backups.iterdir()
    return made


@pytest.fixture(scope="module")
def new(deployment: Deployment, backup: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:  # noqa: ARG001 -- made first
    """Another machine with an empty database, and photos of its own."""
    server = running_server(versions()[0])
    try:
        make_database(server)
        yield machine(tmp_path_factory.mktemp("new"), elsewhere(deployment.environment))
    finally:
        server.drop(RESTORED)


def make_database(server: Server) -> None:
    url = make_url(server.superuser_address)
    as_superuser = {"PGHOST": str(url.query["host"]), "PGUSER": url.username or "postgres"}
    command = [str(CHECKOUT / "deploy" / "make-database"), RESTORED]
    done = subprocess.run(command, env={**os.environ, **as_superuser}, capture_output=True, text=True, check=False)
    # The owner is of the whole server, and keeps its password.
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def elsewhere(environment: Environment) -> Environment:
    def there(address: str) -> str:
        url = sqlalchemy_url(address).set(database=RESTORED, drivername="postgresql")
        return url.render_as_string(hide_password=False)

    own = {name: there(value) for name, value in environment.items() if name.endswith("DATABASE_URL")}
    kept = {
        name: value for name, value in environment.items() if name not in {"STAFFROOM_DATA_DIR", "SUPABASE_SECRET_KEY"}
    }
    return Environment({**kept, **own})


def signed_in(server: str, school: School) -> str:
    form = {"email": school.email(school.teacher), "password": PASSWORD}
    reply = httpx.post(f"{server}/sign-in", data=form, headers={"Origin": server}, timeout=60)
    assert reply.status_code == 303
    return reply.cookies[SESSION_COOKIE]


def content(connection: Connection) -> dict[str, tuple[int, str]]:
    """How many rows each table has, and what is in all of them; and how far each sequence is."""
    schemas = "schemaname in ('public', 'private', 'procrastinate')"
    tables = connection.scalars(text(f"select schemaname || '.' || tablename from pg_tables where {schemas}")).all()
    rows = "select count(*), md5(coalesce(string_agg(t::text, '|' order by t::text collate \"C\"), '')) from {} as t"
    found = {name: connection.execute(text(rows.format(name))).one() for name in set(tables) - RESTLESS}
    sequences = connection.execute(
        text(f"select schemaname || '.' || sequencename, last_value from pg_sequences where {schemas}")
    ).all()
    far = {name: (at, "") for name, at in sequences if name.removesuffix("_id_seq") not in RESTLESS}
    return {**{name: (row[0], row[1]) for name, row in found.items()}, **far}


@contextmanager
def superuser(database: str) -> Iterator[Connection]:
    engine = create_engine(sqlalchemy_url(running_server(versions()[0]).addresses(database).superuser))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def restore(machine_: Machine, backup: Path) -> "subprocess.CompletedProcess[str]":
    return machine_.run(str(CHECKOUT / "deploy" / "restore"), str(backup))


def cut_short(backup: Path, folder: Path) -> Path:
    """With a dump that breaks off, whose checksum is that of what is left."""
    subprocess.run(["cp", "--archive", backup, folder], check=True)
    dump = folder / "database.dump"
    dump.write_bytes(dump.read_bytes()[: dump.stat().st_size // 2])
    sums = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    kept = [line for line in sums if not line.endswith("./database.dump")]
    kept.append(f"{hashlib.sha256(dump.read_bytes()).hexdigest()}  ./database.dump")
    (folder / "SHA256SUMS").write_text("\n".join(kept) + "\n", encoding="utf-8")
    return folder


def test_a_backup_is_complete_for_its_owner_alone_and_links_what_has_not_changed(
    old: Machine, backups: Path, backup: Path
) -> None:
    photos = {path.name: path.stat().st_ino for path in backup.rglob("*.webp")}
    everything = [path for path in backup.rglob("*") if path.is_file()]
    assert len(photos) >= 12
    assert [path for path in everything if path.stat().st_mode & 0o077] == []
    assert subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=backup, check=False).returncode == 0
    listed = (backup / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert len(listed) == len(everything) - 1

    # Of which the last one stays.
    elsewhere_ = backups.parent / "kept"
    elsewhere_.mkdir()
    subprocess.run(["cp", "--archive", backup, elsewhere_ / "2026-01-01T00-00-00Z"], check=True)
    first = {path.name: path.stat().st_ino for path in elsewhere_.rglob("*.webp")}
    old.done(str(CHECKOUT / "deploy" / "backup"), str(elsewhere_), "1")

    assert [path.name for path in elsewhere_.iterdir()] != ["2026-01-01T00-00-00Z"]
    assert len(list(elsewhere_.iterdir())) == 1
    assert {path.name: path.stat().st_ino for path in elsewhere_.rglob("*.webp")} == first


def test_a_school_is_restored_into_an_empty_database_and_goes_on(
    deployment: Deployment, contoso: School, new: Machine, backup: Path, token: str, tmp_path: Path
) -> None:
    assert "staffroom migrate" in restore(new, backup).stderr
    new.done(STAFFROOM, "migrate")
    spoilt = tmp_path / "spoilt"
    subprocess.run(["cp", "--archive", backup, spoilt], check=True)
    with (spoilt / "database.dump").open("ab") as dump:
        dump.write(b"?")
    assert "not what it was" in restore(new, spoilt).stderr
    with superuser(RESTORED) as connection:
        connection.execute(
            text("update supabase_migrations.schema_migrations set version = '9' where version = '0001'")
        )
        connection.commit()
        assert "other migrations" in restore(new, backup).stderr
        connection.execute(
            text("update supabase_migrations.schema_migrations set version = '0001' where version = '9'")
        )
        connection.commit()

    assert restore(new, cut_short(backup, tmp_path / "cut-short")).returncode != 0
    with superuser(RESTORED) as connection:
        assert connection.scalar(text("select count(*) from public.students")) == 0

    done = restore(new, backup)

    assert done.returncode == 0, done.stderr
    with superuser("staffroom") as before, superuser(RESTORED) as after:
        assert content(after) == content(before)
        photos = after.execute(text("select storage_key, sha256 from photos")).all()
    kept = {key: hashlib.sha256((new.data / "photos" / key).read_bytes()).hexdigest() for key, _ in photos}
    assert kept == {photo.storage_key: photo.sha256 for photo in photos}
    # Compares jobs, photos, files, replies, queue and ledger with each other.
    assert json.loads(new.done(STAFFROOM, "sweep", "--json"))
    assert "there are schools" in restore(new, backup).stderr
    _serves(deployment, contoso, new, token)


def _serves(deployment: Deployment, school: School, new: Machine, token: str) -> None:
    """Who was signed in still is; others sign in; and all that readiness looks at is well."""
    port = str(free_port())
    own = {"HOST": "127.0.0.1", "PORT": port, "WORKER_DATABASE_URL": "", "MIGRATION_DATABASE_URL": ""}
    process = deployment.programs.start("restored", "serve", environment=Environment({**new.environment, **own}))
    address = f"http://127.0.0.1:{port}"
    deployment.programs.wait_until_healthy("restored", address)
    ready = httpx.get(f"{address}/readyz", timeout=60)
    assert ready.status_code == 200, ready.text
    cookies = {SESSION_COOKIE: token}
    page = httpx.get(address, headers={"Accept": "text/html"}, cookies=cookies, timeout=60, follow_redirects=False)
    assert page.status_code == 200
    deployment.kept_secret.add(signed_in(address, school))
    process.terminate()
    process.wait(60)
