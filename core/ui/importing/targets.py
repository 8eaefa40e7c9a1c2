"""What the file can't say: which of its schools is meant, and the class for rows that name none."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.roster.importing.current import folded
from core.roster.importing.neutral import School
from core.roster.importing.service import Choice
from core.roster.views import ClassSummary
from core.ui.importing.desk import HandedIn
from core.ui.roster_address import read_address
from core.ui.text import escape_label

CLASS_PX = 300
_NO_CLASS_FOR_ADMINS: Final = (
    "There is no class here yet. Add a column Class to the list: the classes it names can be created with it."
)
_NO_CLASS_FOR_TEACHERS: Final = "You teach no class here yet that this list could go into. Ask an admin to import it."


def chosen_targets(person: Person, classes: Sequence[ClassSummary], handed_in: HandedIn) -> Choice | None:
    """None while an answer is missing without which there is nothing to show."""
    roster, key = handed_in.incoming.roster, f"{handed_in.read_at.timestamp()}"
    school, into_class = None, None
    if len(handed_in.schools) > 1:
        school = _draw_school_choice(person, handed_in.schools, key)
        if school is None:
            return None
    if roster.needs_class:
        names_some = any(student.class_name for student in roster.students)
        label = "Class for the rows that name none" if names_some else "Class this list is for"
        into_class = _draw_class_choice(person, _own(person, classes), label, key)
        if into_class is None and not names_some:
            return None
    return Choice(school, into_class)


def _draw_school_choice(person: Person, schools: Sequence[School], key: str) -> str | None:
    names = {school.sourced_id: escape_label(school.name) for school in schools}
    same_name = [place for place, school in enumerate(schools) if folded(school.name) == folded(person.school_name)]
    with st.container(border=True):
        return st.radio(
            f"This file holds {len(schools)} schools. Which one goes into {escape_label(person.school_name)}?",
            list(names),
            index=same_name[0] if same_name else None,
            format_func=names.__getitem__,
            key=f"import_school_{key}",
        )


def _draw_class_choice(person: Person, classes: Sequence[ClassSummary], label: str, key: str) -> UUID | None:
    if not classes:
        st.info(_NO_CLASS_FOR_ADMINS if person.is_admin else _NO_CLASS_FOR_TEACHERS)
        return None
    ids = [one.id for one in classes]
    names = {one.id: one.name for one in classes}
    here = read_address().class_id
    first = ids.index(here) if here in ids else 0 if len(ids) == 1 else None
    return st.selectbox(
        label,
        ids,
        index=first,
        format_func=names.__getitem__,
        key=f"import_class_{key}",
        placeholder="Choose a class",
        width=CLASS_PX,
    )


def _own(person: Person, classes: Sequence[ClassSummary]) -> list[ClassSummary]:
    return [one for one in classes if person.is_admin or one.my_role is not None]
