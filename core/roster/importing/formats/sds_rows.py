"""One row of each of the six files of Microsoft School Data Sync, version 1."""

from dataclasses import dataclass

from core.roster.importing.cells import CellProblem, birth_year_in, level_in, text_in
from core.roster.importing.neutral import (
    ClassKind,
    ClassTeacher,
    Enrolment,
    School,
    SchoolClass,
    Source,
    StaffMember,
    Student,
)
from core.roster.importing.tables import Row, Table


@dataclass(frozen=True, slots=True)
class Place:
    """A row, where it stands, and the schools the export lists (none: it has no School file)."""

    table: Table
    row: Row
    schools: frozenset[str]

    @property
    def source(self) -> Source:
        return Source(self.table.name, self.row.number)

    def text(self, key: str) -> str:
        return text_in(self.table, self.row, key)

    def needed(self, key: str) -> str:
        if text := self.text(key):
            return text
        heading = self.table.heading(key)
        raise CellProblem(heading, f"No {heading}. Fill it in, or delete the row.")

    def school(self) -> str:
        sourced_id = self.needed("schoolsisid")
        if self.schools and sourced_id not in self.schools:
            heading = self.table.heading("schoolsisid")
            raise CellProblem(heading, f"School {sourced_id} is not in this file. Correct the id, or add the school.")
        return sourced_id


def school(place: Place) -> School:
    return School(place.source, place.needed("sisid"), place.needed("name"))


def section(place: Place) -> SchoolClass:
    return SchoolClass(
        place.source,
        place.needed("sisid"),
        place.needed("sectionname"),
        ClassKind.SUBJECT,
        school=place.school(),
        subject=place.text("coursesubject") or None,
    )


def student(place: Place) -> Student:
    name = _written_name(place)
    return Student(
        place.source,
        full_name=name or _user_name(place),
        sourced_id=place.needed("sisid"),
        school=place.school(),
        name_to_check=not name,
        birth_year=birth_year_in(place.row, "birthdate"),
        level=level_in(place.table, place.row, "grade"),
    )


def teacher(place: Place) -> StaffMember:
    name, user_name = _written_name(place), place.text("username")
    return StaffMember(
        place.source,
        place.needed("sisid"),
        name or _user_name(place),
        school=place.school(),
        name_to_check=not name,
        email=user_name if "@" in user_name else None,
    )


def enrolment(place: Place) -> Enrolment:
    return Enrolment(place.source, place.needed("sectionsisid"), place.needed("sisid"))


def class_teacher(place: Place) -> ClassTeacher:
    return ClassTeacher(place.source, place.needed("sectionsisid"), place.needed("sisid"))


def _written_name(place: Place) -> str:
    parts = (place.text(key) for key in ("firstname", "middlename", "lastname"))
    return " ".join(part for part in parts if part)


def _user_name(place: Place) -> str:
    """Without the host of an e-mail address."""
    if name := place.text("username").partition("@")[0]:
        return name
    column = place.table.heading("lastname", "firstname", "username")
    raise CellProblem(column, "No name. Fill in the name, or delete the row.")
