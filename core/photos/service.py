"""What a person can do about portraits; nothing here pays, it only asks for a job."""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from core.accounts.person import Person
from core.db.engine import Database
from core.errors import PhotoGone
from core.photos import board
from core.photos.allowance import Allowance, allowance
from core.photos.board import Card, LatestJob, PhotoVersion, WorkInProgress
from core.photos.job import ImageChoice
from core.photos.prompt import Style
from core.photos.storage import PhotoStorage
from core.usage.prices import estimate_image

_REQUEST = text("select private.request_portrait(:student, cast(:options as jsonb), :retry_of)")
_CANCEL = text("select private.cancel_portrait(:job)")
_USE = text("select private.use_photo(:photo)")
_REMOVE = text("select private.remove_photo(:student)")
_SLOTS_LEFT = text("select private.my_slots_left('image')")
_FILES = text("select storage_key, thumb_key from private.photo_files(:photo)")
_FILES_I_MAY_SEE = text("select storage_key, thumb_key from photos where id = :photo and removed_at is null")


@dataclass(frozen=True)
class StudentPhotos:
    """Everything about one student's portraits at one moment."""

    versions: tuple[PhotoVersion, ...]
    job: LatestJob | None
    slots_left: int

    @property
    def current(self) -> PhotoVersion | None:
        return next((version for version in self.versions if version.is_current), None)

    @property
    def earlier(self) -> tuple[PhotoVersion, ...]:
        return tuple(version for version in self.versions if not version.is_current)


@dataclass(frozen=True, kw_only=True)
class Photos:
    """Portraits, for one person at a time."""

    database: Database
    storage: PhotoStorage
    choice: ImageChoice

    def request(self, person: Person, student_id: UUID, *, style: Style, retry_of: UUID | None = None) -> UUID:
        """The student's one active job. Raises UnknownStudent, PortraitNotAllowed or TooManyWaiting."""
        options = json.dumps({"style": style})
        with self.database.as_person(person) as session:
            job_id = session.scalar(_REQUEST, {"student": student_id, "options": options, "retry_of": retry_of})
        return UUID(str(job_id))

    def cancel(self, person: Person, job_id: UUID) -> bool:
        """False when it had started already."""
        with self.database.as_person(person) as session:
            return bool(session.scalar(_CANCEL, {"job": job_id}))

    def use(self, person: Person, photo_id: UUID) -> None:
        """Shows an earlier photo again. Raises PhotoGone."""
        with self.database.as_person(person) as session:
            session.execute(_USE, {"photo": photo_id})

    def remove(self, person: Person, student_id: UUID) -> None:
        """Shows no photo; the one that was shown stays among the earlier ones."""
        with self.database.as_person(person) as session:
            session.execute(_REMOVE, {"student": student_id})

    def cards(self, person: Person, class_id: UUID) -> list[Card]:
        with self.database.as_person(person) as session:
            return board.cards(session, class_id)

    def of_student(self, person: Person, student_id: UUID) -> StudentPhotos:
        with self.database.as_person(person) as session:
            return StudentPhotos(
                versions=tuple(board.versions(session, student_id)),
                job=board.latest_job(session, student_id),
                slots_left=session.scalar(_SLOTS_LEFT) or 0,
            )

    def allowance(self, person: Person) -> Allowance:
        with self.database.as_person(person) as session:
            return allowance(session, person.staff_id)

    def work_in_progress(self, person: Person) -> list[WorkInProgress]:
        with self.database.as_person(person) as session:
            return board.work_in_progress(session)

    def photo_bytes(self, photo_id: UUID, thumbnail: bool) -> bytes:
        """For whoever holds the photo's id. Raises PhotoGone, StorageAway."""
        return self.storage.get(self.key_by_id(photo_id, thumbnail))

    def key_by_id(self, photo_id: UUID, thumbnail: bool) -> str:
        """Where it is stored, for whoever holds its id. Raises PhotoGone."""
        with self.database.as_nobody() as session:
            return _key(session.execute(_FILES, {"photo": photo_id}).one_or_none(), thumbnail)

    def key_for(self, person: Person, photo_id: UUID, thumbnail: bool) -> str:
        """Where it is stored, if this person may see the student now. Raises PhotoGone."""
        with self.database.as_person(person) as session:
            return _key(session.execute(_FILES_I_MAY_SEE, {"photo": photo_id}).one_or_none(), thumbnail)

    def estimated_cost_usd(self) -> Decimal | None:
        """Of one portrait, from the price table; None where no price is known."""
        return estimate_image(self.choice.model, self.choice.size, self.choice.quality)


def _key(files: Row[Any] | None, thumbnail: bool) -> str:
    if files is None:
        raise PhotoGone
    return str(files.thumb_key if thumbnail else files.storage_key)
