"""A student's guardians, kept by the school's admins."""

from uuid import UUID

from sqlalchemy import func, or_, select, text
from sqlalchemy.orm import Session

from core.accounts.person import Person
from core.db.engine import Database
from core.db.tables.people import Guardian, Student, StudentGuardian
from core.errors import ConfirmFirst, RegisterChanged, RegisterRefused
from core.roster.register.entries import GuardianEntry
from core.roster.register.locks import as_admin, locked_student
from core.roster.register.student_reads import guardians_of
from core.roster.register.views import GuardianRow

_CHILD = text(
    """
    select s.full_name
    from student_guardians as sg inner join students as s on s.id = sg.student_id
    where sg.guardian_id = :guardian
    order by s.full_name limit 1
    """
)


class Guardians:
    """A guardian of several students is one person, whose details are the same for all of them."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def of_student(self, person: Person, student_id: UUID) -> list[GuardianRow]:
        """Who is asked first comes first."""
        with as_admin(self._database, person) as session:
            return guardians_of(session, student_id)

    def add(self, person: Person, student_id: UUID, entry: GuardianEntry, *, confirmed: bool = False) -> None:
        """Raises ConfirmFirst where a brother's or sister's guardian seems to be meant; confirmed, it is they."""
        wanted = entry.checked()
        with as_admin(self._database, person) as session:
            student = locked_student(session, student_id)
            known = _same_person(session, wanted)
            if known is not None:
                _ask_about(session, student, known, wanted, confirmed=confirmed)
            guardian = known or Guardian(school_id=person.school_id)
            _write(guardian, wanted)
            session.add(guardian)
            session.flush()
            values = {"school_id": person.school_id, "student_id": student_id, "guardian_id": guardian.id}
            session.add(StudentGuardian(**values, relationship=wanted.relationship, priority=wanted.priority))

    def correct(
        self, person: Person, student_id: UUID, link_id: UUID, read: GuardianEntry, entry: GuardianEntry
    ) -> None:
        """`read` is what the person saw: raises RegisterChanged where something else stands there by now."""
        wanted = entry.checked()
        with as_admin(self._database, person) as session:
            link, guardian = _locked(session, student_id, link_id, read)
            _write(guardian, wanted)
            link.relationship, link.priority = wanted.relationship, wanted.priority

    def remove(self, person: Person, student_id: UUID, link_id: UUID, read: GuardianEntry) -> None:
        """Of this student; who is then nobody's guardian is forgotten."""
        with as_admin(self._database, person) as session:
            link, guardian = _locked(session, student_id, link_id, read)
            session.delete(link)
            session.flush()
            if session.scalar(_CHILD, {"guardian": guardian.id}) is None:
                session.delete(guardian)


def _locked(session: Session, student_id: UUID, link_id: UUID, read: GuardianEntry) -> tuple[StudentGuardian, Guardian]:
    locked_student(session, student_id)
    of_student = (StudentGuardian.id == link_id, StudentGuardian.student_id == student_id)
    link = session.scalar(select(StudentGuardian).where(*of_student).with_for_update())
    if link is None:
        raise RegisterChanged
    guardian = session.scalars(select(Guardian).where(Guardian.id == link.guardian_id).with_for_update()).one()
    details = (guardian.full_name, link.relationship, guardian.email, guardian.phone, guardian.language)
    if GuardianEntry(*details, link.priority) != read:
        raise RegisterChanged
    return link, guardian


def _same_person(session: Session, wanted: GuardianEntry) -> Guardian | None:
    """One of the same name with the same e-mail address or phone number."""
    reached = []
    if wanted.email is not None:
        reached.append(func.lower(Guardian.email) == func.lower(wanted.email))
    if wanted.phone is not None:
        reached.append(Guardian.phone == wanted.phone)
    if not reached:
        return None
    same_name = func.lower(Guardian.full_name) == func.lower(wanted.full_name)
    found = select(Guardian).where(same_name, or_(*reached)).order_by(Guardian.created_at).with_for_update()
    return session.scalars(found.limit(1)).first()


def _ask_about(session: Session, student: Student, known: Guardian, wanted: GuardianEntry, *, confirmed: bool) -> None:
    has = select(StudentGuardian.id).where(
        StudentGuardian.student_id == student.id, StudentGuardian.guardian_id == known.id
    )
    if session.scalars(has).first() is not None:
        raise RegisterRefused(f"{wanted.full_name} is a guardian of {student.full_name} already. Correct that one.")
    if not confirmed:
        child = session.scalar(_CHILD, {"guardian": known.id}) or "another student"
        raise ConfirmFirst(
            f"{wanted.full_name} is here already, as a guardian of {child}. "
            "Save again to make them this student's guardian, too."
        )


def _write(guardian: Guardian, wanted: GuardianEntry) -> None:
    guardian.full_name, guardian.email = wanted.full_name, wanted.email
    guardian.phone, guardian.language = wanted.phone, wanted.language
