"""kill -9 of the worker wherever a portrait may be: nothing paid is lost, nothing is paid twice."""

from collections.abc import Iterator

import pytest

from core.demo.pauses import Timing
from core.jobs import worker
from tests.integration.photos.crash_runs import EVERY_POINT, crash_batch, crash_single
from tests.integration.photos.noting_stand_in import NotingStandIn
from tests.integration.photos.studio import Studio, served

pytestmark = pytest.mark.processes

# A batch's portraits go the same way; these are where a single one's differ in money.
OF_A_SINGLE_ONE = ("after reserved", "after calling", "after the spool", "inside done")


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes the survivors two seconds; bench/crashes.py waits for it."""
    monkeypatch.setattr(worker, "CARE_S", 0.2)


@pytest.fixture
def stand_in() -> NotingStandIn:
    return NotingStandIn(Timing(hang_s=60))


@pytest.fixture
def provider(stand_in: NotingStandIn) -> Iterator[str]:
    with served(stand_in) as address:
        yield address


@pytest.mark.parametrize("point", EVERY_POINT)
def test_a_killed_worker_leaves_a_class_that_the_next_one_finishes(
    studio: Studio, stand_in: NotingStandIn, provider: str, point: str
) -> None:
    assert crash_batch(studio, stand_in, provider, point).complaints == []


@pytest.mark.parametrize("point", OF_A_SINGLE_ONE)
def test_a_killed_worker_leaves_a_job_that_the_next_one_ends(
    studio: Studio, stand_in: NotingStandIn, provider: str, point: str
) -> None:
    assert crash_single(studio, stand_in, provider, point).complaints == []
