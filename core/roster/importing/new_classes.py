"""Form classes that a plain list names and that are not here: made with the list where an admin says so."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from core.roster.importing.current import CurrentClass, CurrentRoster, folded
from core.roster.importing.neutral import ClassKind, Kind, NeutralRoster, Student
from core.roster.importing.placement import Entry
from core.roster.importing.plan import Change, PlannedRow


def missing_classes(current: CurrentRoster, roster: NeutralRoster) -> tuple[str, ...]:
    """As the file first spells them."""
    return tuple(students[0].class_name or "" for students in _of_missing_classes(current, roster).values())


def new_classes(
    current: CurrentRoster, roster: NeutralRoster, new_id: Callable[[], UUID]
) -> Mapping[str, CurrentClass]:
    """By folded name; with a level where the rows that name the class agree on one."""
    return {
        name: CurrentClass(new_id(), students[0].class_name or "", level=_level(students))
        for name, students in _of_missing_classes(current, roster).items()
    }


def with_class_made(row: PlannedRow, target: CurrentClass) -> PlannedRow:
    """The class comes with the row of its first student, so that rows and what is counted stay the same number."""
    values = {"name": target.name, "level": target.level, "kind": ClassKind.FORM.value}
    what = f"New class {target.name}, {row.what[:1].lower()}{row.what[1:]}"
    return replace(row, what=what, changes=(Change(Kind.CLASSES, target.id, values), *row.changes))


def in_file_order(entries: Sequence[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (entry.student.source.file, entry.student.source.row))


def _of_missing_classes(current: CurrentRoster, roster: NeutralRoster) -> dict[str, list[Student]]:
    here = {folded(one.name) for one in current.classes if not one.is_archived}
    named: dict[str, list[Student]] = defaultdict(list)
    for student in roster.students:
        if student.class_name is not None and folded(student.class_name) not in here:
            named[folded(student.class_name)].append(student)
    return named


def _level(students: Sequence[Student]) -> str | None:
    levels = {student.level for student in students if student.level}
    return levels.pop() if len(levels) == 1 else None
