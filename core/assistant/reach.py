"""The classes and students that a person may read; row-level security decides, this only asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.assistant.message import Subject
from core.assistant.whom import About, Candidate

_CLASSES = text(
    """
    select c.id, c.name, mine.role as my_role
    from classes as c
    left join class_staff as mine on mine.class_id = c.id and mine.staff_id = :me
    where c.archived_at is null
    order by mine.role nulls last, c.kind, c.name
    """
)
_STUDENTS = text(
    """
    select s.id, s.full_name, s.preferred_name,
        array_agg(c.name order by c.kind <> 'form', c.name) filter (where c.id is not null) as class_names,
        array_agg(c.id order by c.kind <> 'form', c.name) filter (where c.id is not null) as class_ids
    from students as s
    left join enrolments as e on e.student_id = s.id and e.to_date is null
    left join classes as c on c.id = e.class_id and c.archived_at is null
    where s.status = 'active'
    group by s.id
    order by s.full_name, s.id
    """
)


@dataclass(frozen=True)
class Reach:
    """`own` are the classes that the person teaches, the form class before all."""

    classes: tuple[Candidate, ...] = ()
    students: tuple[Candidate, ...] = ()
    own: tuple[Candidate, ...] = ()
    forms: tuple[Candidate, ...] = ()
    class_names: Mapping[str, str] = field(default_factory=dict)
    """Of each student, for telling two of one name apart."""
    class_ids: Mapping[str, Sequence[UUID]] = field(default_factory=dict)
    """Of each student, the form class before others."""

    @property
    def everyone(self) -> tuple[Candidate, ...]:
        return (*self.classes, *self.students)

    def subject(self, kind: About, id_: str) -> Subject | None:
        """None for one that is out of reach."""
        found = next((one for one in self.everyone if (one.kind, one.id) == (kind, id_)), None)
        return None if found is None else Subject(found.kind, UUID(found.id), found.name)

    def class_of(self, subject: Subject | None) -> UUID | None:
        """The class itself, or a student's."""
        if subject is None or subject.kind is About.CLASS:
            return subject.id if subject else None
        return next(iter(self.class_ids.get(str(subject.id), ())), None)

    def students_of(self, subject: Subject | None) -> frozenset[str]:
        if subject is None or subject.kind is About.STUDENT:
            return frozenset([str(subject.id)] if subject else [])
        return frozenset(student for student, classes in self.class_ids.items() if subject.id in classes)


def reach_of(session: Session, me: UUID) -> Reach:
    classes, students = session.execute(_CLASSES, {"me": me}).all(), session.execute(_STUDENTS).all()
    found = {row.id: Candidate(About.CLASS, str(row.id), (row.name,)) for row in classes}
    return Reach(
        classes=tuple(found.values()),
        students=tuple(
            Candidate(About.STUDENT, str(row.id), _names(row.full_name, row.preferred_name)) for row in students
        ),
        own=tuple(found[row.id] for row in classes if row.my_role is not None),
        forms=tuple(found[row.id] for row in classes if row.my_role == "form"),
        class_names={str(row.id): ", ".join(row.class_names) for row in students if row.class_names},
        class_ids={str(row.id): row.class_ids for row in students if row.class_ids},
    )


def _names(full: str, preferred: str | None) -> tuple[str, ...]:
    return (full, preferred) if preferred else (full,)
