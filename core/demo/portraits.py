"""Draws the portraits that the demo school's teachers wait for, in the background after the first start."""

import json
import threading
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select, text
from sqlalchemy.orm import Session

from core.db.engine import Database
from core.db.tables.people import Student
from core.db.tables.photos import PhotoJob, PhotoReply
from core.demo.drawing import draw_portrait
from core.demo.identity import SCHOOL_ID
from core.demo.looks import look_from
from core.demo.provider.image_answers import image_content
from core.demo.provider.image_requests import ImageOrder
from core.demo.usage_entry import IMAGE_MODEL, QUALITY
from core.photos.job import JobState
from core.photos.prompt import Gender, Style, portrait_prompt

SIDE = 1024
BREATHER_S = 0.02
"""Between two portraits, so that a first visit is not slowed down."""

# The lock makes a job that another process finished meanwhile show its new state.
_KEEP = text(
    """
    insert into public.photo_replies (job_id, school_id, bytes)
    select j.id, j.school_id, :body from public.photo_jobs as j where j.id = :job and j.state = 'received' for update
    on conflict do nothing
    returning job_id
    """
)
# Whoever clicks meanwhile goes first: their jobs have priority 10.
_DEFER = text("select private.defer_job('make_portrait', jsonb_build_object('job_id', cast(:job as uuid)), 0, null)")


@dataclass(frozen=True)
class Undrawn:
    """A paid-for portrait whose reply is still missing."""

    job_id: UUID
    look: dict[str, Any]
    prompt: str


def draw_seeded_portraits(database: Database, *, stop: threading.Event) -> int:
    """Draws what is missing and hands each reply to the queue, until done or `stop`; returns how many.

    May run in several processes, and again after a crash: a job gets one reply.
    """
    drawn = 0
    with database.as_worker() as session:
        undrawn = _undrawn(session)
    for one in undrawn:
        if stop.wait(BREATHER_S):
            break
        body = _reply(one)
        with database.as_worker() as session:
            drawn += _hand_over(session, one.job_id, body)
    return drawn


def _undrawn(session: Session) -> list[Undrawn]:
    found = session.execute(
        select(PhotoJob.id, PhotoJob.options, Student.gender, Student.level)
        .join(Student, Student.id == PhotoJob.student_id)
        .where(
            PhotoJob.school_id == SCHOOL_ID,
            PhotoJob.state == JobState.RECEIVED,
            PhotoJob.options.has_key("demo_features"),
            ~exists().where(PhotoReply.job_id == PhotoJob.id),
        )
        .order_by(PhotoJob.called_at)
    )
    return [
        Undrawn(job_id, options["demo_features"], _prompt(gender, level, options["style"]))
        for job_id, options, gender, level in found
    ]


def _prompt(gender: str | None, level: str | None, style: str) -> str:
    return portrait_prompt(gender=Gender(gender) if gender else None, level=level, style=Style(style))


def _reply(undrawn: Undrawn) -> bytes:
    """What the stand-in would have answered."""
    look = look_from(undrawn.look)
    picture = draw_portrait(look.features, size=SIDE, background=look.background)
    order = ImageOrder(
        prompt=undrawn.prompt,
        model=IMAGE_MODEL,
        quality=QUALITY,
        width=SIDE,
        height=SIDE,
        output_format="png",
        count=1,
        safety_id=None,
    )
    return json.dumps(image_content(order, [picture])).encode()


def _hand_over(session: Session, job_id: UUID, body: bytes) -> int:
    kept = session.scalar(_KEEP, {"job": job_id, "body": body})
    if kept is None:
        return 0
    session.execute(_DEFER, {"job": job_id})
    return 1
