"""What a person can do about the portraits of a whole class; nothing here pays, it only asks for jobs."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.accounts.person import Person
from core.db.engine import Database
from core.errors import UnknownBatch
from core.photos.batches import reads
from core.photos.batches.batch import Batch, BatchLine
from core.photos.batches.forecast import USUAL, Forecast, Limit, Pace, forecast
from core.photos.job import JobState
from core.photos.prompt import Style, usual_style
from core.usage.model_choice import ImageChoice, Priced, school_choices

_REQUEST = text("select private.request_batch(:class_id, :students, :only_without, cast(:options as jsonb))")
_PAUSE = text("select private.pause_batch(:batch)")
_RESUME = text("select private.resume_batch(:batch)")
_CANCEL = text("select private.cancel_batch(:batch)")
_RETRY = text("select private.retry_batch(:batch, :state, :student)")
_LEAVE = text("select private.leave_unconfirmed(:job)")
_SLOTS = text("select private.my_slots_open_at('batch_image', :many)")
MOST_PROMPT = "x" * 480
"""As long as the longest prompt that a level, a style and a uniform make."""


@dataclass(frozen=True)
class Price:
    """What so many portraits will cost: by the table, and at most as much as is held for them."""

    from_usd: Decimal
    to_usd: Decimal


@dataclass(frozen=True)
class Quote:
    """What portraits are asked of now, and their price, None where none is known."""

    choice: ImageChoice
    price: Price | None


@dataclass(frozen=True, kw_only=True)
class ClassPhotos:
    """A class's batches, for one person at a time; `choice` is for schools that chose no other."""

    database: Database
    choice: ImageChoice
    at_once: int

    def start(
        self,
        person: Person,
        class_id: UUID,
        students: Sequence[UUID],
        *,
        style: Style | None = None,
        only_without: bool = False,
    ) -> UUID:
        """The class's one active batch: this one, or the one that somebody started already.

        `only_without` leaves out who got a photo meanwhile. Raises NotAllowed, NobodyLeft.
        """
        with self.database.as_person(person) as session:
            values = {
                "class_id": class_id,
                "students": list(students),
                "only_without": only_without,
                "options": self.options(session, person.school_id, style),
            }
            return UUID(str(session.scalar(_REQUEST, values)))

    def pause(self, person: Person, batch_id: UUID) -> bool:
        """False when it did not run; what is being made is finished. Raises NotAllowed, as the next three do."""
        return bool(self._call(person, _PAUSE, {"batch": batch_id}))

    def resume(self, person: Person, batch_id: UUID) -> bool:
        return bool(self._call(person, _RESUME, {"batch": batch_id}))

    def cancel(self, person: Person, batch_id: UUID) -> bool:
        return bool(self._call(person, _CANCEL, {"batch": batch_id}))

    def retry_failed(self, person: Person, batch_id: UUID) -> int:
        """How many are tried again. Raises ClassBusy while another batch of the class runs."""
        return self._retry(person, batch_id, JobState.FAILED, None)

    def generate_again(self, person: Person, batch_id: UUID, student_id: UUID) -> int:
        """A second call for one that may have been charged. Raises ClassBusy."""
        return self._retry(person, batch_id, JobState.UNCONFIRMED, student_id)

    def leave(self, person: Person, job_id: UUID) -> bool:
        """The decision not to pay again for an unconfirmed one; False when somebody decided already."""
        return bool(self._call(person, _LEAVE, {"job": job_id}))

    def batch(self, person: Person, batch_id: UUID) -> Batch:
        """Raises UnknownBatch where this person sees none."""
        found = self.find(person, batch_id)
        if found is None:
            raise UnknownBatch
        return found

    def find(self, person: Person, batch_id: UUID) -> Batch | None:
        with self.database.as_person(person) as session:
            return reads.batch(session, batch_id)

    def active_of(self, person: Person, class_id: UUID) -> UUID | None:
        with self.database.as_person(person) as session:
            return reads.active_batch_of(session, class_id)

    def active(self, person: Person) -> list[BatchLine]:
        """All with work left that this person may see, newest first."""
        with self.database.as_person(person) as session:
            return reads.lines(session, None)

    def of_class(self, person: Person, class_id: UUID) -> list[BatchLine]:
        with self.database.as_person(person) as session:
            return reads.lines(session, class_id)

    def pace(self, person: Person) -> Pace:
        with self.database.as_person(person) as session:
            return Pace(reads.usual_time(session, person.staff_id) or USUAL, self.at_once)

    def limit(self, person: Person) -> Limit:
        with self.database.as_person(person) as session:
            return reads.limit(session, person.staff_id)

    def forecast(self, person: Person, many: int) -> Forecast:
        """For so many portraits asked for now, given what this hour already holds."""
        with self.database.as_person(person) as session:
            starts = session.scalar(_SLOTS, {"many": many}) or []
            pace = Pace(reads.usual_time(session, person.staff_id) or USUAL, self.at_once)
        return forecast(starts, pace, now=datetime.now(UTC))

    def quote(self, person: Person, many: int) -> Quote:
        """For so many portraits of this person's school."""
        with self.database.as_person(person) as session:
            priced = self.priced(session, person.school_id)
        one, at_most = priced.estimated_usd(), priced.estimated_usd(prompt=MOST_PROMPT)
        price = None if one is None or at_most is None else Price(one * many, at_most * many)
        return Quote(priced.choice, price)

    def options(self, session: Session, school_id: UUID, style: Style | None) -> str:
        """What is kept with a batch, as JSON: what it was asked to look like and of which model."""
        choices = school_choices(session, school_id)
        return batch_options(style or usual_style(choices.style), choices.portrait(self.choice).choice)

    def priced(self, session: Session, school_id: UUID) -> Priced:
        """What the next portrait of that school is asked of."""
        return school_choices(session, school_id).portrait(self.choice)

    def _retry(self, person: Person, batch_id: UUID, state: JobState, student_id: UUID | None) -> int:
        return int(self._call(person, _RETRY, {"batch": batch_id, "state": state.value, "student": student_id}))

    def _call(self, person: Person, statement: Any, values: dict[str, Any]) -> Any:
        with self.database.as_person(person) as session:
            return session.scalar(statement, values)


def batch_options(style: Style, choice: ImageChoice) -> str:
    return json.dumps({"style": style.value, **asdict(choice)})
