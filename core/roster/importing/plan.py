"""What an import would do, row by row: shown before anything is saved, then carried out as it is."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from core.roster.importing.neutral import Kind, School, SchoolClass, Source, StaffMember, Student

Value = str | int | bool | UUID | date | None


class Outcome(StrEnum):
    """The six words that page and command share."""

    CREATED = "created"
    CHANGED = "changed"
    MOVED = "moved"
    UNCHANGED = "unchanged"
    IGNORED = "ignored"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Rights:
    """An admin (or the operator) imports anything; a teacher a class list into the classes they teach.

    `create_classes`: an admin wants the classes that a list names and that are not here; a typo would be one, too.
    """

    is_admin: bool
    class_ids: frozenset[UUID] = frozenset()
    create_classes: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the table named by `kind`; values by column. `before` is None for a row to insert.

    An enrolment ends by `to_date`. Undo is the same backwards: delete what was inserted, put `before` back.
    """

    kind: Kind
    id: UUID
    after: Mapping[str, Value]
    before: Mapping[str, Value] | None = None


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row of a file; `what` says what happens, or for a refused row what is wrong and what to do."""

    outcome: Outcome
    kind: Kind
    source: Source
    name: str
    what: str
    column: str | None = None
    is_elsewhere: bool = False
    changes: tuple[Change, ...] = field(default=(), repr=False)


def created(item: School | SchoolClass | Student | StaffMember, change: Change, what: str) -> PlannedRow:
    name = item.name if isinstance(item, School | SchoolClass) else item.full_name
    return PlannedRow(Outcome.CREATED, change.kind, item.source, name, what, changes=(change,))


def repeated(kind: Kind, source: Source, name: str, earlier: Source) -> PlannedRow:
    return PlannedRow(Outcome.IGNORED, kind, source, name, f"Stands twice in the file; row {earlier.row} counts")


def contradicted(kind: Kind, source: Source, name: str, earlier: Source, *, column: str | None) -> PlannedRow:
    what = f"The same id stands on row {earlier.row} with other details. Correct one of the two."
    return PlannedRow(Outcome.REFUSED, kind, source, name, what, column)


def refused(item: Student, problem: str, column: str | None) -> PlannedRow:
    return PlannedRow(Outcome.REFUSED, Kind.STUDENTS, item.source, item.full_name, problem, column)


# What others refer to comes first.
_ORDER: Final = (Kind.SCHOOLS, Kind.CLASSES, Kind.STAFF, Kind.STUDENTS, Kind.ENROLMENTS, Kind.CLASS_STAFF)


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """As many planned rows as rows were read.

    `missing_classes`: those a class list names and an admin may have made with it, whether that was chosen or not.
    """

    format: str
    rows: tuple[PlannedRow, ...]
    unread_files: tuple[str, ...] = ()
    unread_columns: tuple[str, ...] = ()
    missing_classes: tuple[str, ...] = ()

    def of(self, *outcomes: Outcome) -> tuple[PlannedRow, ...]:
        return tuple(row for row in self.rows if row.outcome in outcomes)

    def counts(self, outcome: Outcome) -> Counter[Kind]:
        return Counter(row.kind for row in self.rows if row.outcome is outcome)

    @property
    def changes(self) -> tuple[Change, ...]:
        """In an order in which they can be made one after the other; a new class's school year is not in them."""
        changes = (change for row in self.rows for change in row.changes)
        return tuple(sorted(changes, key=lambda change: _ORDER.index(change.kind)))

    @property
    def new_classes(self) -> int:
        """How many are made beside the rows, with a class list."""
        listed = (row for row in self.rows if row.kind is not Kind.CLASSES)
        return sum(change.kind is Kind.CLASSES and change.before is None for row in listed for change in row.changes)

    @property
    def digest(self) -> str:
        """The same while the roster it was made against is the same: ids of new rows don't count."""
        return hashlib.sha256("\n".join(_lines(self.rows)).encode()).hexdigest()


def _lines(rows: Iterable[PlannedRow]) -> Iterable[str]:
    for row in rows:
        touched = [(change.kind.value, str(change.id)) for change in row.changes if change.before is not None]
        yield repr((row.outcome.value, row.kind.value, row.source, row.name, row.what, touched))
