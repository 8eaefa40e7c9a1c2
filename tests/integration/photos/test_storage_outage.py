"""The bucket goes away in the middle of a class's portraits, and comes back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.clients.supabase_storage import build_bucket
from core.demo.pauses import Timing
from core.photos.finishing import FIRST_STORAGE_RETRY
from core.photos.supabase_storage import SupabasePhotoStorage
from core.settings import BucketAccess
from tests.integration.photos.noting_stand_in import NotingStandIn
from tests.integration.photos.storage_outages import Trouble, keeping_in, through_outage
from tests.integration.photos.studio import Studio, working
from tests.storage_stand_in import SECRET, Fault, StorageStandIn

STUDENTS = 8


@pytest.fixture
def stand_in() -> NotingStandIn:
    # Slow enough that the outage finds some that are not paid yet.
    return NotingStandIn(Timing(image_s=0.3))


@pytest.fixture
def project() -> Iterator[StorageStandIn]:
    with StorageStandIn().served() as project:
        yield project


def impatient(studio: Studio) -> Studio:
    """Asks the store again a tenth of a second after it was away, by a clock that is slow."""
    slow_by = FIRST_STORAGE_RETRY - timedelta(seconds=0.1)
    finisher = replace(studio.maker.finisher, now=lambda: datetime.now(UTC) - slow_by)
    return replace(studio, maker=replace(studio.maker, finisher=finisher))


def test_every_paid_picture_is_stored_after_an_outage_and_none_is_paid_twice(
    studio: Studio, stand_in: NotingStandIn, project: StorageStandIn
) -> None:
    studio.pace_batches()
    with build_bucket(url=project.address, secret_key=SECRET, name="student-photos", sleep=lambda _s: None) as bucket:
        kept = keeping_in(impatient(studio), SupabasePhotoStorage(bucket=bucket, access=BucketAccess.PUBLIC))
        with working(kept.worker(concurrency=2)):
            outage = through_outage(kept, stand_in, project, STUDENTS, Trouble([Fault.CUT, Fault.BROKEN], lasts_s=0.4))

    assert outage.complaints == []
    assert 0 < outage.stored_before < STUDENTS
    assert outage.waited >= STUDENTS / 2
