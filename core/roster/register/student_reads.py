"""A school's students wherever they are, and their guardians; row-level security decides what is there."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from core.roster.register.entries import GuardianEntry
from core.roster.register.views import FoundStudent, GuardianRow, Schoolmate

_SCHOOLMATES = text(
    """
    select s.id, s.full_name, s.level, c.name as form_class
    from students as s
    left join lateral (
        select f.name
        from enrolments as e inner join classes as f on f.id = e.class_id
        where e.student_id = s.id and e.to_date is null and f.kind = 'form' and f.archived_at is null
        limit 1
    ) as c on true
    where s.status = 'active'
    order by s.full_name, s.id
    """
)
_NAMESAKES = text(
    """
    select s.id
    from enrolments as e inner join students as s on s.id = e.student_id
    where e.class_id = :class and e.to_date is null and lower(s.full_name) = lower(:name)
        and s.status = 'active' and s.id is distinct from :but
    """
)
_WAITING = text(
    """
    select s.status
    from students as s
    where lower(s.full_name) = lower(:name) and (
        s.status = 'left'
        or not exists (select from enrolments as e where e.student_id = s.id and e.to_date is null)
    )
    order by s.status
    limit 1
    """
)
_FOUND = text(
    """
    select s.id, s.full_name, s.status, c.id as class_id, c.name as class_name, coalesce(c.is_there, false) as is_there
    from students as s
    left join lateral (
        select o.id, o.name, e.to_date is null and o.archived_at is null as is_there
        from enrolments as e inner join classes as o on o.id = e.class_id
        where e.student_id = s.id
        order by e.to_date desc nulls first, o.archived_at desc nulls first, o.kind <> 'form', o.school_year desc
        limit 1
    ) as c on true
    where position(lower(:find) in lower(concat_ws(' ', s.full_name, s.preferred_name, s.sourced_id))) > 0
    order by s.status, s.full_name, s.id
    limit :at_most
    """
)
_WITHOUT = text(
    """
    select s.id, s.full_name, s.level, null as form_class
    from students as s
    where s.status = 'active' and s.id not in (
        select e.student_id
        from enrolments as e inner join classes as c on c.id = e.class_id
        where e.to_date is null and c.kind = 'form' and c.archived_at is null
    )
    order by s.full_name, s.id
    """
)
_GUARDIANS = text(
    """
    select sg.id, sg.guardian_id, sg.relationship, sg.priority, g.full_name, g.email, g.phone, g.language,
        (
            select array_agg(s.full_name order by s.full_name)
            from student_guardians as o inner join students as s on s.id = o.student_id
            where o.guardian_id = g.id and o.student_id <> :student
        ) as also_of
    from student_guardians as sg inner join guardians as g on g.id = sg.guardian_id
    where sg.student_id = :student
    order by sg.priority, g.full_name
    """
)


def schoolmates_of(session: Session) -> list[Schoolmate]:
    return [Schoolmate(*row) for row in session.execute(_SCHOOLMATES)]


def found_students(session: Session, find: str, at_most: int) -> list[FoundStudent]:
    return [FoundStudent(*row) for row in session.execute(_FOUND, {"find": find, "at_most": at_most})]


def without_form_class(session: Session) -> list[Schoolmate]:
    return [Schoolmate(*row) for row in session.execute(_WITHOUT)]


def guardians_of(session: Session, student_id: UUID) -> list[GuardianRow]:
    return [
        GuardianRow(row.id, row.guardian_id, guardian_entry(row), tuple(row.also_of or ()))
        for row in session.execute(_GUARDIANS, {"student": student_id})
    ]


def guardian_entry(row: "Row[tuple[object, ...]]") -> GuardianEntry:
    return GuardianEntry(row.full_name, row.relationship, row.email, row.phone, row.language, row.priority)


def namesakes(session: Session, class_id: UUID, full_name: str, but: UUID | None = None) -> Sequence[UUID]:
    """Who is called so in the class, whatever the capitals."""
    return session.scalars(_NAMESAKES, {"class": class_id, "name": full_name, "but": but}).all()


def status_of_waiting(session: Session, full_name: str) -> str | None:
    """The status of a student of this name who is in no class, whatever the capitals."""
    return session.scalars(_WAITING, {"name": full_name}).first()
