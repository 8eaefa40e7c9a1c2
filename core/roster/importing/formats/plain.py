"""A plain class list: one column of names or their parts, and what else a teacher's spreadsheet may hold."""

from collections.abc import Sequence
from typing import Final

from core.roster.importing.cells import (
    CellProblem,
    check_width,
    gender_in,
    index_no_in,
    level_in,
    student_id_in,
    text_in,
)
from core.roster.importing.neutral import Kind, LeftOut, NeutralRoster, Source, Student
from core.roster.importing.tables import Row, Table

NAME: Final = "plain"

_FULL: Final = ("name", "studentname", "fullname", "nameofstudent", "studentfullname", "student", "pupil", "pupilname")
_FIRST: Final = ("firstname", "first", "givenname", "givennames", "forename")
_MIDDLE: Final = ("middlename", "middlenames", "middle")
_LAST: Final = ("lastname", "last", "surname", "familyname", "family")
_PREFERRED: Final = ("preferredname", "preferredgivenname", "knownas")
_GENDER: Final = ("gender", "sex")
_LEVEL: Final = ("level", "gradelevel", "yearlevel", "yeargroup", "grade", "year")
_CLASS: Final = ("class", "classname", "formclass", "form", "homeroom", "tutorgroup")
_INDEX_NO: Final = (
    "indexno",
    "indexnumber",
    "index",
    "classindexno",
    "classindexnumber",
    "classindex",
    "registerno",
    "regno",
    "no",
    "sn",
)
_STUDENT_ID: Final = ("studentid", "sisid", "sourcedid", "studentnumber", "studentno", "admissionnumber", "admissionno")

COLUMNS: Final = frozenset(
    _FULL + _FIRST + _MIDDLE + _LAST + _PREFERRED + _GENDER + _LEVEL + _CLASS + _INDEX_NO + _STUDENT_ID
)


def recognises(tables: Sequence[Table]) -> bool:
    return any(_is_list(table) for table in tables)


def read(tables: Sequence[Table]) -> NeutralRoster:
    lists = [table for table in tables if _is_list(table)]
    read_rows = [_student(table, row) for table in lists for row in table.rows]
    return NeutralRoster(
        format=NAME,
        is_class_list=True,
        students=tuple(item for item in read_rows if isinstance(item, Student)),
        left_out=tuple(item for item in read_rows if isinstance(item, LeftOut)),
        headings=_headings(lists),
        unread_files=tuple(table.name for table in tables if table not in lists),
        unread_columns=tuple(dict.fromkeys(heading for table in lists for heading in table.unread_but(COLUMNS))),
    )


def _is_list(table: Table) -> bool:
    return table.heading(*_FULL, *_FIRST, *_LAST) is not None


def _headings(lists: Sequence[Table]) -> dict[str, str]:
    """Of the first list that has the column."""
    fields = {
        "full_name": (*_FULL, *_FIRST, *_LAST),
        "sourced_id": _STUDENT_ID,
        "class_name": _CLASS,
        "index_no": _INDEX_NO,
    }
    found = {name: next(filter(None, (table.heading(*keys) for table in lists)), None) for name, keys in fields.items()}
    return {name: heading for name, heading in found.items() if heading}


def _student(table: Table, row: Row) -> Student | LeftOut:
    source = Source(table.name, row.number)
    try:
        check_width(row)
        return _read_student(table, row, source)
    except CellProblem as problem:
        # A shifted row's name may be any cell, so it is not shown as one.
        name = "" if row.is_overlong else row.cell(*_FULL, *_FIRST, *_LAST)
        return LeftOut(source, Kind.STUDENTS, str(problem), name, problem.column)


def _read_student(table: Table, row: Row, source: Source) -> Student:
    return Student(
        source,
        full_name=_full_name(table, row),
        sourced_id=student_id_in(table, row, *_STUDENT_ID),
        preferred_name=text_in(table, row, *_PREFERRED) or None,
        gender=gender_in(table, row, *_GENDER),
        level=level_in(table, row, *_LEVEL),
        class_name=text_in(table, row, *_CLASS) or None,
        index_no=index_no_in(table, row, *_INDEX_NO),
    )


def _full_name(table: Table, row: Row) -> str:
    """A name in one column stays as it is: which part is the family name can't be known."""
    parts = (text_in(table, row, *keys) for keys in (_FIRST, _MIDDLE, _LAST))
    name = text_in(table, row, *_FULL) or " ".join(part for part in parts if part)
    if not name:
        raise CellProblem(table.heading(*_FULL, *_FIRST, *_LAST), "No name. Fill in the name, or delete the row.")
    return name
