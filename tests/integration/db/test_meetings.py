"""What the database keeps of meetings, whoever writes."""

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from core.db.engine import Database
from tests.cast import Cast
from tests.integration.db.records import record_everything

MEETING = (
    "insert into meetings (school_id, student_id, staff_id, starts_at, guardian_id)"
    " values (:school, :ana, :mei, '2026-11-14 14:00+08', :guardian)"
)


def test_only_a_guardian_of_the_student_comes(owner: Connection, cast: Cast) -> None:
    keys = record_everything(owner, cast)

    with pytest.raises(IntegrityError, match="foreign key"):
        owner.execute(text(MEETING), {**keys, "guardian": keys["other_guardian"]})
    owner.execute(text(MEETING), {**keys, "guardian": keys["guardians"]})


def test_a_meeting_outlives_the_link_to_who_was_to_come(owner: Connection, cast: Cast) -> None:
    record_everything(owner, cast)

    owner.execute(text("delete from student_guardians"))

    assert owner.execute(text("select student_id, guardian_id from meetings")).one() == (cast.ana, None)


def test_a_meeting_is_asked_for_once(owner: Connection, cast: Cast) -> None:
    keys = record_everything(owner, cast)
    owner.execute(text(MEETING), {**keys, "guardian": None})

    with pytest.raises(IntegrityError, match="unique"):
        owner.execute(text(MEETING), {**keys, "guardian": None})


def test_what_a_person_does_with_a_meeting_is_in_the_audit_log(
    database: Database, owner: Connection, cast: Cast
) -> None:
    record_everything(owner, cast)

    with database.as_person(cast.mei) as session:
        session.execute(text("update meetings set starts_at = starts_at + interval '1 hour'"))
        session.execute(text("delete from meetings"))

    actions = owner.scalars(text("select action from audit_log where object like 'meetings/%' order by created_at, id"))
    assert set(actions) == {"meeting.corrected", "meeting.removed"}
