from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event, text

from core.jobs.queue import MAKE_PORTRAIT
from core.jobs.rescue import Rescuer
from tests.integration.photos.studio import Studio


@pytest.fixture
def doing(studio: Studio) -> int:
    """The queue's id of a job that a worker has, which no lock tells of."""
    studio.ask()
    turn(studio, "doing")
    return int(studio.one("select id from procrastinate.procrastinate_jobs").id)


def turn(studio: Studio, status: str) -> None:
    with studio.database.as_worker() as session:
        session.execute(text("set local search_path = procrastinate, public"))
        session.execute(text(f"update procrastinate_jobs set status = '{status}'"))


def rescue(studio: Studio, rescuer: Rescuer) -> int:
    with studio.database.as_worker() as session:
        return len(rescuer.rescue(session))


def status(studio: Studio, queue_id: int) -> str:
    return str(studio.one("select status from procrastinate.procrastinate_jobs where id = :id", id=queue_id).status)


def test_a_job_that_is_found_abandoned_twice_goes_back(studio: Studio, doing: int) -> None:
    rescuer = Rescuer(MAKE_PORTRAIT)

    assert [rescue(studio, rescuer), rescue(studio, rescuer)] == [0, 1]
    assert status(studio, doing) == "todo"


@pytest.fixture
def ended_at_the_last_moment(studio: Studio) -> Iterator[None]:
    """By its worker, between the look at it and its way back."""
    engine = studio.database._worker
    assert engine is not None

    def end(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "retry_job" in statement:
            turn(studio, "succeeded")

    event.listen(engine, "before_cursor_execute", end)
    yield
    event.remove(engine, "before_cursor_execute", end)


@pytest.mark.usefixtures("ended_at_the_last_moment")
def test_a_job_that_ends_at_the_last_moment_is_left_alone(studio: Studio, doing: int) -> None:
    rescuer = Rescuer(MAKE_PORTRAIT)

    assert [rescue(studio, rescuer), rescue(studio, rescuer)] == [0, 0]
    assert status(studio, doing) == "succeeded"
