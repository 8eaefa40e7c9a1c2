"""Classes and who is in them, as an admin's pages show them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.roster.register.entries import ClassEntry, GuardianEntry, StudentEntry


@dataclass(frozen=True)
class ClassRow:
    """A class in the school's list; form teachers are named first."""

    id: UUID
    entry: ClassEntry
    archived_at: datetime | None
    teachers: tuple[str, ...]
    students: int


@dataclass(frozen=True)
class TeacherRow:
    id: UUID
    staff_id: UUID
    full_name: str
    role: str
    active: bool


@dataclass(frozen=True)
class StudentRow:
    """A student in the register of a class; `entry` is what an admin may correct."""

    id: UUID
    entry: StudentEntry
    name_to_check: bool
    status: str
    guardians: int

    @property
    def has_left(self) -> bool:
        return self.status == "left"


@dataclass(frozen=True)
class OtherClass:
    """A class that another one leads to, or that a student may go into."""

    id: UUID
    name: str
    school_year: int
    kind: str = "form"
    level: str | None = None


@dataclass(frozen=True)
class OpenClass:
    """A class with all who are in it; `left` are students who left the school from here."""

    id: UUID
    entry: ClassEntry
    archived_at: datetime | None
    teachers: tuple[TeacherRow, ...]
    students: tuple[StudentRow, ...]
    left: tuple[StudentRow, ...]
    makes_photos: bool
    continues: OtherClass | None
    continued_by: OtherClass | None


@dataclass(frozen=True)
class Colleague:
    """An active member who may teach a class."""

    staff_id: UUID
    full_name: str
    email: str | None


@dataclass(frozen=True)
class Schoolmate:
    """An active student of the school; `form_class` is None for one without."""

    id: UUID
    full_name: str
    level: str | None
    form_class: str | None


@dataclass(frozen=True)
class FoundStudent:
    """One whom a search found; the class is their latest, the form class before others."""

    id: UUID
    full_name: str
    status: str
    class_id: UUID | None
    class_name: str | None
    is_there: bool


@dataclass(frozen=True)
class GuardianRow:
    """`id` is that of the link to this student; `also_of` are other students with the same guardian."""

    id: UUID
    guardian_id: UUID
    entry: GuardianEntry
    also_of: tuple[str, ...]
