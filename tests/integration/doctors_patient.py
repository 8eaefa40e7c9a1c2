"""A school's deployment for the doctor: real Postgres, and stand-ins of everybody whom it asks, all well at first."""

import json
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import make_url

from core.demo.provider.models import model_list
from core.doctor.examining import judge
from core.doctor.finding import Finding, Level
from core.doctor.install_look import PackageFacts
from core.doctor.probes import build_probes, gather
from core.settings import load_settings
from tests.integration.accounts.loopback import Answer, Request, answer_json, served
from tests.integration.accounts.oidc_stand_in import CLIENT_ID, CLIENT_SECRET, OidcStandIn
from tests.integration.accounts.supabase_stand_in import PUBLISHABLE, SECRET, SupabaseStandIn
from tests.postgres import Addresses
from tests.production.project import SupabaseProject
from tests.site_stand_in import SiteStandIn
from tests.storage_answers import Answer as StorageAnswer
from tests.storage_answers import Fault
from tests.storage_answers import Request as StorageRequest

# Generous, since machines that run tests are busy.
PATIENCE_S = 30.0


@dataclass
class Project(SupabaseProject):
    """`lists_to_anyone` is what a careless policy on storage.objects does."""

    lists_to_anyone: bool = False

    def answer(self, request: StorageRequest) -> tuple[StorageAnswer, Fault | None]:
        if request.path.startswith("/storage/v1/object/list/"):
            listed = [{"name": key} for key in self.files] if self.lists_to_anyone else []
            return StorageAnswer(200, json.dumps(listed).encode()), None
        return super().answer(request)


@dataclass
class OpenAIList:
    """The list of models, for whoever has the key."""

    key: str
    address: str = ""

    def __call__(self, request: Request) -> Answer:
        if request.headers.get("authorization") != f"Bearer {self.key}":
            return answer_json({"error": {"message": "Incorrect API key provided."}}, 401)
        return answer_json(model_list()) if request.path == "/v1/models" else answer_json({}, 404)


@dataclass
class Patient:
    environment: dict[str, str]
    project: Project
    oidc: OidcStandIn
    site: SiteStandIn
    openai: OpenAIList
    secrets: set[str] = field(repr=False)

    def tell(self, **variables: str) -> None:
        self.environment.update(variables)

    def examined(self, *, ahead_s: float = 0, longest_s: float = PATIENCE_S) -> Mapping[str, Finding]:
        """In this process; packages are left out, since they take longest and are the same everywhere."""
        settings = load_settings(self.environment)
        with ExitStack() as endings:
            probes = build_probes(settings, endings, clock=lambda: time.time() + ahead_s)
            probes = replace(probes, packages=lambda: PackageFacts(0, ()))
            findings = judge(gather(settings, probes, longest_s=longest_s)).findings
        return {finding.name: finding for finding in findings}

    def reds(self, **how: float) -> set[str]:
        return {name for name, finding in self.examined(**how).items() if finding.level is Level.RED}


@dataclass(frozen=True)
class StandIns:
    project: Project
    oidc: OidcStandIn
    site: SiteStandIn
    openai: OpenAIList


@contextmanager
def stand_ins() -> Iterator[StandIns]:
    oidc, openai = OidcStandIn(), OpenAIList(f"sk-{secrets.token_hex(12)}")
    with (
        Project().served() as project,
        served(oidc) as oidc.address,
        served(openai) as openai.address,
        SiteStandIn().served() as site,
    ):
        yield StandIns(project, oidc, site, openai)


def patient_of(addresses: Addresses, around: StandIns, folder: Path) -> Patient:
    """As on its first day."""
    around.project.reset()
    around.project.lists_to_anyone = False
    around.project.auth = SupabaseStandIn(keys=around.project.auth.keys, address=around.project.address)
    vars(around.oidc).update(vars(OidcStandIn(keys=around.oidc.keys, address=around.oidc.address)))
    around.site.answers.clear()
    folder.mkdir(mode=0o700)
    password, secret_key = secrets.token_hex(12), secrets.token_urlsafe(48)
    environment = {
        "STAFFROOM_MODE": "production",
        "STAFFROOM_DATA_DIR": str(folder),
        "STAFFROOM_SECRET_KEY": secret_key,
        "PUBLIC_URL": around.site.address,
        "DATABASE_URL": _with_password(addresses.app, password),
        "WORKER_DATABASE_URL": _with_password(addresses.worker, password),
        "MIGRATION_DATABASE_URL": _with_password(addresses.owner, password),
        "OPENAI_API_KEY": around.openai.key,
        "OPENAI_BASE_URL": f"{around.openai.address}/v1",
        "SUPABASE_URL": around.project.address,
        "SUPABASE_PUBLISHABLE_KEY": PUBLISHABLE,
        "SUPABASE_SECRET_KEY": SECRET,
        "OIDC_ISSUER": around.oidc.address,
        "OIDC_CLIENT_ID": CLIENT_ID,
        "OIDC_CLIENT_SECRET": CLIENT_SECRET,
    }
    kept = {password, secret_key, around.openai.key, PUBLISHABLE, SECRET, CLIENT_SECRET}
    return Patient(environment, around.project, around.oidc, around.site, around.openai, kept)


def _with_password(address: str, password: str) -> str:
    """The test's server asks for none; an operator's address holds one."""
    return make_url(address).set(password=password).render_as_string(hide_password=False)
