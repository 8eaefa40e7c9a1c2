"""What a person may see of classes and students; row-level security decides, these only ask."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import and_, select, text
from sqlalchemy.orm import Session

from core.accounts.person import Person
from core.db.engine import Database
from core.db.tables.people import Enrolment, Guardian, SchoolClass, Student, StudentGuardian
from core.errors import UnknownStudent
from core.roster.records.reads import records_of
from core.roster.views import ClassSummary, GuardianView, StudentDetails, StudentRecords

FACES = 6


_CLASSES = text(
    """
    select c.id, c.name, c.level, c.kind, c.subject, mine.role as my_role,
        count(s.id) as students,
        count(p.id) as with_photo,
        (array_agg(p.id order by e.index_no nulls last, s.full_name) filter (where p.id is not null))[1 : :faces]
            as faces
    from classes as c
    left join class_staff as mine on mine.class_id = c.id and mine.staff_id = :me
    left join enrolments as e on e.class_id = c.id and e.to_date is null
    left join students as s on s.id = e.student_id and s.status = 'active'
    left join photos as p on p.student_id = s.id and p.is_current
    where c.archived_at is null
    group by c.id, mine.role
    order by mine.role nulls last, c.kind, c.name
    """
)


class Roster:
    """Classes and students, for one person at a time."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def classes(self, person: Person) -> list[ClassSummary]:
        """Own classes first, the form class before all."""
        with self._database.as_person(person) as session:
            rows = session.execute(_CLASSES, {"me": person.staff_id, "faces": FACES}).all()
        return [
            ClassSummary(
                row.id,
                row.name,
                row.level,
                row.kind,
                row.subject,
                row.my_role,
                row.students,
                row.with_photo,
                tuple(row.faces or ()),
            )
            for row in rows
        ]

    def student(self, person: Person, student_id: UUID) -> StudentDetails:
        """Raises UnknownStudent for one that this person may not see."""
        with self._database.as_person(person) as session:
            student = session.get(Student, student_id)
            if student is None:
                raise UnknownStudent
            return StudentDetails(
                id=student.id,
                full_name=student.full_name,
                name_to_check=student.name_to_check,
                preferred_name=student.preferred_name,
                sourced_id=student.sourced_id,
                gender=student.gender,
                birth_year=student.birth_year,
                level=student.level,
                portraits_allowed=student.portraits_allowed,
                classes=_classes_of(session, student_id),
                guardians=_guardians_of(session, student_id),
            )

    def records(self, person: Person, student_id: UUID, days_besides: Collection[UUID] = ()) -> StudentRecords:
        """Of attendance the latest ten days of no plain presence, and `days_besides` by their ids."""
        with self._database.as_person(person) as session:
            return records_of(session, student_id, me=person.staff_id, days_besides=days_besides)


def _classes_of(session: Session, student_id: UUID) -> tuple[tuple[str, int | None], ...]:
    rows = session.execute(
        select(SchoolClass.name, Enrolment.index_no)
        .join(Enrolment, and_(Enrolment.class_id == SchoolClass.id, Enrolment.to_date.is_(None)))
        .where(Enrolment.student_id == student_id)
        .order_by(SchoolClass.kind, SchoolClass.name)
    )
    return tuple((name, index_no) for name, index_no in rows)


def _guardians_of(session: Session, student_id: UUID) -> tuple[GuardianView, ...]:
    rows = session.execute(
        select(Guardian.full_name, StudentGuardian.relationship, Guardian.phone, Guardian.email, Guardian.language)
        .join(StudentGuardian, StudentGuardian.guardian_id == Guardian.id)
        .where(StudentGuardian.student_id == student_id)
        .order_by(StudentGuardian.priority)
    )
    return tuple(GuardianView(*row) for row in rows)
