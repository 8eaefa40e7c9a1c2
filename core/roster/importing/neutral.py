"""The one shape that every format is read into: a school's people, classes and who is in which."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a row of a file is about, as the report counts it."""

    SCHOOLS = "schools"
    STUDENTS = "students"
    CLASSES = "classes"
    STAFF = "staff"
    ENROLMENTS = "enrolments"
    CLASS_STAFF = "class_staff"
    GUARDIANS = "guardians"


class ClassKind(StrEnum):
    """As in the database: a student is in one form class, and in any number of the others."""

    FORM = "form"
    SUBJECT = "subject"
    CCA = "cca"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a row stands, so that the person can find it."""

    file: str
    row: int


@dataclass(frozen=True, slots=True)
class School:
    source: Source
    sourced_id: str
    name: str


@dataclass(frozen=True, slots=True)
class SchoolClass:
    source: Source
    sourced_id: str
    name: str
    kind: ClassKind
    school: str | None = None
    subject: str | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Student:
    """`class_name` and `index_no` are set in class lists only; None is "the file does not say".

    `name_to_check`: the file holds no name, so this is the user name; it never replaces a name that is known.
    """

    source: Source
    full_name: str
    sourced_id: str | None = None
    school: str | None = None
    name_to_check: bool = False
    preferred_name: str | None = None
    gender: str | None = None
    birth_year: int | None = None
    level: str | None = None
    class_name: str | None = None
    index_no: int | None = None


@dataclass(frozen=True, slots=True)
class StaffMember:
    source: Source
    sourced_id: str
    full_name: str
    school: str | None = None
    name_to_check: bool = False
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A student in a class, both by sourced id."""

    source: Source
    class_id: str
    student_id: str
    school: str | None = None


@dataclass(frozen=True, slots=True)
class ClassTeacher:
    """A teacher of a class, both by sourced id."""

    source: Source
    class_id: str
    staff_id: str
    school: str | None = None


Item = School | SchoolClass | Student | StaffMember | Enrolment | ClassTeacher


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is not taken over: refused (the person can mend it) or ignored (nothing to mend).

    `sourced_id` lets the rows that refer to it say why it is missing. `is_elsewhere`: of a school not chosen.
    """

    source: Source
    kind: Kind
    problem: str
    name: str = ""
    column: str | None = None
    school: str | None = None
    sourced_id: str | None = None
    is_refused: bool = True
    is_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class NeutralRoster:
    """Every row that was read is exactly one item of one of these lists.

    A class list has students only, each with the class it goes into; any other roster links people to classes by id.
    `headings` say how the file calls the columns of these fields; `unread_files` belong to no known format.
    `unread_columns` are headings alone: what stood under them was not kept.
    """

    format: str
    is_class_list: bool
    schools: tuple[School, ...] = ()
    classes: tuple[SchoolClass, ...] = ()
    students: tuple[Student, ...] = ()
    staff: tuple[StaffMember, ...] = ()
    enrolments: tuple[Enrolment, ...] = ()
    class_staff: tuple[ClassTeacher, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)
    unread_files: tuple[str, ...] = ()
    unread_columns: tuple[str, ...] = ()

    @property
    def rows_read(self) -> int:
        people = len(self.students) + len(self.staff)
        links = len(self.enrolments) + len(self.class_staff)
        return len(self.schools) + len(self.classes) + people + links + len(self.left_out)

    @property
    def needs_class(self) -> bool:
        """Some rows name no class, so the page or the command has to say which one is meant."""
        return self.is_class_list and any(student.class_name is None for student in self.students)
