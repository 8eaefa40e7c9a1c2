"""A photo job moves along the edges of the design and no others."""

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from tests.cast import Cast, found_schools

STATES = ("queued", "reserved", "calling", "received", "done", "failed", "unconfirmed", "cancelled")
EDGES = {
    ("queued", "reserved"),
    ("queued", "failed"),
    ("queued", "cancelled"),
    ("reserved", "failed"),
    ("reserved", "queued"),
    ("reserved", "calling"),
    ("calling", "queued"),
    ("calling", "failed"),
    ("calling", "unconfirmed"),
    ("calling", "received"),
    ("unconfirmed", "received"),
    ("received", "done"),
    ("received", "failed"),
}
# A worker's notes beside the state: when to come back, what it waits for, who has it.
KEEPS_CHANGING = {"queued", "reserved", "calling", "received", "unconfirmed"}
ACTIVE = ("queued", "reserved", "calling", "received")


def _job(scratch: Connection, cast: Cast, state: str) -> None:
    scratch.execute(
        text("insert into photo_jobs (school_id, student_id, state) values (:school, :ana, :state)"),
        {"school": cast.mei.school_id, "ana": cast.ana, "state": state},
    )


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("after", STATES)
def test_only_the_edges_of_the_design_are_taken(scratch: Connection, before: str, after: str) -> None:
    _job(scratch, found_schools(scratch), before)
    move = text("update photo_jobs set state = :after, message = 'moved'")

    if (before, after) in EDGES or (before == after and before in KEEPS_CHANGING):
        scratch.execute(move, {"after": after})
        assert scratch.scalar(text("select state from photo_jobs")) == after
    else:
        with pytest.raises(DBAPIError, match="does not"):
            scratch.execute(move, {"after": after})


@pytest.mark.parametrize("first", ACTIVE)
@pytest.mark.parametrize("second", ACTIVE)
def test_a_student_has_one_active_job(scratch: Connection, first: str, second: str) -> None:
    cast = found_schools(scratch)
    _job(scratch, cast, first)

    with pytest.raises(DBAPIError, match="photo_jobs_one_active_key"):
        _job(scratch, cast, second)


@pytest.mark.parametrize("ended", ["done", "failed", "unconfirmed", "cancelled"])
def test_ended_jobs_leave_room_for_another(scratch: Connection, ended: str) -> None:
    cast = found_schools(scratch)
    _job(scratch, cast, ended)
    _job(scratch, cast, ended)

    _job(scratch, cast, "queued")

    assert scratch.scalar(text("select count(*) from photo_jobs")) == 3
