"""Which table keeps which kind of entry."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from core.db.tables.base import Base
from core.db.tables.records import Attendance, Case, Observation, ReadinessNote, Result
from core.roster.records.entries import AttendanceEntry, CaseEntry, Entry, NoteEntry, ObservationEntry, ResultEntry

AnyEntry = TypeVar("AnyEntry", bound=Entry)


@dataclass(frozen=True)
class Keeping:
    """`author` is the column of who alone may change a row; `twin` are those of which a student has one each."""

    table: type[Any]
    author: str | None = None
    twin: tuple[str, ...] = ()


KEEPING: Mapping[type[Entry], Keeping] = {
    AttendanceEntry: Keeping(Attendance, twin=("on_date", "session")),
    ResultEntry: Keeping(Result, twin=("subject", "term", "assessment")),
    ObservationEntry: Keeping(Observation, author="author_id"),
    CaseEntry: Keeping(Case),
    NoteEntry: Keeping(ReadinessNote, author="staff_id", twin=("staff_id",)),
}


def columns(entry: Entry) -> dict[str, object]:
    """By name, which is the field's."""
    return {field.name: getattr(entry, field.name) for field in fields(entry)}


def entry_of(kind: type[AnyEntry], row: Base) -> AnyEntry:
    return kind(**{field.name: getattr(row, field.name) for field in fields(kind)})
