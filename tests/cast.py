"""The people and students that database tests are about, in two schools."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import Connection, text

from core.accounts.person import Person, Role


@dataclass(frozen=True)
class Cast:
    """Mei is form teacher of Integrity, where Devi teaches a subject; Arjun is form teacher of Courage.

    Siti is their admin, Ben is admin of another school. Ana, Bala and Cara are in Integrity, Courage and Hope.
    """

    mei: Person
    devi: Person
    arjun: Person
    siti: Person
    ben: Person
    integrity: UUID
    courage: UUID
    elsewhere: UUID
    ana: UUID
    bala: UUID
    cara: UUID


def found_schools(owner: Connection) -> Cast:
    """Inserts both schools, a class for each teacher with a student, and nothing else."""
    north, south = found_school(owner, "North Primary"), found_school(owner, "South Primary")
    mei, devi, arjun = (hire(owner, north, name) for name in ("Mei Tan", "Devi Raj", "Arjun Nair"))
    siti, ben = hire(owner, north, "Siti Rahim", Role.ADMIN), hire(owner, south, "Ben Ong", Role.ADMIN)
    integrity = open_class(owner, mei, "P5 Integrity")
    courage = open_class(owner, arjun, "P4 Courage")
    elsewhere = open_class(owner, ben, "P1 Hope")
    assign(owner, devi, integrity, "subject")
    ana, bala, cara = (
        enrol(owner, class_id, name)
        for class_id, name in ((integrity, "Ana Lim"), (courage, "Bala s/o Kumar"), (elsewhere, "Cara Wong"))
    )
    return Cast(mei, devi, arjun, siti, ben, integrity, courage, elsewhere, ana, bala, cara)


@dataclass(frozen=True)
class School:
    id: UUID
    name: str


def found_school(owner: Connection, name: str, *, kind: str = "real") -> School:
    school = School(uuid4(), name)
    _run(owner, "insert into schools (id, name, kind) values (:id, :name, :kind)", id=school.id, name=name, kind=kind)
    return school


def hire(owner: Connection, school: School, name: str, role: Role = Role.TEACHER) -> Person:
    staff_id = uuid4()
    _run(
        owner,
        "insert into staff (id, school_id, email, full_name, role) values (:id, :school, :email, :name, :role)",
        id=staff_id,
        school=school.id,
        email=f"{name.replace(' ', '.').lower()}@{school.name.split()[0].lower()}.school",
        name=name,
        role=role.value,
    )
    return Person(
        staff_id=staff_id,
        school_id=school.id,
        full_name=name,
        role=role,
        school_name=school.name,
        time_zone="Asia/Singapore",
        is_demo=False,
    )


def open_class(owner: Connection, teacher: Person, name: str) -> UUID:
    """A form class of 2026 with its form teacher."""
    class_id = uuid4()
    _run(
        owner,
        "insert into classes (id, school_id, name, school_year) values (:id, :school, :name, 2026)",
        id=class_id,
        school=teacher.school_id,
        name=name,
    )
    assign(owner, teacher, class_id, "form")
    return class_id


def assign(owner: Connection, teacher: Person, class_id: UUID, role: str) -> None:
    _run(
        owner,
        "insert into class_staff (school_id, class_id, staff_id, role) values (:school, :class, :staff, :role)",
        **{"school": teacher.school_id, "class": class_id, "staff": teacher.staff_id, "role": role},
    )


def enrol(owner: Connection, class_id: UUID, name: str) -> UUID:
    student_id = uuid4()
    _run(
        owner,
        "insert into students (id, school_id, full_name) select :id, school_id, :name from classes where id = :class",
        **{"id": student_id, "name": name, "class": class_id},
    )
    _run(
        owner,
        "insert into enrolments (school_id, class_id, student_id) select school_id, id, :id from classes"
        " where id = :class",
        **{"id": student_id, "class": class_id},
    )
    return student_id


def _run(owner: Connection, statement: str, **values: object) -> None:
    owner.execute(text(statement), values)
