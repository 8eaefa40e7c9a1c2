"""All that was seen of one deployment; the checks judge it and look at nothing themselves."""

from dataclasses import dataclass, replace
from datetime import date

from core.clients.openai_models import ModelList
from core.db.inspection import DatabaseFacts
from core.doctor.install_look import PackageFacts
from core.doctor.looks import Away, Seen
from core.doctor.machine_look import MachineFacts
from core.doctor.sign_in_look import AuthFacts, OidcFacts
from core.doctor.site_look import SiteFacts
from core.doctor.storage_look import BucketFacts
from core.doctor.work_look import WorkFacts
from core.settings import Mode, Settings


@dataclass(frozen=True)
class Processes:
    """How many there are in all, which nothing here can see."""

    web: int = 1
    workers: int = 1


ONE_OF_EACH = Processes()


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """`None` where there was nothing to look at: no such setting, or an embedded database that never ran."""

    settings: Settings
    today: date
    app: Seen[DatabaseFacts]
    worker: Seen[DatabaseFacts]
    owner: Seen[DatabaseFacts]
    work: Seen[WorkFacts]
    models: Seen[ModelList]
    bucket: Seen[BucketFacts]
    auth: Seen[AuthFacts]
    oidc: Seen[OidcFacts]
    site: Seen[SiteFacts]
    machine: MachineFacts | Away
    packages: PackageFacts | Away
    processes: Processes = ONE_OF_EACH

    @property
    def is_production(self) -> bool:
        return self.settings.mode is Mode.PRODUCTION

    @property
    def settings_of_web(self) -> Settings:
        """What a web process needs of them at least: the worker's login only where it has the worker inside."""
        settings = self.settings
        if settings.run_worker_in_app or settings.uses_embedded_database:
            return settings
        return replace(settings, worker_database_url=None)
