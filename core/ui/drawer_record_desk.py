"""The one form that is open in the drawer, and what its buttons do; what was refused stays as it was typed."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.errors import AppError, RecordChanged, RecordExists
from core.meetings.records import RecordKind
from core.roster.records.entries import Entry
from core.roster.views import Record, StudentRecords

_FORM = "record_form"
_NUMBER = "record_form_number"
_SAVED_AT = "record_saved_at"
# "Remove" asks once more in the same place, and what opens a form comes up where "Save" was: the second click of a
# double click means neither.
_DOUBLE_CLICK_S = 0.8


@dataclass(frozen=True)
class RecordForm:
    """`record` is None for a new one; `typed` is what the fields start with."""

    student_id: UUID
    kind: RecordKind
    record: Record[Entry] | None
    typed: Entry | None
    number: int
    error: AppError | None = None
    asked_to_remove_at: float | None = None

    def key(self, field: str) -> str:
        """Of a field; another form's fields start anew."""
        return f"record{self.number}_{field}"

    def value(self, field: str) -> object:
        """What the field holds now."""
        return st.session_state.get(self.key(field))

    def is_of(self, kind: RecordKind, record_id: UUID | None) -> bool:
        return self.kind is kind and (self.record.id if self.record else None) == record_id


Reader = Callable[[RecordForm], Entry]
"""Makes the entry of what the fields hold; raises RecordRefused where that can't be one."""


def open_form(student_id: UUID) -> RecordForm | None:
    form = st.session_state.get(_FORM)
    return form if form is not None and form.student_id == student_id else None


def close_form() -> None:
    st.session_state.pop(_FORM, None)


def start(student_id: UUID, kind: RecordKind, record: Record[Entry] | None) -> None:
    """Open the form of a record, or of a new one, in place of the form that is open."""
    if time.monotonic() - st.session_state.get(_SAVED_AT, 0.0) < _DOUBLE_CLICK_S:
        # "Add" and "Correct" come up where "Save" was.
        return
    _open(student_id, kind, record, record.entry if record else None)


def save(person: Person, app: App, form: RecordForm, read: Reader) -> None:
    here = open_form(form.student_id)
    if here is None or here.number != form.number:
        # The second click of a double click: it is saved.
        return

    typed = _typed(form, read)
    if typed is not None:
        _attempt(person, app, replace(form, typed=typed), lambda: _write(person, app, form, typed))


def _write(person: Person, app: App, form: RecordForm, typed: Entry) -> None:
    if form.record is None:
        app.records.add(person, form.student_id, typed)
    else:
        app.records.correct(person, form.record.id, form.record.entry, typed)


def _typed(form: RecordForm, read: Reader) -> Entry | None:
    """What the fields hold; None, and the reason in the form, where that makes no entry."""
    try:
        return read(form)
    except AppError as error:
        _keep(replace(form, error=error))
        return None


def remove(person: Person, app: App, form: RecordForm) -> None:
    """Asks first, and then does it."""
    record, now = form.record, time.monotonic()
    if record is None:
        return
    if form.asked_to_remove_at is None:
        _keep(replace(form, asked_to_remove_at=now, error=None))
    elif now - form.asked_to_remove_at >= _DOUBLE_CLICK_S:
        _attempt(person, app, form, lambda: app.records.remove(person, record.id, record.entry))


def go_to_twin(person: Person, app: App, form: RecordForm, read: Reader, record_id: UUID) -> None:
    """Correct the record that is there already, with what was typed for a new one."""
    typed = _typed(form, read)
    record = _found(person, app, form.student_id, form.kind, record_id)
    if record is not None and typed is not None:
        _open(form.student_id, form.kind, record, typed)


def records_of(records: StudentRecords, kind: RecordKind) -> tuple[Record[Entry], ...]:
    by_kind: dict[RecordKind, tuple[Record[Entry], ...]] = {
        RecordKind.ATTENDANCE: records.days,
        RecordKind.RESULT: records.results,
        RecordKind.OBSERVATION: records.observations,
        RecordKind.CASE: records.cases,
        RecordKind.NOTE: records.notes,
    }
    return by_kind[kind]


def _open(student_id: UUID, kind: RecordKind, record: Record[Entry] | None, typed: Entry | None) -> None:
    number = st.session_state.get(_NUMBER, 0) + 1
    st.session_state[_NUMBER] = number
    _keep(RecordForm(student_id, kind, record, typed, number))


def _keep(form: RecordForm) -> None:
    st.session_state[_FORM] = form


def _attempt(person: Person, app: App, form: RecordForm, act: Callable[[], None]) -> None:
    try:
        act()
    except RecordChanged as error:
        # What stands there now has been shown, so the next save is meant.
        there = form.record and _found(person, app, form.student_id, form.kind, form.record.id)
        _keep(replace(form, record=there or form.record, error=error, asked_to_remove_at=None))
    except AppError as error:
        _keep(replace(form, error=error, asked_to_remove_at=None))
    else:
        st.session_state[_SAVED_AT] = time.monotonic()
        close_form()


def _found(person: Person, app: App, student_id: UUID, kind: RecordKind, record_id: UUID) -> Record[Entry] | None:
    records = app.roster.records(person, student_id, [record_id])
    return next((one for one in records_of(records, kind) if one.id == record_id), None)


def twin_of(form: RecordForm) -> UUID | None:
    """The record that stands in the way of a new one."""
    return form.error.record_id if isinstance(form.error, RecordExists) else None
