"""Where jobs, ledger, photos, files and batches contradict each other or the provider; empty when all is right."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from tests.integration.photos.noting_stand_in import NotingStandIn
from tests.integration.photos.studio import Studio
from tests.integration.photos.sweeping import look

Jobs = Sequence[Row[Any]]


def billed_twice(studio: Studio, stand_in: NotingStandIn, jobs: Sequence[UUID]) -> list[str]:
    clicks = Counter(asked["prompt"] for job in _rows(studio, jobs) if (asked := job.options.get("asked")))
    wrong = [
        f"{many} pictures for {clicks[prompt]} clicks"
        for prompt, many in stand_in.pictures.items()
        if many > clicks[prompt]
    ]
    if stand_in.ledger.requests > clicks.total():
        wrong.append(f"{stand_in.ledger.requests} requests for {clicks.total()} clicks")
    return wrong


def wrong_books(studio: Studio, stand_in: NotingStandIn, jobs: Sequence[UUID]) -> list[str]:
    """After all went well but for workers that died, so that every job is done or unconfirmed."""
    rows = _rows(studio, jobs)
    return [
        *[f"a job ended {row.state}" for row in rows if row.state not in {"done", "unconfirmed"}],
        *[wrong for row in rows for wrong in _wrong_ledger(studio, row)],
        *_wrong_sums(studio, stand_in, rows),
        *_wrong_photos(studio, rows),
        *_wrong_batch(studio, rows),
        *[f"the sweep says {finding.check}: {finding.detail}" for finding in look(studio).findings],
    ]


def _rows(studio: Studio, jobs: Sequence[UUID]) -> Jobs:
    return [studio.job(job_id) for job_id in jobs]


def _wrong_ledger(studio: Studio, job: Row[Any]) -> list[str]:
    attempts = studio.attempts(job.id)
    settled = [row for row in attempts if row.state != "released"]
    if [row.state for row in settled] != ["settled"]:
        return [f"the ledger says {[row.state for row in attempts]} of a job that is {job.state}"]
    (last,) = settled
    expected = ("reported", None) if job.state == "done" else ("possible", "answer_lost")
    if (
        (last.cost_source, last.error) != expected
        or job.error_code != last.error
        or job.cost_usd != last.estimated_cost
    ):
        return [f"{job.state}, but the ledger says {last.cost_source} and {last.error}"]
    return []


def _wrong_sums(studio: Studio, stand_in: NotingStandIn, jobs: Jobs) -> list[str]:
    """The ledger knows as many as the provider, and more only where nobody can know."""
    charged: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    for job in jobs:
        prompt = job.options["asked"]["prompt"]
        charged[prompt] += sum(bool(row.estimated_cost) for row in studio.attempts(job.id))
        unknown[prompt] += job.state == "unconfirmed"
    return [
        f"{charged[prompt]} in the ledger, {stand_in.pictures[prompt]} at the provider, {unknown[prompt]} unconfirmed"
        for prompt in charged
        if not charged[prompt] - unknown[prompt] <= stand_in.pictures[prompt] <= charged[prompt]
    ]


def _wrong_photos(studio: Studio, jobs: Jobs) -> list[str]:
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


def _wrong_batch(studio: Studio, jobs: Jobs) -> list[str]:
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
