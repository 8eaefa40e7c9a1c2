"""Brings the photos of this machine's folder into the bucket; nothing is taken away here."""

import hashlib
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy import Row, text

from core.db.engine import Database
from core.errors import PhotoGone, StorageAway
from core.photos.photo_rows import own_address
from core.photos.storage import PhotoStorage

AT_ONCE = 6

_PHOTOS = text(
    """
    select p.id, p.student_id, p.storage_key, p.thumb_key, p.sha256, p.address, p.removed_at
    from photos as p
    order by p.is_current desc, p.made_at desc, p.id
    """
)
# Whoever changes what a student shows takes the student's row first.
_LOCK = text("select from students as s where s.id = :student for no key update")
_READDRESS = text("update photos as p set address = :address where p.id = :photo returning p.is_current")
_SHOW = text("select private.show_photo(:student, :photo, :address)")


class Outcome(StrEnum):
    """Of one file."""

    COPIED = "copied"
    THERE = "there"
    MISSING = "missing"


@dataclass(frozen=True)
class Report:
    """Files by what became of them, and how many photos got another address; `stopped_by` is what ended it early."""

    photos: int
    copied: int
    there: int
    missing: int
    addresses: int
    stopped_by: StorageAway | None = None

    @property
    def is_whole(self) -> bool:
        """Whether every photo's files are in the bucket."""
        return self.stopped_by is None and self.missing == 0


@dataclass(frozen=True, kw_only=True)
class MovingUp:
    """May be ended at any moment and begun again: what is in the bucket stays there and is only looked at."""

    database: Database
    folder: PhotoStorage
    bucket: PhotoStorage
    is_dry: bool = False
    """Only looks, and reports what it would do."""

    def run(self, on_progress: Callable[[int, int], None] = lambda _done, _all: None) -> Report:
        """Stops at the first StorageAway, with a report of what is done until then."""
        with self.database.as_worker() as session:
            photos = session.execute(_PHOTOS).all()
        done, files, addresses = 0, Counter[Outcome](), 0
        stopped_by = None
        try:
            there = frozenset(self.bucket.keys())
            with ThreadPoolExecutor(AT_ONCE) as threads:
                for outcomes, is_readdressed in threads.map(partial(self._move, there), photos):
                    done += 1
                    files.update(outcomes)
                    addresses += is_readdressed
                    on_progress(done, len(photos))
        except StorageAway as error:
            stopped_by = error
        counts = {outcome.value: files[outcome] for outcome in Outcome}
        return Report(len(photos), **counts, addresses=addresses, stopped_by=stopped_by)

    def _move(self, there: frozenset[str], photo: Row[Any]) -> tuple[list[Outcome], bool]:
        thumbnail, picture = self._thumbnail(there, photo), self._picture(there, photo)
        is_readdressed = picture is not Outcome.MISSING and self._readdress(photo)
        # One that was hidden for its lost picture is missed by nobody, and comes along once that is back.
        files = [one for one in (picture, thumbnail) if one is not Outcome.MISSING or photo.removed_at is None]
        return files, is_readdressed

    def _picture(self, there: frozenset[str], photo: Row[Any]) -> Outcome:
        """The very one that was made, wherever it lies."""
        key = photo.storage_key
        if key in there and _sha256(_file(self.bucket, key)) == photo.sha256:
            return Outcome.THERE
        file = _file(self.folder, key)
        return self._copy(key, file) if _sha256(file) == photo.sha256 else Outcome.MISSING

    def _thumbnail(self, there: frozenset[str], photo: Row[Any]) -> Outcome:
        """One that is there may be newer than the folder's: the sweep makes lost ones again."""
        key = photo.thumb_key
        return Outcome.THERE if key in there else self._copy(key, _file(self.folder, key))

    def _copy(self, key: str, file: bytes | None) -> Outcome:
        if file is None:
            return Outcome.MISSING
        if not self.is_dry:
            self.bucket.put(key, file, "image/webp")
            if _file(self.bucket, key) != file:
                raise StorageAway
        return Outcome.COPIED

    def _readdress(self, photo: Row[Any]) -> bool:
        """As if it had been made into this bucket."""
        address = self.bucket.public_url(photo.storage_key) or own_address(photo.id)
        if photo.address == address:
            return False
        if not self.is_dry:
            values = {"student": photo.student_id, "photo": photo.id, "address": address}
            with self.database.as_worker() as session:
                session.execute(_LOCK, values)
                if session.scalar(_READDRESS, values):
                    session.execute(_SHOW, values)
        return True


def _file(store: PhotoStorage, key: str) -> bytes | None:
    try:
        return store.get(key)
    except PhotoGone:
        return None


def _sha256(file: bytes | None) -> str | None:
    return None if file is None else hashlib.sha256(file).hexdigest()
