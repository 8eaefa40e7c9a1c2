"""Everything that is seen of a school's server where all is well; tests change one thing of it."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from core.clients.openai_models import ModelList
from core.clients.supabase_storage import FILE_SIZE_LIMIT, MIME_TYPES, BucketState
from core.db.inspection import DatabaseFacts, Login, Room
from core.db.migrations import migrations
from core.db.shipped_policies import shipped_policies
from core.doctor.evidence import Evidence
from core.doctor.examining import judge
from core.doctor.finding import Finding
from core.doctor.install_look import PackageFacts
from core.doctor.machine_look import Folder, MachineFacts
from core.doctor.sign_in_look import AuthFacts, Keys, OidcFacts
from core.doctor.site_look import SiteFacts
from core.doctor.storage_look import BucketFacts
from core.doctor.work_look import WorkFacts
from core.settings import load_settings

PUBLIC_URL = "https://staffroom.school.example"
ENVIRONMENT = {
    "STAFFROOM_MODE": "production",
    "STAFFROOM_SECRET_KEY": "an-unguessable-Key-0123456789-of-ours",
    "PUBLIC_URL": PUBLIC_URL,
    "TRUSTED_PROXIES": "127.0.0.1",
    "DATABASE_URL": "postgresql://staffroom_app:hidden@db.example:5432/postgres",
    "WORKER_DATABASE_URL": "postgresql://staffroom_worker:hidden@db.example:5432/postgres",
    "OPENAI_API_KEY": "sk-hidden",
    "SUPABASE_URL": "https://project.supabase.example",
    "SUPABASE_PUBLISHABLE_KEY": "sb_publishable_hidden",
    "SUPABASE_SECRET_KEY": "sb_secret_hidden",
    "OIDC_ISSUER": "https://accounts.school.example",
    "OIDC_CLIENT_ID": "staffroom",
    "OIDC_CLIENT_SECRET": "hidden",
}
VERSIONS = frozenset(migration.version for migration in migrations())
ROOM = Room(most=100, kept_back=3, most_of_database=-1, open=12, open_of_app=4, open_of_worker=6)


def login(name: str, role: str) -> Login:
    return Login(
        name=name,
        is_superuser=False,
        bypasses_policies=False,
        inherits=False,
        makes_roles=False,
        most_connections=-1,
        owns=0,
        member_of=frozenset({role}),
        may_become=role,
    )


def database(name: str, role: str) -> DatabaseFacts:
    return DatabaseFacts(
        place="db.example:5432/postgres",
        is_here=False,
        is_encrypted=True,
        is_pooled=False,
        is_pooled_by_transaction=False,
        ahead_s=0.1,
        version=17,
        version_text="17.4",
        search_path="public, procrastinate",
        login=login(name, role),
        room=ROOM,
        applied=VERSIONS,
        tables_without_security=(),
        careless_views=(),
        has_storage=True,
        policies=shipped_policies(),
        open_policies=(),
        open_to_anyone=(),
    )


APP, WORKER = database("staffroom_app", "authenticated"), database("staffroom_worker", "service_role")
WORK = WorkFacts(
    living_lanes=2,
    last_sign_s=4,
    due=0,
    oldest_due_s=0,
    replies=0,
    waiting={},
    paused_batches={},
    at_limit={},
    failed={},
    paused_for_s=None,
    choices=(),
)
BUCKET = BucketFacts(
    BucketState(exists=True, is_public=True, file_size_limit=FILE_SIZE_LIMIT, allowed_mime_types=MIME_TYPES),
    is_listed_to_anyone=False,
    link_status=200,
    bare_link_status=200,
)
KEYS = Keys(usable=1, published=1)
AUTH = AuthFacts(200, KEYS, 0.2, lets_sign_up=False, confirms_by_itself=False, takes_passwords=True)
OIDC = OidcFacts(200, ENVIRONMENT["OIDC_ISSUER"], (), KEYS, -0.3, refuses_us=False)
SITE = SiteFacts(
    health=200,
    is_staffroom=True,
    leads_elsewhere=False,
    ready=200,
    faults=(),
    sign_in=200,
    stream=101,
    stream_answers=True,
)
FOLDER = Folder(
    Path("/srv/staffroom"),
    is_there=True,
    is_writable=True,
    is_open_to_others=False,
    is_temporary=False,
    free_bytes=50 * 10**9,
)
MACHINE = MachineFacts(
    folder=FOLDER,
    replies=0,
    oldest_reply_s=0,
    photos=0,
    photos_folder_is_writable=True,
    env_file_mode=0o600,
    python=(3, 12, 1),
)


def evidence(environment: dict[str, str] | None = None, **changed: Any) -> Evidence:
    """`environment` over that of a well one; an empty value takes a variable away."""
    settings = load_settings({**ENVIRONMENT, **(environment or {})})
    well = Evidence(
        settings=settings,
        today=date(2026, 11, 23),
        app=APP,
        worker=WORKER,
        owner=None,
        work=WORK,
        models=ModelList({settings.chat_model: None, settings.image_model: None}, 0.4),
        bucket=BUCKET,
        auth=AUTH,
        oidc=OIDC,
        site=SITE,
        machine=MACHINE,
        packages=PackageFacts(96, ()),
    )
    return replace(well, **changed)


def finding(seen: Evidence, name: str) -> Finding:
    """The one of that name."""
    found = [one for one in judge(seen).findings if one.name == name]
    assert len(found) == 1, [one.name for one in judge(seen).findings]
    return found[0]
