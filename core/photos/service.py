"""What a person can do about portraits; nothing here pays, it only asks for a job."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from core.accounts.person import Person
from core.db.engine import Database
from core.errors import PhotoGone, PortraitCame
from core.photos import board
from core.photos.allowance import Allowance, allowance
from core.photos.board import Card, LatestJob, PhotoVersion, WorkInProgress
from core.photos.prompt import Style, usual_style
from core.photos.storage import PhotoStorage
from core.usage.model_choice import ImageChoice, SchoolChoices, school_choices

_HAS_PORTRAIT = text("select exists (select from photos where student_id = :student and is_current)")
_REQUEST = text("select private.request_portrait(:student, cast(:options as jsonb), :retry_of)")
_REFUSE_WITHOUT_ROOM = text("select private.refuse_portrait_without_room(:job, :held)")
_CANCEL = text("select private.cancel_portrait(:job)")
_USE = text("select private.use_photo(:photo)")
_REMOVE = text("select private.remove_photo(:student)")
_SLOTS_LEFT = text("select private.my_slots_left('image')")
_FILES = text("select storage_key, thumb_key from private.photo_files(:photo)")
_FILES_I_MAY_SEE = text("select storage_key, thumb_key from photos where id = :photo and removed_at is null")
# The class's on show, and all of this student's: what a page with this thumbnail shows besides.
_THUMBNAILS_BESIDE = text(
    """
    select p.thumb_key
    from photos as asked
    inner join photos as p on p.removed_at is null and (
        p.student_id = asked.student_id
        or p.is_current and p.student_id in (
            select beside.student_id
            from enrolments as own
            inner join enrolments as beside on beside.class_id = own.class_id and beside.to_date is null
            where own.student_id = asked.student_id and own.to_date is null
        )
    )
    where asked.id = :photo
    limit 500
    """
)


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


@dataclass(frozen=True)
class Offer:
    """What the next portrait is asked of, about what it costs (None: not priced), and the school's usual style."""

    choice: ImageChoice
    cost_usd: Decimal | None
    style: Style = Style.PHOTO


@dataclass(frozen=True, kw_only=True)
class Photos:
    """Portraits, for one person at a time; `choice` is for schools that chose no other."""

    database: Database
    storage: PhotoStorage
    choice: ImageChoice

    def request(
        self,
        person: Person,
        student_id: UUID,
        *,
        style: Style | None = None,
        retry_of: UUID | None = None,
        is_first: bool = False,
    ) -> UUID:
        """The student's one active job; `is_first` where the person saw no portrait.

        Raises UnknownStudent, PortraitNotAllowed, TooManyWaiting, BudgetUsedUp or PortraitCame.
        """
        with self.database.as_person(person) as session:
            offer = self._offer(school_choices(session, person.school_id))
            options = json.dumps({"style": style or offer.style})
            job_id = session.scalar(_REQUEST, {"student": student_id, "options": options, "retry_of": retry_of})
            # After the request: whatever job it did not join has ended by now, and its portrait is seen.
            if is_first and session.scalar(_HAS_PORTRAIT, {"student": student_id}):
                raise PortraitCame
            session.execute(_REFUSE_WITHOUT_ROOM, {"job": job_id, "held": offer.cost_usd})
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

    def picture(self, photo_id: UUID, thumbnail: bool) -> str | bytes:
        """For a page whose server knows none of the photos' addresses: a public link, else the file."""
        key = self.key_by_id(photo_id, thumbnail)
        return self.storage.public_url(key) or self.storage.get(key)

    def key_by_id(self, photo_id: UUID, thumbnail: bool) -> str:
        """Where it is stored, for whoever holds its id. Raises PhotoGone."""
        with self.database.as_nobody() as session:
            return _key(session.execute(_FILES, {"photo": photo_id}).one_or_none(), thumbnail)

    def key_for(self, person: Person, photo_id: UUID, thumbnail: bool) -> str:
        """Where it is stored, if this person may see the student now. Raises PhotoGone."""
        with self.database.as_person(person) as session:
            return _key(session.execute(_FILES_I_MAY_SEE, {"photo": photo_id}).one_or_none(), thumbnail)

    def keys_beside(self, person: Person, photo_id: UUID) -> Sequence[str]:
        """Of the thumbnails that a page shows together with this photo's, as far as this person may see them."""
        with self.database.as_person(person) as session:
            return session.scalars(_THUMBNAILS_BESIDE, {"photo": photo_id}).all()

    def offer(self, person: Person) -> Offer:
        """What a portrait of this person's school would be now."""
        with self.database.as_person(person) as session:
            return self._offer(school_choices(session, person.school_id))

    def _offer(self, choices: SchoolChoices) -> Offer:
        priced = choices.portrait(self.choice)
        return Offer(priced.choice, priced.estimated_usd(), usual_style(choices.style))


def _key(files: Row[Any] | None, thumbnail: bool) -> str:
    if files is None:
        raise PhotoGone
    return str(files.thumb_key if thumbnail else files.storage_key)
