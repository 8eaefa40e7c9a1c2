"""A class that was archived gives its teachers nothing any more; admins still see it."""

import pytest
from sqlalchemy import Connection, text

from core.db.engine import Database
from core.errors import UnknownStudent
from tests.cast import Cast
from tests.integration.db.records import everyone, record_everything

OF_CLASSES = (
    "classes", "class_staff", "enrolments", "students", "guardians", "student_guardians", "attendance", "results",
    "observations", "cases", "readiness_notes", "photo_jobs", "photos",
)  # fmt: skip


@pytest.mark.parametrize("table", OF_CLASSES)
def test_only_the_admin_reads_what_an_archived_class_led_to(
    database: Database, owner: Connection, cast: Cast, table: str
) -> None:
    row = record_everything(owner, cast)[table]
    owner.execute(text("update classes set archived_at = now() where id = :id"), {"id": cast.integrity})

    readers = set()
    for name, person in everyone(cast):
        with database.as_person(person) as session:
            if session.execute(text(f"select from {table} where id = :row"), {"row": row}).all():
                readers.add(name)

    assert readers == {"siti"}


def test_a_student_of_another_class_that_lasts_is_still_seen(database: Database, owner: Connection, cast: Cast) -> None:
    values = {"school": cast.mei.school_id, "courage": cast.courage, "ana": cast.ana, "mei": cast.mei.staff_id}
    owner.execute(
        text("insert into enrolments (school_id, class_id, student_id) values (:school, :courage, :ana)"), values
    )
    owner.execute(
        text(
            "insert into class_staff (school_id, class_id, staff_id, role) values (:school, :courage, :mei, 'subject')"
        ),
        values,
    )
    owner.execute(text("update classes set archived_at = now() where id = :id"), {"id": cast.integrity})

    with database.as_person(cast.mei) as session:
        assert set(session.scalars(text("select id from students"))) == {cast.ana, cast.bala}
    with database.as_person(cast.devi) as session:
        assert session.scalars(text("select id from students")).all() == []


def test_nobody_asks_for_a_portrait_through_an_archived_class(
    database: Database, owner: Connection, cast: Cast
) -> None:
    owner.execute(text("update classes set archived_at = now() where id = :id"), {"id": cast.integrity})

    with pytest.raises(UnknownStudent), database.as_person(cast.mei) as session:
        session.execute(text("select private.request_portrait(:ana, '{}')"), {"ana": cast.ana})
