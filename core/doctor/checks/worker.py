"""Whether anybody makes the portraits that are asked for."""

from collections.abc import Iterator

from core.db.inspection import DatabaseFacts
from core.doctor.checks.schema import is_migrated
from core.doctor.evidence import Evidence
from core.doctor.finding import Finding, fine, problem, warning
from core.doctor.looks import Away
from core.doctor.site_look import SiteFacts
from core.doctor.work_look import WorkFacts

WORKER, ABOUT = "worker", "Worker"
# A job is fetched within a second; a class may wait its turn behind others for longer.
LONG_S, VERY_LONG_S = 120, 1800
_START = "Start `staffroom worker`, see its log, and let the system start it again by itself."


def worker(evidence: Evidence) -> Iterator[Finding]:
    """Nothing where the queue can't be read for a reason that has a line already."""
    seen = evidence.work
    if isinstance(seen, WorkFacts):
        yield _alive(seen) if seen.living_lanes else _missing(evidence, seen)
    elif isinstance(seen, Away) and isinstance(evidence.worker, DatabaseFacts) and is_migrated(evidence.worker):
        yield problem(WORKER, ABOUT, f"The queue can't be read: {seen.why}", seen.to_do)
    elif seen is None and isinstance(evidence.app, DatabaseFacts):
        yield _by_connections(evidence, evidence.app)


def _alive(seen: WorkFacts) -> Finding:
    found = f"Alive, last sign {seen.last_sign_s or 0:.0f} seconds ago; {seen.due} jobs due."
    if seen.oldest_due_s > VERY_LONG_S:
        return warning(
            WORKER,
            ABOUT,
            f"{found} The oldest waits for {seen.oldest_due_s / 60:.0f} minutes.",
            "See the worker's log; run another worker, or raise WORKER_CONCURRENCY.",
        )
    return fine(WORKER, ABOUT, found)


def _missing(evidence: Evidence, seen: WorkFacts) -> Finding:
    if seen.due and seen.oldest_due_s > LONG_S:
        return problem(
            WORKER,
            ABOUT,
            f"None is alive, and {seen.due} jobs wait, the oldest for {seen.oldest_due_s / 60:.0f} minutes.",
            _how_to_start(evidence),
        )
    if not evidence.is_production and not _app_runs(evidence):
        return fine(WORKER, ABOUT, "Starts with the app, which is not running now.")
    return warning(WORKER, ABOUT, "None is alive, and nothing waits.", _how_to_start(evidence))


def _how_to_start(evidence: Evidence) -> str:
    return "Start the app, which brings its worker." if evidence.settings.run_worker_in_app else _START


def _app_runs(evidence: Evidence) -> bool:
    return isinstance(evidence.site, SiteFacts) and evidence.site.is_staffroom


def _by_connections(evidence: Evidence, app: DatabaseFacts) -> Finding:
    """Without the worker's login only its connections can be counted."""
    if app.room.open_of_worker:
        return fine(WORKER, ABOUT, f"{app.room.open_of_worker} connections of its login are open.")
    return warning(WORKER, ABOUT, "No connection of its login is open.", _how_to_start(evidence))
