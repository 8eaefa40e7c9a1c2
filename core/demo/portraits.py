"""Draws the portraits that the demo school's teachers wait for, in the background after the first start."""

import json
import threading
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import exists, select, text
from sqlalchemy.orm import Session

from core.db.engine import Database
from core.db.tables.photos import PhotoJob, PhotoReply
from core.demo.drawing import draw_portrait
from core.demo.identity import SCHOOL_ID
from core.demo.looks import look_from
from core.demo.provider.image_answers import image_content
from core.demo.provider.image_requests import ImageOrder
from core.errors import DatabaseAway
from core.jobs.lookout import Lookout
from core.log import places
from core.photos.job import JobState

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 5.0
FIRST_VISIT_S = 3.0
"""The first page has the processor to itself."""
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
    look: dict[str, str]
    asked: dict[str, Any]


@dataclass(kw_only=True)
class DemoPainter(Lookout):
    """Draws also what a reset asks for anew; the portrait in hand is handed over before it stops."""

    name = "demo portraits"

    database: Database
    first_look_s: float = FIRST_VISIT_S
    look_every_s: float = LOOK_EVERY_S
    _not_drawn: set[UUID] = field(default_factory=set)

    def look(self) -> None:
        draw_seeded_portraits(self.database, stop=self._stopping, not_drawn=self._not_drawn)


def draw_seeded_portraits(database: Database, *, stop: threading.Event, not_drawn: set[UUID] | None = None) -> int:
    """Draws what is missing and hands each reply to the queue, until done or `stop`; returns how many.

    May run in several processes, and again after a crash: a job gets one reply. What fails keeps no other waiting; it
    is added to `not_drawn`, whose members are left out.
    """
    drawn = 0
    not_drawn = set() if not_drawn is None else not_drawn
    with database.as_worker() as session:
        undrawn = [one for one in _undrawn(session) if one.job_id not in not_drawn]
    for one in undrawn:
        if stop.wait(BREATHER_S):
            break
        try:
            drawn += _draw(database, one)
        except DatabaseAway:
            raise
        except Exception as error:  # noqa: BLE001 - the painter's loop outlives everything
            not_drawn.add(one.job_id)
            log.warning("not drawn", job=str(one.job_id), error=type(error).__name__, places=places(error))
    return drawn


def _draw(database: Database, undrawn: Undrawn) -> int:
    body = _reply(undrawn)
    with database.as_worker() as session:
        return _hand_over(session, undrawn.job_id, body)


def _undrawn(session: Session) -> list[Undrawn]:
    found = session.execute(
        select(PhotoJob.id, PhotoJob.options)
        .where(
            PhotoJob.school_id == SCHOOL_ID,
            PhotoJob.state == JobState.RECEIVED,
            PhotoJob.options.has_key("demo_features"),
            ~exists().where(PhotoReply.job_id == PhotoJob.id),
        )
        .order_by(PhotoJob.called_at)
    )
    return [Undrawn(job_id, options["demo_features"], options.get("asked", {})) for job_id, options in found]


def _reply(undrawn: Undrawn) -> bytes:
    """What the stand-in would have answered."""
    look = look_from(undrawn.look)
    width, height = map(int, undrawn.asked["size"].split("x"))
    picture = draw_portrait(look.features, size=width, background=look.background)
    order = ImageOrder(
        prompt=undrawn.asked["prompt"],
        model=undrawn.asked["model"],
        quality=undrawn.asked["quality"],
        width=width,
        height=height,
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
