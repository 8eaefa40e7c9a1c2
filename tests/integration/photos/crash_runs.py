"""One crash from end to end: a worker dies at a point, the next one ends what it left, and the books are compared."""

import multiprocessing
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from uuid import UUID

from sqlalchemy import text

from core.demo.faults import Fault
from core.photos.job import ACTIVE_STATES
from tests.integration.photos import crashing
from tests.integration.photos.books import billed_twice, wrong_books
from tests.integration.photos.crashing import POINTS, Spark
from tests.integration.photos.noting_stand_in import NotingStandIn
from tests.integration.photos.studio import Studio, wait_until, working
from tests.integration.photos.sweeping import look

WHILE_IT_DRAWS = "while the provider draws"
EVERY_POINT = {**POINTS, WHILE_IT_DRAWS: "unconfirmed"}
ENDED_WITHIN_S = 30.0

# One process that has imported everything already; each worker to be killed is a fork of it.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([crashing.__name__])


@dataclass(frozen=True)
class Crash:
    """What came of one: what was billed twice, what else is wrong in the books, and how long until all had ended."""

    point: str
    billed_twice: Sequence[str]
    wrong: Sequence[str]
    ended_after_s: float

    @property
    def is_late(self) -> bool:
        return self.ended_after_s > ENDED_WITHIN_S

    @property
    def complaints(self) -> list[str]:
        late = [f"ended after {self.ended_after_s:.1f} s"] if self.is_late else []
        return [*self.billed_twice, *self.wrong, *late]


def crash_single(studio: Studio, stand_in: NotingStandIn, provider: str, point: str) -> Crash:
    """Of a worker that makes one portrait."""
    jobs = [studio.ask()]
    return _crash(studio, stand_in, provider, point, jobs)


def crash_batch(studio: Studio, stand_in: NotingStandIn, provider: str, point: str) -> Crash:
    """Of a worker that makes two of a class's three; it dies with the second that comes by."""
    studio.pace_batches()
    batch_id = studio.start_batch(studio.enrol_unlike(3))
    return _crash(studio, stand_in, provider, point, studio.jobs_of(batch_id))


def _crash(studio: Studio, stand_in: NotingStandIn, provider: str, point: str, jobs: list[UUID]) -> Crash:
    burned = _kill(studio, stand_in, provider, point, at_portrait=min(2, len(jobs)))
    begun = monotonic()
    # Somebody may sweep at once: it may tidy up, and must spoil nothing of what is half-way.
    look(studio, repair=True)
    with working(studio.worker()):
        wait_until(lambda: are_over(studio, jobs), timeout_s=2 * ENDED_WITHIN_S)
        ended_after_s = monotonic() - begun
        wait_until(lambda: nothing_is_left(studio))
        for _ in range(2):
            deliver_again(studio, jobs)
        wait_until(lambda: nothing_is_left(studio))
    wrong = [*_other_ends(studio, burned, EVERY_POINT[point]), *wrong_books(studio, stand_in, jobs)]
    return Crash(point, billed_twice(studio, stand_in, jobs), wrong, ended_after_s)


def _kill(studio: Studio, stand_in: NotingStandIn, provider: str, point: str, *, at_portrait: int) -> list[UUID]:
    """Returns the portraits that were at the point."""
    folder = studio.maker.data_dir
    spark = Spark(point, at_portrait, folder / "burned")
    if point == WHILE_IT_DRAWS:
        stand_in.faults.always(Fault.HANG_BILLED)
    process = FORKS.Process(target=crashing.work, args=(studio.addresses, folder, provider, spark), daemon=True)
    process.start()
    if point == WHILE_IT_DRAWS:
        wait_until(lambda: stand_in.ledger.billed_images >= at_portrait)
        process.kill()
        stand_in.faults.always()
    process.join(ENDED_WITHIN_S)
    assert process.exitcode == -signal.SIGKILL, point
    if point == WHILE_IT_DRAWS:
        return [row.id for row in studio.rows("select id from photo_jobs where state = 'calling'")]
    return [UUID(spark.burned.read_text())]


def are_over(studio: Studio, jobs: Sequence[UUID]) -> bool:
    return not any(studio.state(job_id) in ACTIVE_STATES for job_id in jobs)


def nothing_is_left(studio: Studio) -> bool:
    return not studio.count("procrastinate.procrastinate_jobs") and not studio.count("photo_replies")


def deliver_again(studio: Studio, jobs: Sequence[UUID]) -> None:
    with studio.database.as_worker() as session:
        for job_id in jobs:
            session.execute(text("select private.defer_portrait(:id, null)"), {"id": job_id})


def _other_ends(studio: Studio, jobs: Sequence[UUID], end: str) -> list[str]:
    states = [studio.state(job_id) for job_id in jobs]
    return [f"ended {state} where {end} was due" for state in states if state != end]
