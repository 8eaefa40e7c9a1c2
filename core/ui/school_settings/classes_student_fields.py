"""The fields of a student, and the entry that they make."""

import streamlit as st

from core.roster.records.fields import LONGEST_NAME
from core.roster.register.entries import LONGEST_FULL_NAME, MOST_INDEX_NO, StudentEntry
from core.roster.register.levels import LEVELS
from core.ui.school_settings.classes_desk import Form
from core.ui.school_settings.classes_widgets import choice, line, offered, text_in, whole, whole_in
from core.ui.school_settings.classes_words import GENDERS

NOT_KNOWN = "not known"
_GENDERS = {gender or NOT_KNOWN: word for gender, word in GENDERS.items()}
_OLDEST, _YOUNGEST = 1990, 2100


def draw_student_fields(form: Form, entry: StudentEntry, *, in_class: bool) -> None:
    """The number belongs to a class, and so is there only in one."""
    line(form, "full_name", "Full name, as the school writes it", entry.full_name, LONGEST_FULL_NAME)
    line(form, "preferred_name", "Called, if otherwise", entry.preferred_name, LONGEST_FULL_NAME)
    choice(form, "gender", "Gender", _GENDERS, entry.gender or NOT_KNOWN)
    left, right = st.columns(2, gap="small")
    with left:
        whole(form, "birth_year", "Year of birth", entry.birth_year, _OLDEST, _YOUNGEST)
        offered(form, "level", "Level", LEVELS, entry.level)
    with right:
        if in_class:
            whole(form, "index_no", "Index number", entry.index_no, 1, MOST_INDEX_NO)
        line(form, "sourced_id", "Id in other systems", entry.sourced_id, LONGEST_NAME)
    st.checkbox(
        "Portraits may be generated", value=entry.portraits_allowed, key=form.key("portraits"), on_change="ignore"
    )


def student_in(form: Form) -> StudentEntry:
    gender = text_in(form, "gender")
    return StudentEntry(
        full_name=text_in(form, "full_name"),
        preferred_name=text_in(form, "preferred_name") or None,
        gender=None if gender in ("", NOT_KNOWN) else gender,
        birth_year=whole_in(form, "birth_year"),
        level=text_in(form, "level") or None,
        sourced_id=text_in(form, "sourced_id") or None,
        portraits_allowed=form.value("portraits") is True,
        index_no=whole_in(form, "index_no"),
    )
