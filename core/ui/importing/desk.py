"""What a visitor has handed in: kept in their session while the import view is open, and no longer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Final
from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.errors import AppError
from core.roster.importing.diff import require_right_to
from core.roster.importing.incoming import Incoming, incoming_from
from core.roster.importing.neutral import School
from core.roster.importing.plan import ImportPlan
from core.roster.importing.schools import schools_in
from core.roster.importing.service import Applied, Choice, Imports
from core.roster.importing.uploads import Upload
from core.ui.roster_address import VIEW, View

_KEY: Final = "import_desk"


@dataclass(frozen=True)
class HandedIn:
    """A file that was read."""

    incoming: Incoming
    schools: tuple[School, ...]
    read_at: datetime


@dataclass
class Desk:
    """Changed in place: writing to the session's state is where Streamlit may end a run half-way.

    `turn` is part of the uploader's key, so that a new turn starts with an empty one.
    """

    person: Person
    turn: int = 0
    handed_in: HandedIn | None = None
    chosen: Choice = field(default_factory=Choice)
    preview: ImportPlan | None = None
    applied: Applied | None = None
    problem: AppError | None = None
    undone: set[UUID] = field(default_factory=set)
    _saving: Lock = field(default_factory=Lock)

    def read(self, uploads: Sequence[Upload]) -> None:
        self._clear()
        try:
            incoming = incoming_from(uploads)
            require_right_to(incoming.roster, is_admin=self.person.is_admin)
        except AppError as error:
            self.problem = error
        else:
            read_at = datetime.now(self.person.zone)
            self.handed_in = HandedIn(incoming, schools_in(incoming.roster), read_at)

    def start_over(self) -> None:
        self._clear()
        self.turn += 1

    def look(self, imports: Imports, choice: Choice) -> ImportPlan:
        """The preview for this choice, made once; raises what the service raises."""
        assert self.handed_in is not None
        if self.preview is None or choice != self.chosen:
            self.chosen = choice
            self.preview = imports.preview(self.person, self.handed_in.incoming, choice)
        return self.preview

    def apply(self, imports: Imports) -> None:
        """Once, however often it is clicked: a second click runs beside the first and waits here."""
        with self._saving:
            if self.applied is not None or self.preview is None or self.handed_in is None:
                return
            self.problem, seen, self.preview = None, self.preview.digest, None
            try:
                self.applied = imports.apply(self.person, self.handed_in.incoming, self.chosen, seen=seen)
            except AppError as error:
                # The next run makes a new preview and shows this beside it.
                self.problem = error

    def undo(self, imports: Imports, import_id: UUID) -> None:
        """Once, likewise."""
        with self._saving:
            if import_id in self.undone:
                return
            self.problem = None
            try:
                imports.undo(self.person, import_id)
            except AppError as error:
                self.problem = error
            else:
                self.start_over()
                self.undone.add(import_id)

    def _clear(self) -> None:
        self.handed_in = self.preview = self.applied = self.problem = None
        self.chosen = Choice()
        self.undone = set()


def desk_of(person: Person) -> Desk:
    """Another person's desk is never found, not even after the browser's Back."""
    desk = st.session_state.get(_KEY)
    if not isinstance(desk, Desk) or desk.person.staff_id != person.staff_id:
        desk = st.session_state[_KEY] = Desk(person)
    return desk


def put_away_what_is_left() -> None:
    """On every page's run: a file that was not applied goes when its view is left."""
    if st.query_params.get(VIEW) != View.IMPORT:
        st.session_state.pop(_KEY, None)
