"""One crash from end to end: a worker dies at a point, the next one ends what it left, and the books are compared."""

import multiprocessing
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from core.demo.faults import Fault
from core.photos.job import ACTIVE_STATES
from tests.integration.photos import crashing
from tests.integration.photos.crashing import POINTS, Spark
from tests.integration.photos.noting_stand_in import NotingStandIn
from tests.integration.photos.studio import Studio, wait_until, working

WHILE_IT_DRAWS = "while the provider draws"
EVERY_POINT = {**POINTS, WHILE_IT_DRAWS: "unconfirmed"}
ENDED_WITHIN_S = 30.0

# One process that has imported everything already; each worker to be killed is a fork of it.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([crashing.__name__])

# The prompt tells the provider's bills apart, and of these it says the age.
LEVELS = ("P1", "P3", "P6")


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
    students = studio.enrol(len(LEVELS))
    for student, level in zip(students, LEVELS, strict=True):
        studio.run("update students set level = :level where id = :id", id=student, level=level)
    return _crash(studio, stand_in, provider, point, studio.jobs_of(studio.start_batch(students)))


def _crash(studio: Studio, stand_in: NotingStandIn, provider: str, point: str, jobs: list[UUID]) -> Crash:
    burned = _kill(studio, stand_in, provider, point, at_portrait=min(2, len(jobs)))
    begun = monotonic()
    with working(studio.worker()):
        wait_until(lambda: are_over(studio, jobs), timeout_s=2 * ENDED_WITHIN_S)
        ended_after_s = monotonic() - begun
        wait_until(lambda: nothing_is_left(studio))
        for _ in range(2):
            deliver_again(studio, jobs)
        wait_until(lambda: nothing_is_left(studio))
    ends = dict.fromkeys(burned, EVERY_POINT[point])
    return Crash(point, billed_twice(studio, stand_in, jobs), wrong_books(studio, stand_in, jobs, ends), ended_after_s)


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


def billed_twice(studio: Studio, stand_in: NotingStandIn, jobs: Sequence[UUID]) -> list[str]:
    prompts = [asked["prompt"] for asked in (studio.job(job_id).options.get("asked") for job_id in jobs) if asked]
    wrong = [f"{many} pictures for one click" for many in stand_in.pictures.values() if many > 1]
    if stand_in.ledger.requests > len(prompts):
        wrong.append(f"{stand_in.ledger.requests} requests for {len(prompts)} clicks")
    return wrong


def wrong_books(studio: Studio, stand_in: NotingStandIn, jobs: Sequence[UUID], ends: dict[UUID, str]) -> list[str]:
    """Where jobs, ledger, photos, files and the batch contradict each other or the provider."""
    rows = [studio.job(job_id) for job_id in jobs]
    return [
        *[f"{row.state} where {ends[row.id]} was due" for row in rows if ends.get(row.id, row.state) != row.state],
        *[f"the job ended {row.state}" for row in rows if row.state not in {"done", "unconfirmed"}],
        *[wrong for row in rows for wrong in _wrong_ledger(studio, stand_in, row)],
        *_wrong_photos(studio, rows),
        *_wrong_batch(studio, rows),
    ]


def _wrong_ledger(studio: Studio, stand_in: NotingStandIn, job: Row[Any]) -> list[str]:
    attempts = studio.attempts(job.id)
    charged = [row for row in attempts if row.state == "settled" and row.estimated_cost]
    billed = stand_in.pictures[job.options["asked"]["prompt"]]
    wrong = []
    if [row.state for row in attempts if row.state != "released"] != ["settled"]:
        wrong.append(f"the ledger says {[row.state for row in attempts]}")
    if len(charged) < billed or (job.state == "done" and len(charged) != billed):
        wrong.append(f"{len(charged)} in the ledger, {billed} at the provider, and the job is {job.state}")
    expected = ("reported", None) if job.state == "done" else ("possible", "answer_lost")
    if (attempts[-1].cost_source, attempts[-1].error) != expected or job.error_code != attempts[-1].error:
        wrong.append(f"{job.state}, but the ledger says {attempts[-1].cost_source} and {attempts[-1].error}")
    return wrong


def _wrong_photos(studio: Studio, jobs: Sequence[Row[Any]]) -> list[str]:
    photos = studio.rows("select * from photos")
    files = set(studio.storage.keys())
    named = {key for photo in photos for key in (photo.storage_key, photo.thumb_key)}
    wrong = []
    if {photo.id for photo in photos if photo.is_current} != {job.id for job in jobs if job.state == "done"}:
        wrong.append("not exactly the portraits that are done are shown")
    if files != named:
        wrong.append(f"{len(files - named)} files without a photo, {len(named - files)} missing")
    if studio.spool.waiting():
        wrong.append("a reply is still kept")
    return wrong


def _wrong_batch(studio: Studio, jobs: Sequence[Row[Any]]) -> list[str]:
    batch_id = jobs[0].batch_id
    if batch_id is None:
        return []
    batch = studio.class_photos.batch(studio.cast.mei, batch_id)
    counts, wrong = batch.counts, []
    if batch.state != "finished" or batch.finished_at is None:
        wrong.append(f"the batch is {batch.state}")
    if (counts.done + counts.unconfirmed, counts.total) != (len(jobs), len(jobs)):
        wrong.append(f"the batch counts {counts}")
    spent = studio.one("select sum(estimated_cost) as usd from openai_usage where state = 'settled'").usd
    if batch.spent.cost_usd != spent:
        wrong.append(f"the batch cost {batch.spent.cost_usd}, the ledger says {spent}")
    return wrong
