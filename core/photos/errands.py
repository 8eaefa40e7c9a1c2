"""Portraits from the command line: asked for by the operator, or in a member's name, and waited for."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, text
from sqlalchemy.orm import Session

from core.db.engine import Database
from core.db.tables.people import School, Student
from core.db.tables.photos import PhotoJob
from core.errors import AmbiguousStudent, UnknownStudent
from core.photos.job import ACTIVE_STATES, JobState
from core.photos.prompt import Style, usual_style
from core.usage.model_choice import school_choices

_REQUEST = text("select private.request_portrait_for(null, :student, cast(:options as jsonb), null)")
LOOK_AGAIN_S = 0.2


@dataclass(frozen=True)
class Report:
    """One job as `photos generate --json` prints it; amounts as strings, so that no digit is lost."""

    job_id: str
    state: str
    cost_usd: str | None
    cost_source: str | None
    usage_id: str | None
    profile_photo: str | None
    not_before: str | None
    message: str | None

    def as_json(self) -> str:
        return json.dumps(asdict(self))


def find_student(database: Database, reference: str, *, school_id: UUID | None = None) -> UUID:
    """By id or sourced id. Raises UnknownStudent, or AmbiguousStudent with the candidates."""
    wanted = (
        select(Student.id, School.name)
        .join(School, School.id == Student.school_id)
        .where(or_(Student.sourced_id == reference, Student.id == as_uuid(reference)))
    )
    if school_id is not None:
        wanted = wanted.where(Student.school_id == school_id)
    with database.as_worker() as session:
        found = session.execute(wanted).all()
    if not found:
        raise UnknownStudent
    if len(found) > 1:
        raise AmbiguousStudent([f"{student_id} ({school})" for student_id, school in found])
    return UUID(str(found[0][0]))


def request_as_operator(database: Database, student_id: UUID, *, style: Style | None = None) -> UUID:
    """The student's one active job; the operator's requests share one limit of their own."""
    with database.as_worker() as session:
        school_id = session.scalars(select(Student.school_id).where(Student.id == student_id)).one()
        options = json.dumps({"style": style or usual_style(school_choices(session, school_id).style)})
        return UUID(str(session.scalar(_REQUEST, {"student": student_id, "options": options})))


def report(database: Database, job_id: UUID) -> Report:
    with database.as_worker() as session:
        return _report(session, job_id)


def wait_for(
    database: Database,
    job_id: UUID,
    *,
    timeout_s: float,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Report:
    """The job's report when it is over, or as it stands after `timeout_s`."""
    give_up_at = clock() + timeout_s
    while True:
        now = report(database, job_id)
        if JobState(now.state) not in ACTIVE_STATES or clock() >= give_up_at:
            return now
        sleep(LOOK_AGAIN_S)


def _report(session: Session, job_id: UUID) -> Report:
    job, address = session.execute(
        select(PhotoJob, Student.profile_photo)
        .join(Student, Student.id == PhotoJob.student_id)
        .where(PhotoJob.id == job_id)
    ).one()
    return Report(
        job_id=str(job.id),
        state=job.state,
        cost_usd=str(job.cost_usd) if job.cost_usd is not None else None,
        cost_source=job.cost_source,
        usage_id=str(job.usage_id) if job.usage_id else None,
        profile_photo=address,
        not_before=_moment(job.not_before),
        message=job.message,
    )


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value is not None else None


def as_uuid(reference: str) -> UUID | None:
    try:
        return UUID(reference)
    except ValueError:
        return None
