"""Classes and students as pages show them."""

from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar
from uuid import UUID

from core.roster.records.entries import AttendanceEntry, CaseEntry, Entry, NoteEntry, ObservationEntry, ResultEntry

Kept_co = TypeVar("Kept_co", bound=Entry, covariant=True)


@dataclass(frozen=True)
class ClassSummary:
    """One of a person's classes; `my_role` is None for an admin who doesn't teach it."""

    id: UUID
    name: str
    level: str | None
    kind: str
    subject: str | None
    my_role: str | None
    students: int
    with_photo: int
    faces: tuple[UUID, ...]


@dataclass(frozen=True)
class GuardianView:
    full_name: str
    relationship: str
    phone: str | None
    email: str | None
    language: str | None


@dataclass(frozen=True)
class StudentDetails:
    """A student as the drawer shows them; guardians only where this person may read them."""

    id: UUID
    full_name: str
    name_to_check: bool
    preferred_name: str | None
    sourced_id: str | None
    gender: str | None
    birth_year: int | None
    level: str | None
    portraits_allowed: bool
    classes: tuple[tuple[str, int | None], ...]
    guardians: tuple[GuardianView, ...]


@dataclass(frozen=True)
class AttendanceCount:
    """Sessions on record in a range of days; no row means no data, never presence."""

    present: int
    late: int
    absent: int
    official_absence: int
    since: date | None


@dataclass(frozen=True)
class Record(Generic[Kept_co]):
    """One record; `author` is named where the author alone may change it."""

    id: UUID
    entry: Kept_co
    author: str | None = None
    may_change: bool = True


@dataclass(frozen=True)
class StudentRecords:
    """Newest first; cases only where this person may read them. `days` are the latest ones of no plain presence."""

    attendance: AttendanceCount
    results: tuple[Record[ResultEntry], ...] = ()
    observations: tuple[Record[ObservationEntry], ...] = ()
    cases: tuple[Record[CaseEntry], ...] = ()
    days: tuple[Record[AttendanceEntry], ...] = ()
    notes: tuple[Record[NoteEntry], ...] = ()
    may_keep_cases: bool = False
