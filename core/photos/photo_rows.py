"""Rows of photos: what is kept of a portrait, and which one is shown."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select, text
from sqlalchemy.orm import Session

from core.db.tables.people import Student
from core.db.tables.photos import Photo, PhotoJob
from core.photos.images import Portrait
from core.photos.job import Asked, Job
from core.photos.storage import photo_key, thumb_key
from core.usage.prices import Cost

_SHOW = text("select private.show_photo(:student, :photo, :address)")


def own_address(photo_id: UUID) -> str:
    """The app's stable address of a photo version."""
    return f"/app/static/photos/{photo_id}"


def photo(job: Job, asked: Asked, portrait: Portrait, cost: Cost, *, address: str, made_at: datetime) -> Photo:
    return Photo(
        id=job.id,
        school_id=job.school_id,
        student_id=job.student_id,
        storage_key=photo_key(job.school_id, job.student_id, job.id),
        thumb_key=thumb_key(job.school_id, job.student_id, job.id),
        address=address,
        width=portrait.width,
        height=portrait.height,
        sha256=portrait.sha256,
        model=asked.choice.model,
        style=asked.style,
        prompt=asked.prompt,
        options={"size": asked.choice.size, "quality": asked.choice.quality, "by_stand_in": asked.by_stand_in},
        cost_usd=cost.cost_usd,
        cost_source=cost.source,
        made_at=made_at,
    )


def keep(session: Session, job: Job, new: Photo) -> None:
    """Adds a photo and shows it, unless the teacher made another one since this one was asked for."""
    # Two that finish at once take turns, so that the later sees what the earlier made.
    session.execute(select(Student.id).where(Student.id == job.student_id).with_for_update(key_share=True))
    is_late = bool(
        session.scalar(
            select(
                exists(
                    select(PhotoJob.id)
                    .join(Photo, Photo.id == PhotoJob.id)
                    .where(PhotoJob.student_id == job.student_id, PhotoJob.called_at > job.called_at)
                )
            )
        )
    )
    session.add(new)
    session.flush()
    if not is_late:
        session.execute(_SHOW, {"student": job.student_id, "photo": new.id, "address": new.address})
