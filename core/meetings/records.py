"""A student's records, each with its id."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from uuid import UUID


class RecordKind(StrEnum):
    """What a school may let out to a model, one by one."""

    ATTENDANCE = "attendance"
    RESULT = "result"
    OBSERVATION = "observation"
    CASE = "case"
    NOTE = "note"


@dataclass(frozen=True)
class RecordRef:
    """Where a fact comes from; `on` is the day that it is about."""

    kind: RecordKind
    id: UUID
    student_id: UUID
    on: date


@dataclass(frozen=True)
class AttendanceFigure:
    """`counted` sessions leave out official absences; `latest` was missed or late, else it is the last of all."""

    counted: int
    late: int
    absent: int
    official: int
    latest: RecordRef
    latest_absent: RecordRef | None = None
    latest_late: RecordRef | None = None

    @property
    def share(self) -> float | None:
        """What was attended of the counted; late is attended."""
        return None if self.counted == 0 else (self.counted - self.absent) / self.counted

    @property
    def percent(self) -> int | None:
        """Rounded down: 100 only where nothing was missed."""
        return None if self.counted == 0 else 100 * (self.counted - self.absent) // self.counted


@dataclass(frozen=True)
class Result:
    """`score` is None for an assessment that was not taken."""

    record: RecordRef
    subject: str
    assessment: str
    score: Decimal | None
    max_score: Decimal

    @property
    def share(self) -> Decimal | None:
        """Of a hundred, unrounded: what is compared."""
        return None if self.score is None else 100 * self.score / self.max_score

    @property
    def percent(self) -> int | None:
        """A half is rounded up, as schools do."""
        return None if self.share is None else int(self.share.quantize(Decimal(1), ROUND_HALF_UP))

    @property
    def marks(self) -> str | None:
        """As it was marked, such as 24/30."""
        return None if self.score is None else f"{_plain(self.score)}/{_plain(self.max_score)}"


@dataclass(frozen=True)
class Observation:
    """`kind` is strength, concern or note."""

    record: RecordRef
    kind: str
    text: str


@dataclass(frozen=True)
class Case:
    record: RecordRef
    kind: str
    status: str
    summary: str

    @property
    def is_open(self) -> bool:
        return self.status != "closed"


@dataclass(frozen=True)
class Note:
    """The reader's own word; `override` says "discuss" or "nothing" whatever the records say."""

    record: RecordRef
    override: str | None
    text: str | None


@dataclass(frozen=True, kw_only=True)
class StudentRecord:
    """One student with all of it, oldest first."""

    student_id: UUID
    full_name: str
    index_no: int | None
    photo_id: UUID | None
    attendance: AttendanceFigure | None = None
    results: Sequence[Result] = ()
    observations: Sequence[Observation] = ()
    cases: Sequence[Case] = ()
    note: Note | None = None


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
