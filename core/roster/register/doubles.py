"""Whether a student is there already: what is asked about, and what is refused."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.tables.people import SchoolClass, Student
from core.errors import ConfirmFirst, RegisterRefused
from core.roster.register.entries import StudentEntry
from core.roster.register.student_reads import namesakes, status_of_waiting


def ask_about_namesakes(
    session: Session, into: SchoolClass, wanted: StudentEntry, *, but: UUID | None = None, confirmed: bool
) -> None:
    if not confirmed and namesakes(session, into.id, wanted.full_name, but):
        raise ConfirmFirst(
            f"{wanted.full_name} is in {into.name} already. Save again if this is somebody else of the same name."
        )


def ask_about_who_waits(session: Session, wanted: StudentEntry, *, confirmed: bool) -> None:
    """Who comes back keeps portraits, records and guardians, which a second student would not have."""
    status = None if confirmed else status_of_waiting(session, wanted.full_name)
    if status is not None:
        where = "left the school before and can be brought back" if status == "left" else "is here already, in no class"
        raise ConfirmFirst(f"{wanted.full_name} {where}. Save again if this is somebody else of the same name.")


def refuse_taken_id(session: Session, sourced_id: str | None) -> None:
    if sourced_id is None:
        return
    holder = session.scalar(select(Student.full_name).where(Student.sourced_id == sourced_id))
    if holder is not None:
        raise RegisterRefused(f"The id {sourced_id} belongs to {holder}. Look at both and correct one.")
