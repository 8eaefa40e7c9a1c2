"""A class in the next school year: what is proposed, and what a person made of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from core.roster.register.entries import ClassEntry
from core.roster.register.levels import next_level, next_name
from core.roster.register.views import OtherClass, TeacherRow


class Fate(StrEnum):
    """What a new school year means for a student; who stays keeps the level and waits for a class."""

    GOES = "goes"
    STAYS = "stays"
    LEAVES = "leaves"


@dataclass(frozen=True)
class Pupil:
    """A student at their place in the register of the class that goes on."""

    enrolment_id: UUID
    student_id: UUID
    full_name: str
    index_no: int | None
    level: str | None


@dataclass(frozen=True)
class Preview:
    """The class as it is, and what it becomes: `into` is None after the last year."""

    id: UUID
    entry: ClassEntry
    is_archived: bool
    pupils: tuple[Pupil, ...]
    teachers: tuple[TeacherRow, ...]
    left: int
    makes_photos: bool
    continued_by: OtherClass | None
    into: ClassEntry | None

    @property
    def is_form(self) -> bool:
        return self.entry.kind == "form"

    @property
    def usual_fate(self) -> Fate:
        """Whether someone leaves the school is decided where their form class goes on."""
        if self.into is not None:
            return Fate.GOES
        return Fate.LEAVES if self.is_form else Fate.STAYS

    @property
    def usual_plan(self) -> "Plan":
        """Everybody alike, with the teachers that there are."""
        return Plan(
            class_id=self.id,
            into=self.into,
            fates={one.enrolment_id: self.usual_fate for one in self.pupils},
            teachers={one.staff_id: one.role for one in self.teachers if one.active} if self.into else {},
            archives=True,
        )


@dataclass(frozen=True)
class Plan:
    """What is to happen to each student whom the person saw, by enrolment; teachers with their roles."""

    class_id: UUID
    into: ClassEntry | None
    fates: Mapping[UUID, Fate]
    teachers: Mapping[UUID, str]
    archives: bool


def proposed(entry: ClassEntry, levels: Collection[str | None]) -> ClassEntry | None:
    """The class one year on; `levels` are those that the school has."""
    further = next_level(entry.level, levels)
    if entry.level is not None and further is None:
        return None
    name = next_name(entry.name, entry.level) if further else entry.name
    return replace(entry, name=name, level=further, school_year=entry.school_year + 1)
