"""A class's portraits while the bucket that takes them is away in their middle."""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast
from uuid import UUID

from core.photos.storage import LocalPhotoStorage, PhotoStorage
from tests.integration.photos.books import billed_twice, wrong_books
from tests.integration.photos.noting_stand_in import NotingStandIn
from tests.integration.photos.studio import Studio, wait_until
from tests.storage_stand_in import Fault, StorageStandIn

LONGEST_S = 300
_WAITING = "select count(*) as n from photo_jobs where state = 'received' and wait_reason = 'storage'"
_NOT_PAID_YET = "select count(*) as n from photo_jobs where state in ('queued', 'reserved', 'calling')"
_SHOWN = "select profile_photo from students where profile_photo is not null"


@dataclass(frozen=True)
class Outage:
    """`complaints` is empty when every picture that was paid is stored, and none was paid twice."""

    complaints: list[str]
    stored_before: int
    waited: int
    tries: int
    over_after_s: float


@dataclass(frozen=True)
class Trouble:
    """How a store fails, one way after the other, for as long in all; longer where not everything waits for it yet."""

    faults: Sequence[Fault]
    lasts_s: float


def through_outage(
    studio: Studio, stand_in: NotingStandIn, project: StorageStandIn, students: int, trouble: Trouble
) -> Outage:
    """While a worker runs; the trouble begins when a quarter is stored."""
    batch_id = studio.start_batch(studio.enrol_unlike(students))
    jobs = studio.jobs_of(batch_id)
    wait_until(lambda: len(project.files) >= 2 * (students // 4))
    stored, uploads = len(project.files), project.asked("POST")
    for fault in trouble.faults:
        project.always = fault
        time.sleep(trouble.lasts_s / len(trouble.faults))
    wait_until(lambda: _count(studio, _NOT_PAID_YET) == 0 and _all_wait_or_are_done(studio), timeout_s=LONGEST_S)
    waited, tries = _count(studio, _WAITING), project.asked("POST") - uploads
    project.always, up_at = None, time.monotonic()
    wait_until(lambda: studio.batch(batch_id).finished_at is not None, timeout_s=LONGEST_S)
    return Outage(_complaints(studio, stand_in, project, jobs), stored // 2, waited, tries, time.monotonic() - up_at)


def keeping_in(studio: Studio, bucket: PhotoStorage) -> Studio:
    """The same with another store; nothing of it is particular to a folder, but for its type."""
    finisher = replace(studio.maker.finisher, storage=bucket)
    return replace(studio, storage=cast("LocalPhotoStorage", bucket), maker=replace(studio.maker, finisher=finisher))


def _all_wait_or_are_done(studio: Studio) -> bool:
    return not _count(studio, "select count(*) as n from photo_jobs where state = 'received' and wait_reason is null")


def _complaints(studio: Studio, stand_in: NotingStandIn, project: StorageStandIn, jobs: Sequence[UUID]) -> list[str]:
    wrong = [*billed_twice(studio, stand_in, jobs), *wrong_books(studio, stand_in, jobs)]
    if stand_in.ledger.requests != len(jobs):
        wrong.append(f"{stand_in.ledger.requests} calls for {len(jobs)} portraits")
    for photo in (studio.photo(job) for job in jobs):
        stored = project.files.get(photo.storage_key)
        if stored is None or hashlib.sha256(stored.data).hexdigest() != photo.sha256:
            wrong.append(f"photo {photo.id} is not in the bucket as it was made")
    elsewhere = [row.profile_photo for row in studio.rows(_SHOWN) if not row.profile_photo.startswith(project.address)]
    if elsewhere:
        wrong.append(f"{len(elsewhere)} students show an address that is not the bucket's")
    return wrong


def _count(studio: Studio, query: str) -> int:
    return int(studio.one(query).n)
