"""pgbouncer in the place of Supabase's poolers: logins are `login.project`, and one of two ports keeps sessions."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from core.db.addresses import libpq_url, sqlalchemy_url
from tests.e2e.browsing import free_port
from tests.production.programs import Programs

PROJECT = "abcdefghijklmnopqrst"
FEW = 2
"""Connections to the server behind the transaction pooler, for each login; so everybody shares them."""
MANY = 60
WITHIN_S = 30

_CONFIGURATION = """
[databases]
* = host={host} port={port} connect_query='select 1'
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen_port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {users}
auth_user = {login}
auth_query = select rolname, rolpassword from pg_authid where rolname = split_part($1, '.', 1)
pool_mode = {mode}
default_pool_size = {pool_size}
max_client_conn = 200
"""


@dataclass(frozen=True)
class Poolers:
    session_port: int
    transaction_port: int

    def by_session(self, address: str) -> str:
        return _through(self.session_port, address)

    def by_transaction(self, address: str) -> str:
        return _through(self.transaction_port, address)


@contextmanager
def poolers(programs: Programs, superuser_address: str, *, shared: int = FEW) -> Iterator[Poolers]:
    """Both, before the server at this address; they end with the block, and with the test run if that is killed."""
    ports = {"session": (free_port(), MANY), "transaction": (free_port(), shared)}
    superuser = sqlalchemy_url(superuser_address)
    started = [_start(programs, superuser, mode, port, size) for mode, (port, size) in ports.items()]
    try:
        for port, _ in ports.values():
            _wait_for(port)
        yield Poolers(*(port for port, _ in ports.values()))
    finally:
        for process in started:
            process.terminate()
            process.wait()


def _start(
    programs: Programs, superuser: URL, mode: str, listen_port: int, pool_size: int
) -> "subprocess.Popen[bytes]":
    folder = programs.folder / f"pgbouncer-{mode}"
    folder.mkdir(mode=0o700)
    users, configuration = folder / "users", folder / "pgbouncer.ini"
    users.write_text(f'"{superuser.username}" "{superuser.password or ""}"\n', encoding="utf-8")
    wanted = {
        "host": superuser.host or superuser.query["host"],
        "port": superuser.port or 5432,
        "login": superuser.username,
    }
    told = _CONFIGURATION.format(**wanted, listen_port=listen_port, users=users, mode=mode, pool_size=pool_size)
    configuration.write_text(told, encoding="utf-8")
    as_whom = _unprivileged(folder, users, configuration)
    with (programs.folder / f"pgbouncer-{mode}.log").open("wb") as log:
        command = ["/usr/sbin/pgbouncer", str(configuration)]
        process = subprocess.Popen(command, user=as_whom, stdout=log, stderr=log)
    programs.hold(process.pid)
    return process


def _unprivileged(folder: Path, *files: Path) -> str | None:
    """pgbouncer refuses to run as root; the folder above must let it through."""
    if os.getuid() != 0:
        return None
    folder.parent.chmod(0o711)
    for path in (folder, *files):
        shutil.chown(path, "postgres")
    return "postgres"


def _through(port: int, address: str) -> str:
    url = sqlalchemy_url(address)
    through = url.set(username=f"{url.username}.{PROJECT}", host="127.0.0.1", port=port, query={"sslmode": "disable"})
    return libpq_url(through.render_as_string(hide_password=False))


def _wait_for(port: int) -> None:
    give_up_at = time.monotonic() + WITHIN_S
    while time.monotonic() < give_up_at:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.02)
    raise TimeoutError(f"nobody listens at {port}")
