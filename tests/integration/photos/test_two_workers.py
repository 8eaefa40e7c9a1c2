"""Several workers over one database: a class is made by all, and by those that are left when one dies."""

from collections.abc import Iterator

import pytest

from core.demo.pauses import Timing
from tests.integration.photos.noting_stand_in import NotingStandIn
from tests.integration.photos.studio import Studio, served
from tests.integration.photos.two_workers import Limit, race

pytestmark = pytest.mark.processes

STUDENTS = 20
LIMIT = Limit(at_most=8, per_seconds=2.5)


@pytest.fixture
def stand_in() -> NotingStandIn:
    return NotingStandIn(Timing(image_s=0.25))


@pytest.fixture
def provider(stand_in: NotingStandIn) -> Iterator[str]:
    with served(stand_in) as address:
        yield address


def test_one_of_two_workers_is_killed_and_the_other_finishes_the_class_within_the_limit(
    studio: Studio, stand_in: NotingStandIn, provider: str
) -> None:
    outcome = race(studio, stand_in, provider, students=STUDENTS, limit=LIMIT)

    assert outcome.complaints == []
    assert outcome.most_slots <= LIMIT.at_most
    assert outcome.most_requests <= LIMIT.at_most
    assert outcome.left_behind > 0
    assert outcome.rescued_after_s <= 30
