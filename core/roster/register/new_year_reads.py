"""What a new school year would mean for classes, asked for many of them at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core.db.tables.people import SchoolClass
from core.roster.register.new_year import Preview, Pupil, proposed
from core.roster.register.reads import class_entry
from core.roster.register.views import OtherClass, TeacherRow

_PUPILS = text(
    """
    select e.class_id, e.id as enrolment_id, s.id as student_id, s.full_name, e.index_no, s.level, s.status
    from enrolments as e inner join students as s on s.id = e.student_id
    where e.class_id = any(:classes) and e.to_date is null
    order by e.index_no nulls last, s.full_name
    """
)
_TEACHERS = text(
    """
    select cs.class_id, cs.id, cs.staff_id, st.full_name, cs.role, st.active
    from class_staff as cs inner join staff as st on st.id = cs.staff_id
    where cs.class_id = any(:classes)
    order by cs.role, st.full_name
    """
)
_BUSY = text("select class_id from photo_batches where class_id = any(:classes) and state in ('running', 'paused')")


def previews_of(session: Session, rows: Sequence[SchoolClass]) -> list[Preview]:
    classes = {"classes": [row.id for row in rows]}
    pupils = _by_class(session.execute(_PUPILS, classes))
    teachers = _by_class(session.execute(_TEACHERS, classes))
    busy = set(session.scalars(_BUSY, classes))
    later = _later(session, classes["classes"])
    levels = set(session.scalars(select(SchoolClass.level).where(SchoolClass.archived_at.is_(None))))
    return [
        Preview(
            id=row.id,
            entry=class_entry(row),
            is_archived=row.archived_at is not None,
            pupils=tuple(_pupil(one) for one in pupils[row.id] if one.status == "active"),
            teachers=tuple(TeacherRow(*one[1:]) for one in teachers[row.id]),
            left=sum(one.status != "active" for one in pupils[row.id]),
            makes_photos=row.id in busy,
            continued_by=later.get(row.id),
            into=proposed(class_entry(row), levels),
        )
        for row in rows
    ]


def _later(session: Session, classes: Sequence[UUID]) -> dict[UUID | None, OtherClass]:
    rows = session.scalars(
        select(SchoolClass).where(SchoolClass.continues_id.in_(classes), SchoolClass.archived_at.is_(None))
    )
    return {row.continues_id: OtherClass(row.id, row.name, row.school_year, row.kind, row.level) for row in rows}


def _by_class(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.class_id].append(row)
    return found


def _pupil(row: Any) -> Pupil:
    return Pupil(row.enrolment_id, row.student_id, row.full_name, row.index_no, row.level)
