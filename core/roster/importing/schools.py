"""Which schools a file holds, and the part of it that belongs to one of them."""

from dataclasses import replace
from typing import Final, TypeVar

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

_Link = TypeVar("_Link", Enrolment, ClassTeacher)
_KINDS: Final[dict[type[Item], Kind]] = {
    School: Kind.SCHOOLS,
    SchoolClass: Kind.CLASSES,
    Student: Kind.STUDENTS,
    StaffMember: Kind.STAFF,
    Enrolment: Kind.ENROLMENTS,
    ClassTeacher: Kind.CLASS_STAFF,
}


def schools_in(roster: NeutralRoster) -> tuple[School, ...]:
    """In the file's order; a school that rows name and no School file lists stands as "School <id>"."""
    found = {school.sourced_id: school for school in reversed(roster.schools)}
    listed = [school for school in roster.schools if found[school.sourced_id] is school]
    named = {item.school: item.source for item in _members(roster) if item.school and item.school not in found}
    return (*listed, *(School(source, key, f"School {key}") for key, source in named.items()))


def only_school(roster: NeutralRoster, sourced_id: str) -> NeutralRoster:
    """For one school chosen of several: the rows of the others are kept as ignored ones, so that no row is lost."""
    others = {school.sourced_id: school.name for school in schools_in(roster) if school.sourced_id != sourced_id}
    rest = tuple(_set_aside(item, others) for item in _items(roster) if _school_of(item) in others)
    left_out = tuple(_ignored(row, others) if row.school in others else row for row in roster.left_out)
    return _part(roster, frozenset(others), left_out=left_out + rest)


def each_school(roster: NeutralRoster) -> tuple[tuple[School | None, NeutralRoster], ...]:
    """Every row once: those of no known school go with the first; a class list names no school."""
    schools = schools_in(roster)
    if not schools:
        return ((None, roster),)
    return tuple((school, _share(roster, schools, school)) for school in schools)


def links_placed(roster: NeutralRoster) -> NeutralRoster:
    """Enrolments and class teachers belong to the school of their class, else of their person."""
    classes = _schools_by_id(roster, roster.classes, Kind.CLASSES)
    students = _schools_by_id(roster, roster.students, Kind.STUDENTS)
    staff = _schools_by_id(roster, roster.staff, Kind.STAFF)
    enrolments = (
        _placed(link, classes.get(link.class_id, students.get(link.student_id))) for link in roster.enrolments
    )
    class_staff = (_placed(link, classes.get(link.class_id, staff.get(link.staff_id))) for link in roster.class_staff)
    return replace(roster, enrolments=tuple(enrolments), class_staff=tuple(class_staff))


def _share(roster: NeutralRoster, schools: tuple[School, ...], school: School) -> NeutralRoster:
    others = frozenset(other.sourced_id for other in schools if other.sourced_id != school.sourced_id)
    known = others | {school.sourced_id}
    is_first = school is schools[0]
    part = _part(roster, others, left_out=tuple(row for row in roster.left_out if row.school not in others))
    if is_first:
        return part
    return _part(part, others | {None}, left_out=tuple(row for row in part.left_out if row.school in known))


def _part(roster: NeutralRoster, without: frozenset[str | None], *, left_out: tuple[LeftOut, ...]) -> NeutralRoster:
    return replace(
        roster,
        schools=tuple(item for item in roster.schools if item.sourced_id not in without),
        classes=tuple(item for item in roster.classes if item.school not in without),
        students=tuple(item for item in roster.students if item.school not in without),
        staff=tuple(item for item in roster.staff if item.school not in without),
        enrolments=tuple(item for item in roster.enrolments if item.school not in without),
        class_staff=tuple(item for item in roster.class_staff if item.school not in without),
        left_out=left_out,
    )


def _members(roster: NeutralRoster) -> tuple[SchoolClass | Student | StaffMember, ...]:
    return (*roster.classes, *roster.students, *roster.staff)


def _items(roster: NeutralRoster) -> tuple[Item, ...]:
    return (*roster.schools, *_members(roster), *roster.enrolments, *roster.class_staff)


def _school_of(item: Item) -> str | None:
    return item.sourced_id if isinstance(item, School) else item.school


def _set_aside(item: Item, schools: dict[str, str]) -> LeftOut:
    school = _school_of(item) or ""
    return LeftOut(
        item.source,
        _KINDS[type(item)],
        f"Belongs to {schools[school]}, which was not chosen",
        name=_name_of(item),
        school=school,
        sourced_id=None if isinstance(item, Enrolment | ClassTeacher) else item.sourced_id,
        is_refused=False,
        is_elsewhere=True,
    )


def _ignored(row: LeftOut, schools: dict[str, str]) -> LeftOut:
    problem = f"Belongs to {schools[row.school or '']}, which was not chosen"
    return replace(row, problem=problem, column=None, is_refused=False, is_elsewhere=True)


def _name_of(item: Item) -> str:
    match item:
        case School(name=name) | SchoolClass(name=name) | Student(full_name=name) | StaffMember(full_name=name):
            return name
        case _:
            return ""


def _schools_by_id(
    roster: NeutralRoster, items: tuple[SchoolClass | Student | StaffMember, ...], kind: Kind
) -> dict[str, str | None]:
    left_out = {row.sourced_id: row.school for row in roster.left_out if row.kind is kind and row.sourced_id}
    return left_out | {item.sourced_id: item.school for item in items if item.sourced_id}


def _placed(link: _Link, school: str | None) -> _Link:
    return replace(link, school=school)
