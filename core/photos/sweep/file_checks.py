"""Photos against their files."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from core.errors import PhotoGone
from core.photos.images import portrait_from
from core.photos.mark import Mark
from core.photos.storage import PhotoStorage
from core.photos.sweep.check import Found, Sources, holding, resting

_NEARLY_NONE = 0.1
"""Of the expected files: with fewer, the store is more likely the wrong one than broken."""

_PHOTOS = resting(
    """
    select p.id, p.student_id, p.storage_key, p.thumb_key, p.is_current, p.model, p.made_at,
        coalesce(p.options -> 'by_stand_in' = 'true', false) as by_stand_in
    from photos as p
    inner join photo_jobs as j on j.id = p.id
    where p.removed_at is null and (cast(:only as uuid) is null or p.id = cast(:only as uuid)) and {at_rest}
    """
)
_SHOW_NONE = text("select private.show_photo(:student, null, null)")
_HIDE = text("update photos as p set removed_at = clock_timestamp() where p.id = :photo")


@dataclass(frozen=True, kw_only=True)
class FileCheck:
    """`is_wrong` says by a test for files which photos are found."""

    name: str
    meaning: str
    remedy: str
    is_wrong: Callable[[Row[Any], Callable[[str], bool]], bool]
    mend: Callable[[Session, PhotoStorage, Row[Any]], None]

    def look(self, sources: Sources) -> list[Found]:
        files = sources.files
        with sources.database.as_worker() as session:
            photos = session.execute(_PHOTOS, {"only": None, "at_rest": sources.at_rest}).all()
        there = sum(photo.storage_key in files for photo in photos)
        suspects = [photo for photo in photos if self.is_wrong(photo, files.__contains__)]
        if suspects and there < len(photos) * _NEARLY_NONE:
            return [_another_store(there, len(photos))]
        # The list of files is older than the rows.
        return [_found(photo) for photo in suspects if self.is_wrong(photo, _is_in(sources.storage))]

    def repair(self, sources: Sources, found: Found) -> bool | None:
        if not found.may_repair:
            return False
        with holding(sources, found) as session:
            if session is None:
                return None
            photo = session.execute(_PHOTOS, {"only": found.job_id, "at_rest": sources.at_rest}).one_or_none()
            if photo is None or not self.is_wrong(photo, _is_in(sources.storage)):
                return None
            self.mend(session, sources.storage, photo)
        return True


def _found(photo: Row[Any]) -> Found:
    return Found(str(photo.id), "current" if photo.is_current else "an earlier one", photo.id)


def _another_store(there: int, expected: int) -> Found:
    detail = f"only {there} of {expected} pictures are in the store, so it may be another one; nothing is repaired"
    return Found("store", detail, may_repair=False)


def _is_in(storage: PhotoStorage) -> Callable[[str], bool]:
    def is_there(key: str) -> bool:
        try:
            storage.get(key)
        except PhotoGone:
            return False
        return True

    return is_there


def hide(session: Session, _storage: PhotoStorage, photo: Row[Any]) -> None:
    if photo.is_current:
        session.execute(_SHOW_NONE, {"student": photo.student_id})
    session.execute(_HIDE, {"photo": photo.id})


def shrink_again(_session: Session, storage: PhotoStorage, photo: Row[Any]) -> None:
    mark = Mark(model=photo.model, made_at=photo.made_at, by_stand_in=photo.by_stand_in)
    portrait = portrait_from(storage.get(photo.storage_key), mark)
    storage.put(photo.thumb_key, portrait.thumbnail, "image/webp")


PICTURE_MISSING = FileCheck(
    name="picture_missing",
    meaning="A photo's picture is not in the store.",
    remedy="The photo is hidden, and its student shows none. Restore the file from a backup first if you have one.",
    is_wrong=lambda photo, is_there: not is_there(photo.storage_key),
    mend=hide,
)

THUMBNAIL_MISSING = FileCheck(
    name="thumbnail_missing",
    meaning="A photo's thumbnail is not in the store, and its picture is.",
    remedy="The thumbnail is made again from the picture.",
    is_wrong=lambda photo, is_there: not is_there(photo.thumb_key) and is_there(photo.storage_key),
    mend=shrink_again,
)

CHECKS = (PICTURE_MISSING, THUMBNAIL_MISSING)
