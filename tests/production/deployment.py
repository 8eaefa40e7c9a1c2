"""A school's own set-up: two servers and two workers over one database, and a stand-in of everybody they talk to."""

import re
import secrets
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, create_engine, text

from core.db.addresses import libpq_url, sqlalchemy_url
from core.db.preparing import DATABASE, OWNER, create_database
from tests.e2e.browsing import free_port
from tests.integration.accounts.loopback import served
from tests.integration.accounts.oidc_stand_in import CLIENT_ID, CLIENT_SECRET, OidcStandIn
from tests.integration.accounts.supabase_stand_in import PUBLISHABLE, SECRET, SupabaseStandIn
from tests.postgres import Server
from tests.production.hosted.poolers import poolers
from tests.production.programs import Environment, Programs, leashed_programs
from tests.production.project import SupabaseProject

WORKERS = 2
SHARED = 5
"""Connections to the database that all pages of the first server share."""
LAST_WORDS = 2000


@dataclass
class Deployment:
    """Answers written by the server at `first` come slowly, a word in half a second; those of `second` do not.

    To photos browsers come by signed links from `first`, and by public ones from `second`.
    To the database the pages of `first` come by a transaction pooler and those of `second` directly; workers come by a
    session pooler.
    """

    first: str
    second: str
    owner: Connection
    project: SupabaseProject
    oidc: OidcStandIn
    programs: Programs
    environment: Environment = field(repr=False)
    workers: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    kept_secret: set[str] = field(default_factory=set, repr=False)

    @property
    def supabase(self) -> SupabaseStandIn:
        """Who signs people in."""
        return self.project.auth

    def run(self, *arguments: str) -> str:
        """As the operator."""
        return self.programs.run(*arguments, environment=self.environment)

    def keep_working(self) -> None:
        """As many workers as there should be, whatever became of the former ones."""
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        while len(self.workers) < WORKERS:
            name = f"worker-{secrets.token_hex(4)}"
            self.workers.append(self.programs.start(name, "worker", environment=self.environment))

    def sql(self, statement: str, **values: object) -> None:
        self.owner.execute(text(statement), values)

    def value(self, statement: str, **values: object) -> Any:
        return self.owner.scalar(text(statement), values)

    @property
    def secrets(self) -> set[str]:
        """What may stand in no log."""
        tokens = {family.current for family in self.supabase.families} | self.oidc.access_tokens
        passwords = {account.password for account in self.supabase.accounts}
        return self.kept_secret | tokens | passwords | self.project.link_tokens

    def logs(self) -> str:
        return "\n".join(self._logs().values())

    def last_words(self) -> str:
        """The end of each log, without anything secret."""
        ends = "\n".join(f"--- {name}\n{log[-LAST_WORDS:]}" for name, log in self._logs().items())
        return re.sub("|".join(map(re.escape, self.secrets)), "[secret]", ends)

    def _logs(self) -> dict[str, str]:
        return {path.stem: path.read_text(encoding="utf-8") for path in sorted(self.programs.folder.glob("*.log"))}


@contextmanager
def deployed(server: Server) -> Iterator[Deployment]:
    project, oidc = SupabaseProject(), OidcStandIn()
    with (
        leashed_programs() as programs,
        project.served(),
        served(oidc) as oidc.address,
        _migrated(server, programs) as logins,
        _as_owner(server) as owner,
        poolers(programs, server.addresses(DATABASE).superuser, shared=SHARED) as pooled,
    ):
        logins["WORKER_DATABASE_URL"] = pooled.by_session(logins["WORKER_DATABASE_URL"])
        environment = Environment(
            **_ways_in(project, oidc),
            **logins,
            STAFFROOM_DATA_DIR=str(programs.folder / "data"),
            OPENAI_API_KEY=f"sk-{secrets.token_urlsafe(12)}",
            OPENAI_BASE_URL=_openai(programs, "openai"),
        )
        slow = Environment(
            environment,
            OPENAI_BASE_URL=_openai(programs, "openai-slow", "--fault", "slow_drip"),
            PHOTO_BUCKET_ACCESS="private",
            DATABASE_URL=pooled.by_transaction(logins["DATABASE_URL"]),
        )
        with ThreadPoolExecutor() as at_once:
            first = at_once.submit(_serve, programs, "first", slow)
            second = at_once.submit(_serve, programs, "second", environment)
            deployment = Deployment(
                first.result(), second.result(), owner, project, oidc, programs, environment=environment
            )
        deployment.kept_secret |= _secrets_of(environment)
        deployment.keep_working()
        yield deployment
        # Before the database goes, which a worker would wait for.
        programs.end()


@contextmanager
def _migrated(server: Server, programs: Programs) -> Iterator[Environment]:
    """The addresses of all three logins, as an operator comes by them."""
    create_database(server.superuser_address, DATABASE)
    password = secrets.token_urlsafe()
    server.run(f"alter role {OWNER} password '{password}'")
    url = sqlalchemy_url(server.addresses(DATABASE).owner).set(password=password)
    owner = Environment(MIGRATION_DATABASE_URL=libpq_url(url.render_as_string(hide_password=False)))
    programs.run("migrate", environment=owner)
    printed = programs.run("db", "roles", environment=owner)
    try:
        yield Environment(owner, **dict(re.findall(r"^(\w+_URL)=(.+)$", printed, re.MULTILINE)))
    finally:
        server.drop(DATABASE)


@contextmanager
def _as_owner(server: Server) -> Iterator[Connection]:
    """Past every policy, each statement for itself."""
    address = server.addresses(DATABASE).superuser
    engine = create_engine(sqlalchemy_url(address), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _ways_in(project: SupabaseProject, oidc: OidcStandIn) -> dict[str, str]:
    return {
        "STAFFROOM_MODE": "production",
        "TRUSTED_PROXIES": "127.0.0.1",
        "STAFFROOM_SECRET_KEY": secrets.token_urlsafe(48),
        "SUPABASE_URL": project.address,
        "SUPABASE_PUBLISHABLE_KEY": PUBLISHABLE,
        "SUPABASE_SECRET_KEY": SECRET,
        "OIDC_ISSUER": oidc.address,
        "OIDC_CLIENT_ID": CLIENT_ID,
        "OIDC_CLIENT_SECRET": CLIENT_SECRET,
    }


def _openai(programs: Programs, name: str, *faults: str) -> str:
    port = str(free_port())
    programs.start(name, "demo-openai", "--port", port, *faults, environment=Environment())
    return f"http://127.0.0.1:{port}/v1"


def _serve(programs: Programs, name: str, environment: Environment) -> str:
    """A web process holds neither the worker's login nor the owner's."""
    port = str(free_port())
    own = {"HOST": "127.0.0.1", "PORT": port, "WORKER_DATABASE_URL": "", "MIGRATION_DATABASE_URL": ""}
    programs.start(name, "serve", environment=Environment({**environment, **own}))
    address = f"http://127.0.0.1:{port}"
    programs.wait_until_healthy(name, address)
    return address


def _secrets_of(environment: Environment) -> set[str]:
    passwords = {sqlalchemy_url(value).password for name, value in environment.items() if name.endswith("DATABASE_URL")}
    keys = {value for name, value in environment.items() if name.endswith(("_KEY", "_SECRET"))}
    return {secret for secret in passwords | keys if secret}
