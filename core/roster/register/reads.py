"""Classes with all who are in them, asked as the person; row-level security decides what is there."""

from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from core.db.tables.people import SchoolClass
from core.roster.register.entries import ClassEntry, StudentEntry
from core.roster.register.views import (
    ClassRow,
    Colleague,
    OpenClass,
    OtherClass,
    StudentRow,
    TeacherRow,
)

_CLASSES = text(
    """
    select c.*,
        (
            select array_agg(st.full_name order by cs.role, st.full_name)
            from class_staff as cs inner join staff as st on st.id = cs.staff_id
            where cs.class_id = c.id
        ) as teachers,
        (
            select count(*)
            from enrolments as e inner join students as s on s.id = e.student_id
            where e.class_id = c.id and e.to_date is null and s.status = 'active'
        ) as students
    from classes as c
    order by c.kind <> 'form', c.level nulls last, c.name
    """
)
_TEACHERS = text(
    """
    select cs.id, cs.staff_id, st.full_name, cs.role, st.active
    from class_staff as cs inner join staff as st on st.id = cs.staff_id
    where cs.class_id = :class
    order by cs.role, st.full_name
    """
)
_STUDENT = """
    select s.*, e.index_no, (select count(*) from student_guardians as sg where sg.student_id = s.id) as guardians
    from students as s
    inner join enrolments as e on e.student_id = s.id
"""
_STUDENTS = text(
    f"""{_STUDENT}
    where e.class_id = :class and e.to_date is null and s.status = 'active'
    order by e.index_no nulls last, s.full_name
    """
)
# Of a student who left, the classes of the last day.
_LEFT = text(
    f"""{_STUDENT}
    where e.class_id = :class and s.status = 'left'
        and e.id = (
            select o.id from enrolments as o
            where o.student_id = s.id and o.class_id = :class
            order by o.to_date desc nulls first, o.created_at desc
            limit 1
        )
        and coalesce(e.to_date, 'infinity') = (
            select max(coalesce(o.to_date, 'infinity')) from enrolments as o where o.student_id = s.id
        )
    order by s.full_name, s.id
    """  # noqa: S608 -- of constants alone
)
_ONE = text(
    """
    select s.*, e.index_no, (select count(*) from student_guardians as sg where sg.student_id = s.id) as guardians
    from students as s
    left join enrolments as e on e.student_id = s.id and e.class_id = :class and e.to_date is null
    where s.id = :student
    """
)
_AROUND = text(
    """
    select c.continues_id, n.id as next_id,
        exists (
            select from photo_batches as b where b.class_id = c.id and b.state in ('running', 'paused')
        ) as makes_photos
    from classes as c
    left join classes as n on n.continues_id = c.id and n.archived_at is null
    where c.id = :class
    """
)


def classes_of(session: Session) -> list[ClassRow]:
    return [
        ClassRow(row.id, class_entry(row), row.archived_at, tuple(row.teachers or ()), row.students)
        for row in session.execute(_CLASSES)
    ]


def open_class_of(session: Session, row: SchoolClass) -> OpenClass:
    of_class = {"class": row.id}
    around = session.execute(_AROUND, of_class).one()
    return OpenClass(
        id=row.id,
        entry=class_entry(row),
        archived_at=row.archived_at,
        teachers=tuple(TeacherRow(*one) for one in session.execute(_TEACHERS, of_class)),
        students=tuple(map(_student, session.execute(_STUDENTS, of_class))),
        left=tuple(map(_student, session.execute(_LEFT, of_class))),
        makes_photos=around.makes_photos,
        continues=_other(session, around.continues_id),
        continued_by=_other(session, around.next_id),
    )


def student_of(session: Session, student_id: UUID, class_id: UUID | None) -> StudentRow | None:
    """With the number that they have in this class."""
    row = session.execute(_ONE, {"student": student_id, "class": class_id}).one_or_none()
    return None if row is None else _student(row)


def colleagues_of(session: Session) -> list[Colleague]:
    rows = session.execute(text("select id, full_name, email from staff where active order by full_name, id"))
    return [Colleague(*row) for row in rows]


def class_entry(row: "Row[tuple[object, ...]] | SchoolClass") -> ClassEntry:
    return ClassEntry(row.name, row.level, row.kind, row.subject, row.school_year)


def _student(row: "Row[tuple[object, ...]]") -> StudentRow:
    entry = StudentEntry(
        full_name=row.full_name,
        preferred_name=row.preferred_name,
        gender=row.gender,
        birth_year=row.birth_year,
        level=row.level,
        sourced_id=row.sourced_id,
        portraits_allowed=row.portraits_allowed,
        index_no=row.index_no,
    )
    return StudentRow(row.id, entry, row.name_to_check, row.status, row.guardians)


def _other(session: Session, class_id: UUID | None) -> OtherClass | None:
    row = session.get(SchoolClass, class_id) if class_id else None
    return OtherClass(row.id, row.name, row.school_year, row.kind, row.level) if row else None
