"""Files against photos: what lies in the store and belongs to none."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from core.photos.sweep.check import Found, Sources, holding, resting

_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_OURS = re.compile(rf"{_UUID}/{_UUID}/(?P<photo>{_UUID})(?:_thumb)?\.webp")
_NEARLY_NONE = 0.1
"""Of the files: with fewer that are known here, the database is more likely the wrong one."""

_KNOWN = text("select p.storage_key, p.thumb_key from photos as p")
# A job on its way to done stores its files first; those of one that says done are its paid picture.
_JOBS = resting(
    """
    select j.id, j.state, j.state in ('queued', 'reserved', 'calling', 'received') or not ({at_rest}) as is_under_way
    from photo_jobs as j
    where j.id = any(cast(:photos as uuid[]))
    """
)
_HAS_ROW = text("select exists (select from photos as p where :key in (p.storage_key, p.thumb_key))")


@dataclass(frozen=True, kw_only=True)
class LooseFiles:
    name: str = "file_without_photo"
    meaning: str = "A file is in the store, and no photo names it."
    remedy: str = "It is deleted, unless its job says that it is done: then it is a paid picture, and is left."

    def look(self, sources: Sources) -> list[Found]:
        ours = {key: UUID(match["photo"]) for key in sources.files if (match := _OURS.fullmatch(key))}
        with sources.database.as_worker() as session:
            known = {key for row in session.execute(_KNOWN) for key in row}
            loose = {key: photo for key, photo in ours.items() if key not in known}
            jobs = _jobs(session, sources, list(loose.values()))
        found = [_found(key, photo, jobs.get(photo)) for key, photo in sorted(loose.items()) if _is_loose(jobs, photo)]
        if found and len(known & ours.keys()) < len(ours) * _NEARLY_NONE:
            return [_another_database(len(known & ours.keys()), len(ours))]
        return found

    def repair(self, sources: Sources, found: Found) -> bool | None:
        if not found.may_repair or found.job_id is None:
            return False
        with holding(sources, found) as session:
            if session is None or session.scalar(_HAS_ROW, {"key": found.id}):
                return None
            if not _is_loose(_jobs(session, sources, [found.job_id]), found.job_id):
                return None
            sources.storage.delete([found.id])
        return True


@dataclass(frozen=True, kw_only=True)
class StrangeFiles:
    name: str = "strange_file"
    meaning: str = "A file in the store is named as no photo of ours is."
    remedy: str = "It is left: somebody put it there."

    def look(self, sources: Sources) -> list[Found]:
        strange = sorted(key for key in sources.files if not _OURS.fullmatch(key))
        return [Found(key, "not school/student/photo.webp", may_repair=False) for key in strange]

    def repair(self, _sources: Sources, _found: Found) -> bool | None:
        return False


def _jobs(session: Session, sources: Sources, photos: list[UUID]) -> dict[UUID, Row[Any]]:
    rows = session.execute(_JOBS, {"photos": photos, "at_rest": sources.at_rest})
    return {row.id: row for row in rows}


def _is_loose(jobs: dict[UUID, Row[Any]], photo: UUID) -> bool:
    return photo not in jobs or not jobs[photo].is_under_way


def _found(key: str, photo: UUID, job: Row[Any] | None) -> Found:
    detail = f"the job is {job.state}" if job else "the job is gone"
    return Found(key, detail, photo, may_repair=job is None or job.state != "done")


def _another_database(known: int, files: int) -> Found:
    detail = f"only {known} of {files} files are known here, so this may be another database; nothing is deleted"
    return Found("store", detail, may_repair=False)


CHECKS = (LooseFiles(), StrangeFiles())
