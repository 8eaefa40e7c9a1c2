"""The service behind the section "What may go to a model": which kinds of records a school lets out."""

from collections.abc import Collection
from dataclasses import dataclass

from core.accounts.person import Person
from core.assistant.gathering import let_out
from core.db.engine import Database
from core.errors import ChoiceRefused
from core.meetings.records import RecordKind
from core.usage.model_choice import TO_MODEL, school_choices
from core.usage.school_settings import LastChange, change_settings, last_change


@dataclass(frozen=True)
class LetOut:
    """`is_usual` until an admin chose."""

    kinds: frozenset[RecordKind]
    is_usual: bool
    last_change: LastChange | None


@dataclass(frozen=True, kw_only=True)
class LettingOut:
    """For admins; whoever else changes anything gets NotAllowed from the database."""

    database: Database

    def view(self, person: Person) -> LetOut:
        with self.database.as_person(person) as session:
            choices = school_choices(session, person.school_id)
            return LetOut(let_out(choices), choices.to_model is None, last_change(session, person, TO_MODEL))

    def change(self, person: Person, kinds: Collection[RecordKind], *, confirms_cases: bool = False) -> None:
        """From the next question on. Raises ChoiceRefused where cases would leave for the first time unconfirmed."""
        with self.database.as_person(person) as session:
            before = let_out(school_choices(session, person.school_id))
            if RecordKind.CASE in set(kinds) - before and not confirms_cases:
                raise ChoiceRefused("Confirm that cases may leave the school, or leave them switched off.")
            change_settings(session, person, {TO_MODEL: [kind.value for kind in RecordKind if kind in kinds]})
