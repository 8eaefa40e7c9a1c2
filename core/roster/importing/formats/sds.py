"""Microsoft School Data Sync, version 1: six files that are told apart by their names and linked by SIS ids."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from core.errors import UnreadableFile
from core.roster.importing.cells import CellProblem, check_width, is_active
from core.roster.importing.formats import sds_rows
from core.roster.importing.formats.sds_rows import Place
from core.roster.importing.neutral import (
    ClassTeacher,
    Enrolment,
    Item,
    Kind,
    LeftOut,
    NeutralRoster,
    School,
    SchoolClass,
    StaffMember,
    Student,
)
from core.roster.importing.schools import links_placed
from core.roster.importing.tables import Row, Table, column_key

NAME: Final = "microsoft-sds-v1"


@dataclass(frozen=True, slots=True)
class _File:
    """One of the six: what its rows are, the columns it can't do without, those it may have."""

    kind: Kind
    read: Callable[[Place], Item]
    needed: tuple[str, ...]
    optional: tuple[str, ...] = ("status",)


_PERSON: Final = ("firstname", "middlename", "lastname", "username", "status")
_FILES: Final[Mapping[str, _File]] = {
    "school": _File(Kind.SCHOOLS, sds_rows.school, ("sisid", "name")),
    "section": _File(
        Kind.CLASSES, sds_rows.section, ("sisid", "schoolsisid", "sectionname"), ("coursesubject", "status")
    ),
    "student": _File(Kind.STUDENTS, sds_rows.student, ("sisid", "schoolsisid"), (*_PERSON, "grade", "birthdate")),
    "teacher": _File(Kind.STAFF, sds_rows.teacher, ("sisid", "schoolsisid"), _PERSON),
    "studentenrollment": _File(Kind.ENROLMENTS, sds_rows.enrolment, ("sectionsisid", "sisid")),
    "teacherroster": _File(Kind.CLASS_STAFF, sds_rows.class_teacher, ("sectionsisid", "sisid")),
}
COLUMNS: Final = frozenset(key for file in _FILES.values() for key in (*file.needed, *file.optional))


def recognises(tables: Sequence[Table]) -> bool:
    return any(_is_complete(table) for table in tables)


def read(tables: Sequence[Table]) -> NeutralRoster:
    by_file = _by_file(tables)
    schools = _school_ids(by_file.get("school"))
    rows = [
        _read_row(_FILES[name], Place(table, row, schools))
        for name in _FILES
        if (table := by_file.get(name)) is not None
        for row in table.rows
    ]
    known = {table.name for table in by_file.values()}
    return links_placed(
        NeutralRoster(
            format=NAME,
            is_class_list=False,
            schools=tuple(item for item in rows if isinstance(item, School)),
            classes=tuple(item for item in rows if isinstance(item, SchoolClass)),
            students=tuple(item for item in rows if isinstance(item, Student)),
            staff=tuple(item for item in rows if isinstance(item, StaffMember)),
            enrolments=tuple(item for item in rows if isinstance(item, Enrolment)),
            class_staff=tuple(item for item in rows if isinstance(item, ClassTeacher)),
            left_out=tuple(item for item in rows if isinstance(item, LeftOut)),
            headings={
                "email": "Username",
                "sourced_id": "SIS ID",
                "student_id": "SIS ID",
                "staff_id": "SIS ID",
                "class_id": "Section SIS ID",
            },
            unread_files=tuple(table.name for table in tables if table.name not in known),
            unread_columns=_unread_columns(by_file),
        )
    )


def _unread_columns(by_file: Mapping[str, Table]) -> tuple[str, ...]:
    found = (
        heading
        for name, table in by_file.items()
        for heading in table.unread_but((*_FILES[name].needed, *_FILES[name].optional))
    )
    return tuple(dict.fromkeys(found))


def _read_row(file: _File, place: Place) -> Item | LeftOut:
    try:
        check_width(place.row)
        item = file.read(place)
    except CellProblem as problem:
        return _left_out(file, place, str(problem), column=problem.column)
    if is_active(place.row, "status"):
        return item
    return _left_out(file, place, "Inactive in the file", column="Status", is_refused=False)


def _left_out(file: _File, place: Place, problem: str, *, column: str | None, is_refused: bool = True) -> LeftOut:
    """Without a name or ids where cells may be shifted: a password may stand in any of them."""
    row = Row(place.row.number, {}) if place.row.is_overlong else place.row
    is_link = "sectionsisid" in file.needed
    return LeftOut(
        place.source,
        file.kind,
        problem,
        name=_shown_name(row),
        column=column,
        school=row.cell("sisid" if file.kind is Kind.SCHOOLS else "schoolsisid") or None,
        sourced_id=None if is_link else row.cell("sisid") or None,
        is_refused=is_refused,
    )


def _shown_name(row: Row) -> str:
    parts = (row.cell(key) for key in ("firstname", "middlename", "lastname"))
    return " ".join(part for part in parts if part) or row.cell("username", "sectionname", "name")


def _school_ids(table: Table | None) -> frozenset[str]:
    return frozenset(row.cell("sisid") for row in table.rows) - {""} if table else frozenset()


def _by_file(tables: Sequence[Table]) -> dict[str, Table]:
    found: dict[str, Table] = {}
    for table in tables:
        name = _file_name(table)
        if name not in _FILES:
            continue
        if name in found:
            shown = PurePosixPath(table.name).name
            raise UnreadableFile(f"There are two files called {shown}. Import one folder at a time.")
        _check_complete(table)
        found[name] = table
    return found


def _check_complete(table: Table) -> None:
    missing = [key for key in _FILES[_file_name(table)].needed if not table.has(key)]
    if missing:
        titles = ", ".join(f"“{_TITLES[key]}”" for key in missing)
        raise UnreadableFile(f"{table.name} has no column {titles}. Export it again with this column.")


_TITLES: Final = {
    "sisid": "SIS ID",
    "name": "Name",
    "schoolsisid": "School SIS ID",
    "sectionname": "Section Name",
    "sectionsisid": "Section SIS ID",
}


def _is_complete(table: Table) -> bool:
    file = _FILES.get(_file_name(table))
    return file is not None and all(table.has(key) for key in file.needed)


def _file_name(table: Table) -> str:
    """Browsers add "(1)" to a second download."""
    stem = PurePosixPath(table.name.replace("\\", "/")).stem
    return column_key(re.sub(r"\(\d+\)$", "", stem))
