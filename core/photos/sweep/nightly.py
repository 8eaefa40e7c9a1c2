"""Sweeps once a night, in one worker of all; it only looks, and logs what it found."""

import contextlib
from collections import defaultdict
from dataclasses import dataclass

import structlog
from sqlalchemy import text

from core.db.engine import Database
from core.errors import DatabaseAway
from core.jobs.lookout import Lookout
from core.photos.spool import Spool
from core.photos.storage import PhotoStorage
from core.photos.sweep.findings import Report
from core.photos.sweep.sources import Sources, SweepStopped
from core.photos.sweep.sweeping import sweep

FIRST_LOOK_S = 300.0
"""A start has better things to do."""
LOOK_EVERY_S = 600.0
MOST_IDS = 20
"""Of each check in the log; the command tells all."""

log = structlog.get_logger(__name__)

# Last three o'clock where the oldest school is. The queue's table of what it starts by the clock keeps which nights
# were taken: the row that goes in makes this worker the one, and a night that nobody was up for is made up for.
_TAKE_NIGHT = text(
    """
    with school as (
        select s.time_zone from schools as s order by s.created_at, s.id limit 1
    ),
    night as (
        select cast(
            extract(
                epoch from (
                    date_trunc('day', (now() at time zone school.time_zone) - interval '3 hours') + interval '3 hours'
                ) at time zone school.time_zone
            ) as bigint
        ) as began_at
        from school
    ),
    forgotten as (
        delete from procrastinate.procrastinate_periodic_defers as p
        using night
        where p.task_name = 'sweep' and p.defer_timestamp < night.began_at
    )
    insert into procrastinate.procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
    select 'sweep', '', night.began_at from night
    on conflict do nothing
    returning defer_timestamp
    """
)
_GIVE_BACK = text(
    "delete from procrastinate.procrastinate_periodic_defers as p"
    " where p.task_name = 'sweep' and p.defer_timestamp = :night"
)


@dataclass(kw_only=True)
class NightlySweep(Lookout):
    """Looks every few minutes whether a night's sweep is still to be done.

    Asked to stop, a sweep that runs ends at the next place where it can; the night is another worker's then.
    """

    name = "nightly sweep"

    database: Database
    storage: PhotoStorage
    spool: Spool
    first_look_s: float = FIRST_LOOK_S
    look_every_s: float = LOOK_EVERY_S
    _unfinished: int | None = None

    def look(self) -> None:
        try:
            self.sweep_if_due()
        except DatabaseAway:
            raise
        except Exception:
            self._unfinished = None
            raise

    def run(self) -> None:
        super().run()
        if self._unfinished is not None:
            with contextlib.suppress(DatabaseAway):
                self._give_back(self._unfinished)

    def sweep_if_due(self) -> Report | None:
        """None where this night's is done, or being done by another worker, or was not finished here."""
        night = self._unfinished or self._take_night()
        if night is None:
            return None
        # Where the database goes away meanwhile, the night stays this worker's.
        self._unfinished = night
        try:
            report = self._sweep()
        except SweepStopped:
            self._give_back(night)
            return None
        self._unfinished = None
        if report.findings:
            log.warning("sweep found what does not match", counts=report.counts, ids=_ids(report))
        else:
            log.info("sweep found nothing", **report.checked)
        return report

    def _take_night(self) -> int | None:
        with self.database.as_worker() as session:
            night: int | None = session.scalar(_TAKE_NIGHT)
        return night

    def _give_back(self, night: int) -> None:
        with self.database.as_worker() as session:
            session.execute(_GIVE_BACK, {"night": night})
        self._unfinished = None

    def _sweep(self) -> Report:
        sources = Sources(
            database=self.database, storage=self.storage, spool=self.spool, is_stopping=self._stopping.is_set
        )
        return sweep(sources, repair=False)


def _ids(report: Report) -> dict[str, list[str]]:
    ids: dict[str, list[str]] = defaultdict(list)
    for finding in report.findings:
        if len(ids[finding.check]) < MOST_IDS:
            ids[finding.check].append(finding.id)
    return dict(ids)
