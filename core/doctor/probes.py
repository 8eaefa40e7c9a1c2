"""What looks at a deployment, built from its settings; `gather` has all of it look at once."""

import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime

from core.clients.openai_client import build_openai, key_hash
from core.clients.openai_models import ModelList, list_models
from core.clients.probe import Prober
from core.clients.supabase_storage import SHORT_PATIENCE, build_bucket
from core.db.engine import Database, build_engine
from core.db.inspection import DatabaseFacts, inspect
from core.db.reaching import Addresses, find_database
from core.doctor.evidence import Evidence
from core.doctor.install_look import PackageFacts, look_at_packages
from core.doctor.looks import Away, Look, Seen, begun, seen
from core.doctor.machine_look import MachineFacts, look_at_machine
from core.doctor.sign_in_look import AuthFacts, OidcFacts, look_at_oidc, look_at_supabase_auth
from core.doctor.site_look import SiteFacts, look_at_site
from core.doctor.storage_look import BucketFacts, look_at_bucket
from core.doctor.work_look import WorkFacts, look_at_work
from core.errors import WorkerLoginMissing
from core.settings import Settings

AUTHENTICATED, SERVICE = "authenticated", "service_role"
"""The roles that the two logins take."""

# Of the five seconds that the command may take, two go into its start.
LONGEST_S = 2.5

Clock = Callable[[], float]
"""This machine's, in seconds since 1970."""


@dataclass(frozen=True, kw_only=True)
class Probes:
    """One for each look; None where the settings name nothing to look at."""

    find_database: Callable[[], Addresses | None]
    inspect: Callable[[str, str | None], DatabaseFacts]
    work: Callable[[Addresses], WorkFacts]
    models: Callable[[], ModelList] | None
    bucket: Callable[[], BucketFacts] | None
    auth: Callable[[], AuthFacts] | None
    oidc: Callable[[], OidcFacts] | None
    site: Callable[[], SiteFacts]
    machine: Callable[[], MachineFacts]
    packages: Callable[[], PackageFacts]


def build_probes(settings: Settings, endings: ExitStack, clock: Clock = time.time) -> Probes:
    """`endings` lets go of what they hold."""
    prober = endings.enter_context(closing(Prober(clock=clock)))
    return Probes(
        find_database=lambda: find_database(settings, endings),
        inspect=lambda address, role: inspect(address, wants_role=role, clock=clock),
        work=lambda addresses: _work(settings, addresses),
        models=None if settings.uses_stand_in else lambda: _models(settings, clock),
        bucket=(lambda: _bucket(settings, prober)) if settings.keeps_photos_in_supabase else None,
        auth=(lambda: look_at_supabase_auth(settings, prober)) if settings.signs_in_by_password else None,
        oidc=(lambda: look_at_oidc(settings, prober)) if settings.signs_in_by_oidc else None,
        site=lambda: look_at_site(settings.public_url, prober),
        machine=lambda: look_at_machine(settings),
        packages=look_at_packages,
    )


def gather(settings: Settings, probes: Probes, *, longest_s: float) -> Evidence:
    """All at once, and over after `longest_s`, whatever hangs."""
    until = time.monotonic() + longest_s
    models, bucket = begun("models", probes.models), begun("bucket", probes.bucket)
    auth, oidc = begun("auth", probes.auth), begun("oidc", probes.oidc)
    site, machine = Look("site", probes.site), Look("machine", probes.machine)
    packages = Look("packages", probes.packages)
    database = _database_seen(probes, until)
    return Evidence(
        settings=settings,
        today=datetime.now(UTC).date(),
        app=database.app,
        worker=database.worker,
        owner=database.owner,
        work=database.work,
        models=seen(models, until),
        bucket=seen(bucket, until),
        auth=seen(auth, until),
        oidc=seen(oidc, until),
        site=site.seen(until),
        machine=machine.seen(until),
        packages=packages.seen(until),
    )


@dataclass(frozen=True)
class _DatabaseSeen:
    app: Seen[DatabaseFacts]
    worker: Seen[DatabaseFacts]
    owner: Seen[DatabaseFacts]
    work: Seen[WorkFacts]


def _database_seen(probes: Probes, until: float) -> _DatabaseSeen:
    """The embedded server must run before anyone can be let in."""
    found = Look("database", probes.find_database).seen(until)
    if found is None or isinstance(found, Away):
        return _DatabaseSeen(found, found, found, found)
    app = _inspecting(probes, found.app, AUTHENTICATED)
    worker = _inspecting(probes, found.worker, SERVICE)
    owner = _inspecting(probes, found.owner, None)
    work = None if found.worker is None else Look("work", lambda: probes.work(found))
    return _DatabaseSeen(seen(app, until), seen(worker, until), seen(owner, until), seen(work, until))


def _inspecting(probes: Probes, address: str | None, role: str | None) -> Look[DatabaseFacts] | None:
    return None if address is None else Look("login", lambda: probes.inspect(address, role))


def _work(settings: Settings, addresses: Addresses) -> WorkFacts:
    if addresses.worker is None:
        raise WorkerLoginMissing
    app, worker = (build_engine(address, pool_size=1) for address in (addresses.app, addresses.worker))
    with closing(Database(app=app, worker=worker)) as database:
        return look_at_work(database, key_hash(settings.openai_api_key))


def _models(settings: Settings, clock: Clock) -> ModelList:
    client = build_openai(
        api_key=settings.openai_api_key, base_url=settings.openai_base_url, organization=settings.openai_org_id
    )
    with client:
        return list_models(client, clock)


def _bucket(settings: Settings, prober: Prober) -> BucketFacts:
    bucket = build_bucket(
        url=settings.supabase_url or "",
        secret_key=settings.supabase_secret_key or "",
        name=settings.photo_bucket,
        timeout=SHORT_PATIENCE,
        sleep=lambda _seconds: None,
    )
    return look_at_bucket(settings, bucket, prober)
