"""Plans for who is in which class, and who teaches it, where both are named by id."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from core.roster.importing.current import CurrentEnrolment, CurrentRoster
from core.roster.importing.differences import SAME
from core.roster.importing.neutral import ClassKind, ClassTeacher, Enrolment, Kind, NeutralRoster, Source
from core.roster.importing.plan import Change, Outcome, PlannedRow, Value, repeated
from core.roster.importing.register import Missing, Register, Target


@dataclass(frozen=True, slots=True)
class Links:
    """The registers say what the ids of the file stand for."""

    current: CurrentRoster
    roster: NeutralRoster
    classes: Register
    students: Register
    staff: Register
    today: date
    new_id: Callable[[], UUID]
    # Form classes that stay: the file names them, or an earlier row has ended them.
    _kept: set[tuple[UUID, UUID]] = field(default_factory=set)

    def enrolment_rows(self) -> list[PlannedRow]:
        self._kept.update(self._named())
        seen: dict[tuple[str, str], Source] = {}
        return [self._enrolment(link, seen) for link in self.roster.enrolments]

    def _named(self) -> Iterator[tuple[UUID, UUID]]:
        for link in self.roster.enrolments:
            school_class, student = self.classes.find(link.class_id), self.students.find(link.student_id)
            if isinstance(school_class, Target) and isinstance(student, Target):
                yield school_class.id, student.id

    def class_staff_rows(self) -> list[PlannedRow]:
        seen: dict[tuple[str, str], Source] = {}
        return [self._class_teacher(link, seen) for link in self.roster.class_staff]

    def _enrolment(self, link: Enrolment, seen: dict[tuple[str, str], Source]) -> PlannedRow:
        kind, source = Kind.ENROLMENTS, link.source
        if link.student_id in self.staff and link.student_id not in self.students:
            what = f"{link.student_id} is a teacher, not a student. Correct the id, or delete the row."
            return PlannedRow(Outcome.REFUSED, kind, source, "", what, self.students.column)
        student, school_class = self.students.find(link.student_id), self.classes.find(link.class_id)
        if isinstance(student, Missing):
            return PlannedRow(student.outcome, kind, source, "", student.reason, self.students.column)
        if isinstance(school_class, Missing):
            return PlannedRow(
                school_class.outcome, kind, source, student.name, school_class.reason, self.classes.column
            )
        earlier = seen.setdefault((link.class_id, link.student_id), source)
        if earlier is not source:
            return repeated(kind, source, student.name, earlier)
        return self._joined(source, student, school_class)

    def _joined(self, source: Source, student: Target, school_class: Target) -> PlannedRow:
        kind = Kind.ENROLMENTS
        if self.current.enrolment(school_class.id, student.id):
            return PlannedRow(Outcome.UNCHANGED, kind, source, student.name, SAME)
        left = self._left(student) if school_class.class_kind is ClassKind.FORM else []
        joining = enrolling(self.new_id(), school_class.id, student.id, self.today)
        changes = (*(leaving(here, self.today) for here in left), joining)
        if not left:
            return PlannedRow(
                Outcome.CREATED, kind, source, student.name, f"Joins {school_class.name}", changes=changes
            )
        before = self.current.class_by_id[left[0].class_id].name
        what = f"Moves from {before} to {school_class.name}"
        return PlannedRow(Outcome.MOVED, kind, source, student.name, what, changes=changes)

    def _left(self, student: Target) -> list[CurrentEnrolment]:
        enrolments = self.current.form_enrolments(student.id)
        left = [here for here in enrolments if (here.class_id, here.student_id) not in self._kept]
        self._kept.update((here.class_id, here.student_id) for here in left)
        return left

    def _class_teacher(self, link: ClassTeacher, seen: dict[tuple[str, str], Source]) -> PlannedRow:
        kind, source = Kind.CLASS_STAFF, link.source
        if link.staff_id in self.students and link.staff_id not in self.staff:
            what = f"{link.staff_id} is a student, not a teacher. Correct the id, or delete the row."
            return PlannedRow(Outcome.REFUSED, kind, source, "", what, self.staff.column)
        teacher, school_class = self.staff.find(link.staff_id), self.classes.find(link.class_id)
        if isinstance(teacher, Missing):
            return PlannedRow(teacher.outcome, kind, source, "", teacher.reason, self.staff.column)
        if isinstance(school_class, Missing):
            return PlannedRow(
                school_class.outcome, kind, source, teacher.name, school_class.reason, self.classes.column
            )
        earlier = seen.setdefault((link.class_id, link.staff_id), source)
        if earlier is not source:
            return repeated(kind, source, teacher.name, earlier)
        return self._taught(source, teacher, school_class)

    def _taught(self, source: Source, teacher: Target, school_class: Target) -> PlannedRow:
        if (school_class.id, teacher.id) in self.current.taught:
            return PlannedRow(Outcome.UNCHANGED, Kind.CLASS_STAFF, source, teacher.name, SAME)
        # Never as form teacher: that would open guardians and cases, which no such file decides.
        values: dict[str, Value] = {"class_id": school_class.id, "staff_id": teacher.id, "role": "subject"}
        change = Change(Kind.CLASS_STAFF, self.new_id(), values)
        what = f"Teaches {school_class.name}"
        return PlannedRow(Outcome.CREATED, Kind.CLASS_STAFF, source, teacher.name, what, changes=(change,))


def enrolling(row_id: UUID, class_id: UUID, student_id: UUID, today: date, index_no: int | None = None) -> Change:
    values = {"class_id": class_id, "student_id": student_id, "index_no": index_no, "from_date": today}
    return Change(Kind.ENROLMENTS, row_id, values)


def leaving(here: CurrentEnrolment, today: date) -> Change:
    return Change(Kind.ENROLMENTS, here.id, {"to_date": today}, before={"to_date": None})
