"""Photos against their files."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from core.errors import PhotoGone
from core.photos.images import portrait_from
from core.photos.mark import Mark
from core.photos.storage import PhotoStorage
from core.photos.sweep import hidden_photos
from core.photos.sweep.check import Check, Found, holding, resting
from core.photos.sweep.sources import Sources

_NEARLY_NONE = 0.1
"""Of the expected files: with fewer, the store is more likely the wrong one than broken."""
_A_FEW = 3
_MANY = 0.05
"""Of the expected files: with more missing, and more than a few, they are more likely somewhere else than gone."""

_PHOTOS = resting(
    """
    select p.id, p.student_id, p.storage_key, p.thumb_key, p.is_current, p.model, p.made_at,
        coalesce(p.options -> 'by_stand_in' = 'true', false) as by_stand_in
    from photos as p
    inner join photo_jobs as j on j.id = p.id
    where p.removed_at is null and (cast(:only as uuid) is null or p.id = cast(:only as uuid)) and {at_rest}
    """
)


@dataclass(frozen=True, kw_only=True)
class FileCheck:
    """`is_wrong` says by a test for files which photos are found."""

    name: str
    meaning: str
    remedy: str
    is_wrong: Callable[[Row[Any], Callable[[str], bool]], bool]
    mend: Callable[[Session, PhotoStorage, Row[Any]], None]
    is_doubtful: bool = False
    """Where much is found at once nothing is repaired, unless it is asked for."""

    def look(self, sources: Sources) -> list[Found]:
        files = sources.files
        with sources.database.as_worker() as session:
            photos = session.execute(_PHOTOS, {"only": None, "at_rest": sources.at_rest}).all()
        suspects = [photo for photo in photos if self.is_wrong(photo, files.__contains__)]
        is_trusted = not self.is_doubtful or sources.hide_missing
        if not is_trusted and suspects and len(photos) - len(suspects) < len(photos) * _NEARLY_NONE:
            return [_doubt(len(suspects), len(photos))]
        # The list of files is older than the rows.
        wrong = [photo for photo in suspects if self._is_still_wrong(sources, photo)]
        if not is_trusted and len(wrong) > max(_A_FEW, len(photos) * _MANY):
            return [_doubt(len(wrong), len(photos)), *(_found(photo, may_repair=False) for photo in wrong)]
        return [_found(photo) for photo in wrong]

    def repair(self, sources: Sources, found: Found) -> bool | None:
        if not found.may_repair:
            return False
        with holding(sources, found) as session:
            if session is None:
                return None
            photo = session.execute(_PHOTOS, {"only": found.job_id, "at_rest": sources.at_rest}).one_or_none()
            if photo is None or not self._is_still_wrong(sources, photo):
                return None
            self.mend(session, sources.storage, photo)
        return True

    def _is_still_wrong(self, sources: Sources, photo: Row[Any]) -> bool:
        sources.go_on()
        return self.is_wrong(photo, _is_in(sources.storage))


def _found(photo: Row[Any], *, may_repair: bool = True) -> Found:
    return Found(str(photo.id), "current" if photo.is_current else "an earlier one", photo.id, may_repair=may_repair)


def _doubt(missing: int, expected: int) -> Found:
    detail = (
        f"{missing} of {expected} pictures are missing, so this may be another store, or one that lost them;"
        " no photo is hidden: put the files back first, or run it with --hide-missing"
    )
    return Found("store", detail, may_repair=False)


def _is_in(storage: PhotoStorage) -> Callable[[str], bool]:
    def is_there(key: str) -> bool:
        try:
            storage.get(key)
        except PhotoGone:
            return False
        return True

    return is_there


def hide_photo(session: Session, _storage: PhotoStorage, photo: Row[Any]) -> None:
    hidden_photos.hide(session, photo.id, photo.student_id)


def shrink_again(_session: Session, storage: PhotoStorage, photo: Row[Any]) -> None:
    mark = Mark(model=photo.model, made_at=photo.made_at, by_stand_in=photo.by_stand_in)
    portrait = portrait_from(storage.get(photo.storage_key), mark)
    storage.put(photo.thumb_key, portrait.thumbnail, "image/webp")


PICTURE_MISSING = FileCheck(
    name="picture_missing",
    meaning="A photo's picture is not in the store.",
    remedy=(
        "The photo is hidden, and its student shows none; a sweep shows it again once the file is there. Where many are"
        " missing none is hidden: put the files back first, or run it with --hide-missing."
    ),
    is_wrong=lambda photo, is_there: not is_there(photo.storage_key),
    mend=hide_photo,
    is_doubtful=True,
)

THUMBNAIL_MISSING = FileCheck(
    name="thumbnail_missing",
    meaning="A photo's thumbnail is not in the store, and its picture is.",
    remedy="The thumbnail is made again from the picture.",
    is_wrong=lambda photo, is_there: not is_there(photo.thumb_key) and is_there(photo.storage_key),
    mend=shrink_again,
)

# A thumbnail is looked for once its picture is back.
CHECKS: tuple[Check, ...] = (PICTURE_MISSING, *hidden_photos.CHECKS, THUMBNAIL_MISSING)
