"""Files against photos: what lies in the store and belongs to none."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from core.photos.sweep.check import Found, holding, resting
from core.photos.sweep.sources import Sources

_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_OURS = re.compile(rf"(?P<school>{_UUID})/(?P<student>{_UUID})/(?P<photo>{_UUID})(?:_thumb)?\.webp")
_NEARLY_NONE = 0.1
_NEARLY_ALL = 0.9
"""Of the files: with fewer that are accounted for here, the database is likely the wrong one, or an earlier one."""

_KNOWN = text("select p.storage_key, p.thumb_key from photos as p")
# A job on its way to done stores its files first. Whatever else lies there may be a paid picture of days that this
# database no longer knows, unless the job's own reply held none, or the ledger, which outlives its students, names a
# job of a student who is gone.
_OWNERS = resting(
    """
    select file.key, file.photo_id, coalesce('the job is ' || j.state, 'the job is gone') as detail,
        coalesce(j.state = 'received' or not ({at_rest}), false) as is_under_way,
        case
            when j.id is not null then
                j.student_id = file.student_id and j.state = 'failed'
                and j.error_code is not distinct from 'not_an_image'
            else not exists (select from students as s where s.id = file.student_id) and exists (
                select from openai_usage as u
                where u.job_id = file.photo_id and u.school_id = file.school_id and u.type in ('image', 'batch_image')
            )
        end as is_nobodys
    from unnest(
        cast(:keys as text[]), cast(:schools as uuid[]), cast(:students as uuid[]), cast(:photos as uuid[])
    ) as file (key, school_id, student_id, photo_id)
    left join photo_jobs as j on j.id = file.photo_id
    order by file.key
    """
)
_HAS_ROW = text("select exists (select from photos as p where :key in (p.storage_key, p.thumb_key))")


@dataclass(frozen=True, kw_only=True)
class LooseFiles:
    name: str = "file_without_photo"
    meaning: str = "A file is in the store, and no photo names it."
    remedy: str = (
        "It is deleted where no photo can come of it: its job's reply held no picture, or its student was erased."
        " Any other may be a paid picture and is left: was the database put back to an earlier day, or does another"
        " one use the same store?"
    )

    def look(self, sources: Sources) -> list[Found]:
        ours = {key for key in sources.files if _OURS.fullmatch(key)}
        with sources.database.as_worker() as session:
            known = {key for row in session.execute(_KNOWN) for key in row}
            owners = _owners(session, sources, ours - known)
        loose = [owner for owner in owners if not owner.is_under_way]
        accounted = len(ours) - sum(not owner.is_nobodys for owner in loose)
        if loose and accounted < len(ours) * _NEARLY_NONE:
            return [_another_database(accounted, len(ours))]
        if accounted < len(ours) * _NEARLY_ALL:
            return [_another_database(accounted, len(ours)), *(_found(one, may_repair=False) for one in loose)]
        return [_found(one, may_repair=one.is_nobodys) for one in loose]

    def repair(self, sources: Sources, found: Found) -> bool | None:
        if not found.may_repair:
            return False
        with holding(sources, found) as session:
            if session is None or session.scalar(_HAS_ROW, {"key": found.id}):
                return None
            (owner,) = _owners(session, sources, [found.id])
            if owner.is_under_way or not owner.is_nobodys:
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


def _owners(session: Session, sources: Sources, keys: Iterable[str]) -> list[Row[Any]]:
    parts = [match for key in keys if (match := _OURS.fullmatch(key))]
    values = {f"{part}s": [UUID(match[part]) for match in parts] for part in ("school", "student", "photo")}
    named = {"keys": [match[0] for match in parts], "at_rest": sources.at_rest}
    return list(session.execute(_OWNERS, {**values, **named}))


def _found(owner: Row[Any], *, may_repair: bool) -> Found:
    return Found(owner.key, owner.detail, owner.photo_id, may_repair=may_repair)


def _another_database(accounted: int, files: int) -> Found:
    detail = (
        f"only {accounted} of {files} files are known here, so this may be another database, or an earlier day's;"
        " nothing is deleted"
    )
    return Found("store", detail, may_repair=False)


CHECKS = (LooseFiles(), StrangeFiles())
