"""Which class, which of the lists and whose drawer; the address bar is where the choices live."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import streamlit as st

from core.ui.roster_address import CLASS, STUDENT, as_member, as_uuid, go_to

VIEW, YEAR, FIND = "classes", "year", "q"
ARCHIVED = "archived"


class View(StrEnum):
    """What the section shows when no class is open, or of the class that is."""

    LIST = "list"
    NEW_YEAR = "new-year"
    WITHOUT = "without"


@dataclass(frozen=True)
class ClassesAddress:
    """The address bar, read; what makes no sense there counts as absent. `year` may be "archived"."""

    view: View
    class_id: UUID | None
    student_id: UUID | None
    year: str | None
    find: str


def read_classes_address() -> ClassesAddress:
    query = st.query_params
    return ClassesAddress(
        view=as_member(View, query.get(VIEW), View.LIST),
        class_id=as_uuid(query.get(CLASS)),
        student_id=as_uuid(query.get(STUDENT)),
        year=query.get(YEAR),
        find=query.get(FIND, "").strip(),
    )


def show(view: View, class_id: UUID | None = None) -> None:
    """Go to one of the section's views, with nothing open over it."""
    go_to(VIEW, "" if view is View.LIST else view.value)
    go_to(CLASS, str(class_id) if class_id else "")
    go_to(STUDENT, "")


def open_student(student_id: UUID) -> None:
    go_to(STUDENT, str(student_id))


def close_student() -> None:
    go_to(STUDENT, "")
