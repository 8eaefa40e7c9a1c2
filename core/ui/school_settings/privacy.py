"""The section "What may go to a model": a switch for each kind of record."""

from collections.abc import Collection

import streamlit as st

from core.accounts.person import Person
from core.assistant.letting_out import LetOut
from core.bootstrap import App
from core.meetings.records import RecordKind
from core.ui.formats import day_and_time
from core.ui.school_settings.choices_desk import attempt, field, lasting, show_outcome
from core.ui.text import escape_label

PART = "privacy"
PROMISE = (
    "Names, contacts and ids never leave: they are replaced before anything is sent, whatever is switched on here. "
    "What leaves is only what the asking teacher may read, of the student or class that the question is about. "
    "Switching a kind off holds from the next question on, and what an earlier answer told of it does not leave again."
)
PORTRAITS = (
    "For a portrait an age, the gender if it is recorded, the style and the uniform leave: no record and no name."
)
KINDS = {
    RecordKind.ATTENDANCE: ("Attendance", "How many days were counted, absent and late, and the day of the latest."),
    RecordKind.RESULT: ("Results", "Subject, assessment, marks and the day."),
    RecordKind.OBSERVATION: ("Observations", "What teachers saw, in their own words, with the day."),
    RecordKind.NOTE: ("Notes for meetings", "What a teacher noted about a student, in their own words."),
    RecordKind.CASE: (
        "Cases",
        "Kind, such as discipline or special needs, status and summary, where a form teacher or an admin asks.",
    ),
}
SURE = "Yes, cases of our students may leave the school for the model's provider"


def draw_privacy(person: Person, app: App) -> None:
    view = app.administration.letting_out.view(person)
    st.caption(PROMISE)
    with st.container(border=True):
        for kind, (label, leaves) in KINDS.items():
            with st.container(gap="xxsmall"):
                st.toggle(label, value=kind in view.kinds, key=field(_key(kind)))
                st.caption(leaves)
        # In a place of its own, so that the button below stays as it is.
        with st.container():
            if RecordKind.CASE in set(_chosen(view)) - view.kinds:
                st.checkbox(SURE, key=field("cases_sure"))
        _draw_button(person, app, view)
        show_outcome(PART)
    st.caption(_last_change(view, person))
    st.caption(PORTRAITS)


def _chosen(view: LetOut) -> list[RecordKind]:
    return [kind for kind in KINDS if st.session_state.get(field(_key(kind)), kind in view.kinds)]


def _draw_button(person: Person, app: App, view: LetOut) -> None:
    def save() -> str:
        kinds, is_sure = _chosen(view), bool(st.session_state.get(field("cases_sure")))
        if set(kinds) == view.kinds:
            return "Nothing was changed."
        app.administration.letting_out.change(person, kinds, confirms_cases=is_sure)
        return f"Saved. From the next question on {kinds_in_words(kinds)} may leave."

    st.button(
        "Save what may leave",
        key=lasting("save_kinds"),
        type="primary",
        on_click=attempt,
        args=(PART, save),
    )


def kinds_in_words(kinds: Collection[str]) -> str:
    """Such as "attendance, results and cases", for any order."""
    names = [KINDS[kind][0].lower() for kind in KINDS if kind in kinds]
    if len(names) < 2:
        return names[0] if names else "no record"
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _last_change(view: LetOut, person: Person) -> str:
    if view.last_change is None:
        return "Nobody changed this yet." if view.is_usual else "The operator set this."
    when = day_and_time(view.last_change.at, person.zone)
    return f"Last changed by {escape_label(view.last_change.by)} on {when}."


def _key(kind: RecordKind) -> str:
    return f"may_leave_{kind.value}"
