"""A school's roster as it is, read before a plan is made; fields are named as the columns of the tables."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar
from uuid import UUID

from core.roster.importing.neutral import ClassKind

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class CurrentSchool:
    id: UUID
    name: str
    sourced_id: str | None = None


@dataclass(frozen=True, slots=True)
class CurrentClass:
    id: UUID
    name: str
    kind: ClassKind = ClassKind.FORM
    level: str | None = None
    subject: str | None = None
    sourced_id: str | None = None
    is_archived: bool = False


@dataclass(frozen=True, slots=True)
class CurrentStudent:
    id: UUID
    full_name: str
    sourced_id: str | None = None
    name_to_check: bool = False
    preferred_name: str | None = None
    gender: str | None = None
    birth_year: int | None = None
    level: str | None = None
    status: str = "active"


@dataclass(frozen=True, slots=True)
class CurrentStaff:
    id: UUID
    full_name: str
    sourced_id: str | None = None
    name_to_check: bool = False
    email: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class CurrentEnrolment:
    """An enrolment that has not ended."""

    id: UUID
    class_id: UUID
    student_id: UUID
    index_no: int | None = None


@dataclass(frozen=True, slots=True)
class CurrentClassStaff:
    id: UUID
    class_id: UUID
    staff_id: UUID
    role: str = "subject"


@dataclass(frozen=True)
class CurrentRoster:
    """As much as the person who imports may see; `school` is None for one that the import is to make."""

    school: CurrentSchool | None
    classes: tuple[CurrentClass, ...] = ()
    students: tuple[CurrentStudent, ...] = ()
    staff: tuple[CurrentStaff, ...] = ()
    enrolments: tuple[CurrentEnrolment, ...] = ()
    class_staff: tuple[CurrentClassStaff, ...] = ()

    @cached_property
    def class_by_id(self) -> Mapping[UUID, CurrentClass]:
        return {here.id: here for here in self.classes}

    @cached_property
    def student_by_id(self) -> Mapping[UUID, CurrentStudent]:
        return {here.id: here for here in self.students}

    @cached_property
    def student_by_sourced_id(self) -> Mapping[str, CurrentStudent]:
        return {here.sourced_id: here for here in self.students if here.sourced_id}

    @cached_property
    def students_by_name(self) -> Mapping[str, list[CurrentStudent]]:
        return _grouped((folded(here.full_name), here) for here in self.students if here.status == "active")

    @cached_property
    def enrolments_of_class(self) -> Mapping[UUID, list[CurrentEnrolment]]:
        return _grouped((here.class_id, here) for here in self.enrolments)

    @cached_property
    def enrolments_of_student(self) -> Mapping[UUID, list[CurrentEnrolment]]:
        return _grouped((here.student_id, here) for here in self.enrolments)

    @cached_property
    def taught(self) -> frozenset[tuple[UUID, UUID]]:
        """Class and teacher."""
        return frozenset((here.class_id, here.staff_id) for here in self.class_staff)

    def enrolment(self, class_id: UUID, student_id: UUID) -> CurrentEnrolment | None:
        enrolments = self.enrolments_of_student.get(student_id, [])
        return next((here for here in enrolments if here.class_id == class_id), None)

    def form_enrolments(self, student_id: UUID) -> list[CurrentEnrolment]:
        """One, unless the records contradict themselves."""
        enrolments = self.enrolments_of_student.get(student_id, [])
        return [here for here in enrolments if self._is_form(here.class_id)]

    def _is_form(self, class_id: UUID) -> bool:
        here = self.class_by_id.get(class_id)
        return here is not None and here.kind is ClassKind.FORM


def folded(name: str) -> str:
    """Names that differ in case or spaces alone are the same name."""
    return " ".join(unicodedata.normalize("NFC", name).split()).casefold()


def _grouped(pairs: Iterable[tuple[_Key, _Value]]) -> dict[_Key, list[_Value]]:
    groups: dict[_Key, list[_Value]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return dict(groups)
