"""Classes and students as pages show them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID


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
class ResultView:
    subject: str
    term: str
    assessment: str
    score: Decimal | None
    max_score: Decimal
    recorded_on: date


@dataclass(frozen=True)
class ObservationView:
    kind: str
    text: str
    happened_at: datetime


@dataclass(frozen=True)
class CaseView:
    kind: str
    status: str
    summary: str
    opened_on: date


@dataclass(frozen=True)
class StudentRecords:
    """Newest first; cases only where this person may read them."""

    attendance: AttendanceCount
    results: tuple[ResultView, ...]
    observations: tuple[ObservationView, ...]
    cases: tuple[CaseView, ...]
