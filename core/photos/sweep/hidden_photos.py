"""Photos that the sweep hid because their picture was missing, and their way back."""

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from core.errors import PhotoGone
from core.photos.storage import PhotoStorage
from core.photos.sweep.check import Found, holding, resting
from core.photos.sweep.sources import Sources

# Whoever changes what a student shows takes the student's row first.
_LOCK = text("select from students as s where s.id = :student for no key update")
_IS_CURRENT = text("select p.is_current from photos as p where p.id = :photo")
_SHOW = text("select private.show_photo(:student, :photo, :address)")
_HIDE = text(
    """
    update photos as p
    set removed_at = clock_timestamp(),
        options = p.options || jsonb_build_object(
            'hidden_by_sweep', jsonb_build_object('was_current', cast(:was_current as boolean))
        )
    where p.id = :photo
    """
)

_HIDDEN = resting(
    """
    select p.id, p.student_id, p.storage_key, p.address, p.sha256, p.removed_at,
        p.options -> 'hidden_by_sweep' -> 'was_current' = 'true' as was_current
    from photos as p
    inner join photo_jobs as j on j.id = p.id
    where p.removed_at is not null and p.options ? 'hidden_by_sweep'
        and (cast(:only as uuid) is null or p.id = cast(:only as uuid)) and {at_rest}
    order by p.made_at desc, p.id
    """
)
_UNHIDE = text("update photos as p set removed_at = null, options = p.options - 'hidden_by_sweep' where p.id = :photo")
# Neither another photo nor a person's wish to show none, or to have none made, came in between.
_MAY_BE_SHOWN = text(
    """
    select exists (
        select from students as s
        where s.id = :student and s.status = 'active' and s.portraits_allowed and s.profile_photo is null
            and not exists (select from photos as p where p.student_id = s.id and p.is_current)
            and not exists (
                select from audit_log as a
                where a.school_id = s.school_id and a.created_at >= :since
                    and a.action = 'remove photo' and a.object = 'student ' || s.id
            )
    )
    """
)


def hide(session: Session, photo_id: UUID, student_id: UUID) -> None:
    session.execute(_LOCK, {"student": student_id})
    was_current = bool(session.scalar(_IS_CURRENT, {"photo": photo_id}))
    if was_current:
        session.execute(_SHOW, {"student": student_id, "photo": None, "address": None})
    session.execute(_HIDE, {"photo": photo_id, "was_current": was_current})


@dataclass(frozen=True, kw_only=True)
class PictureBack:
    name: str = "picture_back"
    meaning: str = "A photo was hidden because its picture was missing, and a file is there again."
    remedy: str = (
        "The photo is listed again, and shown again if its student shows none and nobody removed it since. A file that"
        " is not that picture is left, and the photo stays hidden."
    )

    def look(self, sources: Sources) -> list[Found]:
        files = sources.files
        with sources.database.as_worker() as session:
            hidden = session.execute(_HIDDEN, {"only": None, "at_rest": sources.at_rest}).all()
        found = []
        for photo in hidden:
            sources.go_on()
            if photo.storage_key in files:
                found.append(_found(photo, is_its_own=_is_back(sources.storage, photo)))
        return found

    def repair(self, sources: Sources, found: Found) -> bool | None:
        if not found.may_repair:
            return False
        with holding(sources, found) as session:
            if session is None:
                return None
            photo = session.execute(_HIDDEN, {"only": found.job_id, "at_rest": sources.at_rest}).one_or_none()
            if photo is None or not _is_back(sources.storage, photo):
                return None
            _bring_back(session, photo)
        return True


def _found(photo: Row[Any], *, is_its_own: bool) -> Found:
    kind = "was current" if photo.was_current else "an earlier one"
    return Found(str(photo.id), kind if is_its_own else "another file", photo.id, may_repair=is_its_own)


def _is_back(storage: PhotoStorage, photo: Row[Any]) -> bool:
    """Whether it is the very picture that was stored."""
    try:
        return hashlib.sha256(storage.get(photo.storage_key)).hexdigest() == str(photo.sha256)
    except PhotoGone:
        return False


def _bring_back(session: Session, photo: Row[Any]) -> None:
    session.execute(_LOCK, {"student": photo.student_id})
    session.execute(_UNHIDE, {"photo": photo.id})
    wishes = {"student": photo.student_id, "since": photo.removed_at}
    if photo.was_current and session.scalar(_MAY_BE_SHOWN, wishes):
        session.execute(_SHOW, {"student": photo.student_id, "photo": photo.id, "address": photo.address})


CHECKS = (PictureBack(),)
