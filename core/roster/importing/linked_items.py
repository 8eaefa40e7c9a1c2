"""Plans for the schools, classes and students of a roster whose rows carry ids."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from core.roster.importing.current import CurrentClass, CurrentRoster, CurrentStudent, folded
from core.roster.importing.differences import SAME, student_values
from core.roster.importing.neutral import ClassKind, Kind, NeutralRoster, School, SchoolClass, Student
from core.roster.importing.plan import Change, Outcome, PlannedRow, Value, contradicted, created, repeated
from core.roster.importing.register import Missing, Register, Target
from core.roster.importing.settling import Settled, flag, known_name, settled, updated


@dataclass(frozen=True, slots=True)
class LinkedItems:
    """What is here, what comes, and where new ids come from."""

    current: CurrentRoster
    roster: NeutralRoster
    new_id: Callable[[], UUID]

    def school_rows(self) -> list[PlannedRow]:
        """The file's school is made, or is the one here; a school here keeps its own name."""
        return [self._school(item, self.roster.schools[0]) for item in self.roster.schools]

    def class_rows(self) -> tuple[list[PlannedRow], Register]:
        by_id = {here.sourced_id: here for here in self.current.classes if here.sourced_id}
        unclaimed = {folded(here.name): here for here in self.current.classes if _is_unclaimed(here)}
        targets = {key: Target(here.id, here.name, here.kind) for key, here in by_id.items() if not here.is_archived}
        register = Register("Class", self.roster.headings.get("class_id"), targets)

        def settle(item: SchoolClass) -> Settled:
            return self._class(item, by_id.get(item.sourced_id) or unclaimed.pop(folded(item.name), None))

        rows = settled(self.roster.classes, Kind.CLASSES, roster=self.roster, register=register, settle=settle)
        return rows, register

    def student_rows(self) -> tuple[list[PlannedRow], Register]:
        by_id = self.current.student_by_sourced_id
        targets = {key: Target(here.id, here.full_name) for key, here in by_id.items() if here.status == "active"}
        register = Register("Student", self.roster.headings.get("student_id"), targets)

        def settle(item: Student) -> Settled:
            return self._student(item, by_id.get(item.sourced_id or ""))

        rows = settled(self.roster.students, Kind.STUDENTS, roster=self.roster, register=register, settle=settle)
        return rows, register

    def _school(self, item: School, first: School) -> PlannedRow:
        if item is not first and replace(item, source=first.source) == first:
            return repeated(Kind.SCHOOLS, item.source, item.name, first.source)
        if item is not first:
            column = self.roster.headings.get("sourced_id")
            return contradicted(Kind.SCHOOLS, item.source, item.name, first.source, column=column)
        if here := self.current.school:
            what = SAME if here.name == item.name else f"Goes into {here.name}"
            return PlannedRow(Outcome.UNCHANGED, Kind.SCHOOLS, item.source, item.name, what)
        values: dict[str, Value] = {"name": item.name, "sourced_id": item.sourced_id}
        return created(item, Change(Kind.SCHOOLS, self.new_id(), values), "New school")

    def _class(self, item: SchoolClass, here: CurrentClass | None) -> Settled:
        wanted: dict[str, Value] = {"name": item.name, "subject": item.subject, "level": item.level}
        wanted["sourced_id"] = item.sourced_id
        if here is None:
            change = Change(Kind.CLASSES, self.new_id(), {**wanted, "kind": item.kind.value})
            return created(item, change, "New class"), Target(change.id, item.name, item.kind)
        if here.is_archived:
            ignored = PlannedRow(Outcome.IGNORED, Kind.CLASSES, item.source, item.name, "This class is archived here")
            return ignored, Missing(Outcome.IGNORED, f"{item.name} is archived here")
        if self._is_taken(item.name, here):
            return self._name_taken(item)
        return updated(Kind.CLASSES, here, item, wanted), Target(here.id, item.name, here.kind)

    def _is_taken(self, name: str, here: CurrentClass) -> bool:
        """Subject classes may share a name; form classes may not."""
        forms = (other for other in self.current.classes if other.kind is ClassKind.FORM and not other.is_archived)
        is_form = here.kind is ClassKind.FORM
        return is_form and any(other.id != here.id and folded(other.name) == folded(name) for other in forms)

    def _name_taken(self, item: SchoolClass) -> Settled:
        what = f"Another form class is called {item.name}. Correct the name."
        row = PlannedRow(Outcome.REFUSED, Kind.CLASSES, item.source, item.name, what)
        return row, Missing(Outcome.REFUSED, f"Class {item.sourced_id} is left out: {what}")

    def _student(self, item: Student, here: CurrentStudent | None) -> Settled:
        wanted = student_values(item)
        if here is None:
            change = Change(Kind.STUDENTS, self.new_id(), wanted)
            has_namesake = folded(item.full_name) in self.current.students_by_name
            hint = ". The same name is here already; is it someone else?" if has_namesake else ""
            return created(item, change, f"New student{hint}{flag(item)}"), Target(change.id, item.full_name)
        wanted |= {**known_name(item, here), "status": "active"}
        return updated(Kind.STUDENTS, here, item, wanted), Target(here.id, item.full_name)


def _is_unclaimed(here: CurrentClass) -> bool:
    return here.sourced_id is None and not here.is_archived
