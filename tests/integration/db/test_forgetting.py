"""Removing a school, a class or a student takes along what belongs to it, and only that."""

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from core.db.engine import Database
from tests.cast import Cast
from tests.integration.db.records import record_everything

OF_A_SCHOOL = (
    "staff",
    "students",
    "openai_usage",
    "usage_daily",
    "audit_log",
    "photos",
    "photo_replies",
    "cases",
    "chat_threads",
    "chat_messages",
    "chat_requests",
    "chat_tokens",
)


def _finish(owner: Connection, job: object) -> None:
    for state in ("reserved", "calling", "received", "done"):
        owner.execute(text("update photo_jobs set state = :state where id = :job"), {"state": state, "job": job})


def _mark(owner: Connection, request_data: str) -> None:
    owner.execute(text("alter table openai_usage disable trigger keep_the_ledger"))
    owner.execute(text("update openai_usage set request_data = cast(:data as jsonb)"), {"data": request_data})
    owner.execute(text("alter table openai_usage enable trigger keep_the_ledger"))


@pytest.mark.parametrize("unpaid", ['{"seeded": true}', '{"by_stand_in": true}'])
def test_a_school_goes_with_everything_that_is_its_own(owner: Connection, cast: Cast, unpaid: str) -> None:
    record_everything(owner, cast)
    _mark(owner, unpaid)

    owner.execute(text("delete from schools where id = :id"), {"id": cast.mei.school_id})

    assert owner.scalars(text("select name from schools")).all() == ["South Primary"]
    for table in OF_A_SCHOOL:
        left = owner.scalar(text(f"select count(*) from {table} where school_id = :id"), {"id": cast.mei.school_id})
        assert (table, left) == (table, 0)


@pytest.mark.parametrize("paid", ["{}", '{"by_stand_in": false}'])
def test_a_school_that_paid_for_anything_stays(owner: Connection, cast: Cast, paid: str) -> None:
    record_everything(owner, cast)
    _mark(owner, paid)
    # As of a school that is no visitor's, whose costs are kept nowhere else.
    owner.execute(text("delete from demo_costs"))

    with pytest.raises(DBAPIError, match="a school that paid for calls stays"):
        owner.execute(text("delete from schools where id = :id"), {"id": cast.mei.school_id})


@pytest.mark.parametrize(
    ("state", "source", "cost"), [("released", None, None), ("settled", "reported", 0)], ids=["not sent", "refused"]
)
def test_a_call_that_cost_nothing_keeps_no_school(
    owner: Connection, cast: Cast, state: str, source: str | None, cost: int | None
) -> None:
    owner.execute(
        text(
            "insert into openai_usage (school_id, type, model, feature, state, cost_source, estimated_cost)"
            " values (:school, 'image', 'gpt-image', 'portrait', :state, :source, :cost)"
        ),
        {"school": cast.mei.school_id, "state": state, "source": source, "cost": cost},
    )

    owner.execute(text("delete from schools where id = :id"), {"id": cast.mei.school_id})

    assert owner.scalars(text("select name from schools")).all() == ["South Primary"]


def test_a_conversation_outlives_the_class_it_is_about(owner: Connection, cast: Cast) -> None:
    owner.execute(
        text("insert into chat_threads (school_id, staff_id, class_id) values (:school, :arjun, :courage)"),
        {"school": cast.mei.school_id, "arjun": cast.arjun.staff_id, "courage": cast.courage},
    )

    owner.execute(text("delete from classes where id = :courage"), {"courage": cast.courage})

    assert owner.scalars(text("select class_id from chat_threads")).all() == [None]


def test_a_student_goes_with_portraits_that_were_made_again(owner: Connection, cast: Cast) -> None:
    keys = record_everything(owner, cast)
    _finish(owner, keys["photo_jobs"])
    again = owner.scalar(
        text(
            "insert into photo_jobs (school_id, student_id, retry_of) values (:school, :ana, :photo_jobs) returning id"
        ),
        keys,
    )
    _finish(owner, again)

    owner.execute(text("delete from students where id = :ana"), keys)

    assert owner.scalar(text("select count(*) from photo_jobs")) == 0
    assert owner.scalar(text("select count(*) from openai_usage")) == 1


def test_a_finished_job_survives_its_class_and_the_job_it_repeats(owner: Connection, cast: Cast) -> None:
    keys = record_everything(owner, cast)
    job = owner.scalar(
        text("insert into photo_jobs (school_id, student_id, class_id) values (:school, :bala, :courage) returning id"),
        keys,
    )
    _finish(owner, job)

    owner.execute(text("delete from classes where id = :courage"), keys)

    left = owner.execute(text("select class_id, state from photo_jobs where id = :job"), {"job": job}).one()
    assert left == (None, "done")


@pytest.mark.parametrize("table", ["audit_log", "openai_usage"])
def test_touching_what_was_written_down_is_a_fault_of_ours(
    database: Database, owner: Connection, cast: Cast, table: str
) -> None:
    record_everything(owner, cast)
    owner.execute(text("grant update on openai_usage, audit_log to service_role"))

    with pytest.raises(DBAPIError, match=r"append-only|whose attempt") as refused, database.as_worker() as session:
        session.execute(text(f"update {table} set created_at = now()"))

    assert getattr(refused.value.orig, "pgcode", None) == "SR510"


@pytest.mark.parametrize("table", ["audit_log", "openai_usage"])
@pytest.mark.parametrize("how", ["delete from {}", "truncate {} cascade"])
def test_what_was_written_down_is_not_forgotten(owner: Connection, cast: Cast, table: str, how: str) -> None:
    record_everything(owner, cast)

    with pytest.raises(DBAPIError, match="append-only"):
        owner.execute(text(how.format(table)))
