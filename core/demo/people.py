"""Who is in the demo school: staff, two classes, their students and guardians."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from core.demo.guardians import GUARDIANS, Relative
from core.demo.identity import SCHOOL_ID, demo_id
from core.demo.names import JOINED_LAST_WEEK, NO_PORTRAIT_ALLOWED, P4_COURAGE, P5_INTEGRITY, Pupil
from core.demo.rows import Rows
from core.roster.terms import school_days_before, terms_of

SCHOOL_NAME = "Bukit Merah View Primary School"
TIME_ZONE = "Asia/Singapore"
UNIFORM = "white short-sleeved shirt, girls with a navy pinafore over it"


@dataclass(frozen=True)
class Colleague:
    """A member of staff."""

    full_name: str
    email: str
    role: str = "teacher"

    @property
    def id(self) -> UUID:
        return demo_id("staff", self.email)


MEI = Colleague("Mei Tan", "mei.tan@demo.school")
ARJUN = Colleague("Arjun Nair", "arjun.nair@demo.school")
SITI = Colleague("Siti Rahim", "siti.rahim@demo.school", role="admin")
GRACE = Colleague("Grace Lim Hui Ying", "grace.lim@demo.school")
LIJUAN = Colleague("Huang Lijuan", "huang.lijuan@demo.school")
JOSEPH = Colleague("Joseph Chia", "joseph.chia@demo.school")
DEEPA = Colleague("Deepa d/o Raman", "deepa.raman@demo.school")
FARIDAH = Colleague("Faridah binte Osman", "faridah.osman@demo.school")
STAFF = (MEI, ARJUN, SITI, GRACE, LIJUAN, JOSEPH, DEEPA, FARIDAH)


@dataclass(frozen=True)
class DemoClass:
    """A form class with its teachers; the first of them is the form teacher."""

    name: str
    level: str
    age: int
    pupils: tuple[Pupil, ...] = field(repr=False)
    teachers: tuple[Colleague, ...]

    @property
    def id(self) -> UUID:
        return demo_id("class", self.name)

    @property
    def form_teacher(self) -> Colleague:
        return self.teachers[0]


INTEGRITY = DemoClass("P5 Integrity", "P5", 11, P5_INTEGRITY, (MEI, GRACE, LIJUAN))
COURAGE = DemoClass("P4 Courage", "P4", 10, P4_COURAGE, (ARJUN, JOSEPH, DEEPA))
CLASSES = (INTEGRITY, COURAGE)


@dataclass(frozen=True)
class DemoStudent:
    """A pupil at their place in the register."""

    pupil: Pupil
    in_class: DemoClass
    index_no: int

    @property
    def id(self) -> UUID:
        return demo_id("student", self.pupil.full_name)

    @property
    def full_name(self) -> str:
        return self.pupil.full_name

    @property
    def sourced_id(self) -> str:
        return f"S{self.in_class.level[-1]}{self.index_no:03}"

    @property
    def is_new(self) -> bool:
        return self.full_name == JOINED_LAST_WEEK


STUDENTS = tuple(
    DemoStudent(pupil, in_class, index_no)
    for in_class in CLASSES
    for index_no, pupil in enumerate(in_class.pupils, start=1)
)


def school_rows() -> Rows:
    return [
        {
            "id": SCHOOL_ID,
            "name": SCHOOL_NAME,
            "time_zone": TIME_ZONE,
            "locale": "en-SG",
            "kind": "demo",
            "settings": {"uniform": UNIFORM},
        }
    ]


def staff_rows() -> Rows:
    return [
        {"id": who.id, "school_id": SCHOOL_ID, "email": who.email, "full_name": who.full_name, "role": who.role}
        for who in STAFF
    ]


def class_rows(today: date) -> Rows:
    return [
        {"id": one.id, "school_id": SCHOOL_ID, "name": one.name, "level": one.level, "school_year": today.year}
        for one in CLASSES
    ]


def class_staff_rows() -> Rows:
    return [
        {
            "id": demo_id("class_staff", one.name, who.email),
            "school_id": SCHOOL_ID,
            "class_id": one.id,
            "staff_id": who.id,
            "role": "form" if who is one.form_teacher else "subject",
        }
        for one in CLASSES
        for who in one.teachers
    ]


def student_rows(today: date) -> Rows:
    return [
        {
            "id": one.id,
            "school_id": SCHOOL_ID,
            "sourced_id": one.sourced_id,
            "full_name": one.full_name,
            "preferred_name": one.pupil.preferred_name,
            "gender": one.pupil.gender,
            "birth_year": today.year - one.in_class.age,
            "level": one.in_class.level,
            "portraits_allowed": one.full_name != NO_PORTRAIT_ALLOWED,
        }
        for one in STUDENTS
    ]


def enrolment_rows(today: date) -> Rows:
    return [
        {
            "id": demo_id("enrolment", one.full_name),
            "school_id": SCHOOL_ID,
            "class_id": one.in_class.id,
            "student_id": one.id,
            "index_no": one.index_no,
            "from_date": _joined_on(one, today),
        }
        for one in STUDENTS
    ]


def _joined_on(student: DemoStudent, today: date) -> date:
    if student.is_new:
        return next(school_days_before(today))
    return min(today, terms_of(today.year)[0].first_monday)


def guardian_rows() -> Rows:
    return [
        {
            "id": demo_id("guardian", relative.full_name),
            "school_id": SCHOOL_ID,
            "full_name": relative.full_name,
            "email": _email(number) if number % 4 else None,
            # No number in Singapore begins with 5.
            "phone": f"+65 5550 {1000 + 7 * number:04}",
            "language": relative.language,
        }
        for number, (_, _, relative) in enumerate(_guardianships(), start=1)
    ]


def student_guardian_rows() -> Rows:
    return [
        {
            "id": demo_id("student_guardian", student.full_name, relative.full_name),
            "school_id": SCHOOL_ID,
            "student_id": student.id,
            "guardian_id": demo_id("guardian", relative.full_name),
            "relationship": relative.relationship,
            "priority": priority,
        }
        for student, priority, relative in _guardianships()
    ]


def _guardianships() -> Iterator[tuple[DemoStudent, int, Relative]]:
    for student in STUDENTS:
        for priority, relative in enumerate(GUARDIANS[student.full_name], start=1):
            yield student, priority, relative


def _email(number: int) -> str:
    return f"guardian{number:03}@example.com"
