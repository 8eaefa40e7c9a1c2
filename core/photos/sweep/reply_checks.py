"""Jobs against the replies that the database keeps for them."""

from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from core.db.tables.photos import PhotoReply
from core.errors import PhotoGone, ReplyLost
from core.photos import job_rows
from core.photos.job import Attempt, JobState
from core.photos.spool_care import IS_STORED
from core.photos.sweep.check import RowCheck
from core.photos.sweep.queue_checks import defer
from core.photos.sweep.sources import Sources
from core.usage import ledger
from core.usage.ledger import Settlement


def forget(session: Session, _sources: Sources, row: Row[Any]) -> None:
    job_rows.forget_reply(session, row.id)


def find_or_end(session: Session, sources: Sources, row: Row[Any]) -> None:
    """From the spool if the reply is still there; the job ends without a picture if not."""
    attempt = Attempt(row.id, row.attempt, row.worker_id, row.usage_id)
    try:
        body = sources.spool.read(attempt.job_id, attempt.number)
    except PhotoGone:
        _end(session, attempt)
        return
    session.add(PhotoReply(job_id=row.id, school_id=row.school_id, bytes=body))
    session.flush()
    defer(session, row.id)


def _end(session: Session, attempt: Attempt) -> None:
    cost, error = ledger.possible_cost(session, attempt.usage_id), ReplyLost()
    ledger.settle(session, attempt.usage_id, Settlement(cost, error=error.code))
    job_rows.end(session, attempt, was=JobState.RECEIVED, to=JobState.FAILED, cost=cost, error=error)


REPLY_OF_JOB_OVER = RowCheck(
    name="reply_of_job_over",
    meaning="A reply is still kept though its job is over.",
    remedy="It is deleted where the photo is stored or the reply held none; any other is left.",
    rows=f"""
        select r.job_id as id, j.id as job_id, 'the job is ' || j.state as detail, {IS_STORED} as may_repair
        from photo_replies as r
        inner join photo_jobs as j on j.id = r.job_id
        where j.state in ('done', 'failed', 'unconfirmed', 'cancelled') and {{at_rest}}
    """,  # noqa: S608 - the condition that the worker uses, and nothing from outside
    mend=forget,
)

# What came with the made-up school gets its reply from whoever draws it.
RECEIVED_WITHOUT_REPLY = RowCheck(
    name="received_without_reply",
    meaning="A job says that its reply came, and the reply is not kept.",
    remedy="It is taken from the spool of this machine; where it is not there either the job ends, and may have cost.",
    rows="""
        select j.id, j.id as job_id, 'attempt ' || j.attempt as detail,
            j.usage_id is not null and j.worker_id is not null as may_repair,
            j.attempt, j.worker_id, j.usage_id, j.school_id
        from photo_jobs as j
        where j.state = 'received' and not j.options ? 'demo_features'
            and not exists (select from photo_replies as r where r.job_id = j.id)
            and {at_rest}
    """,
    mend=find_or_end,
)

CHECKS = (REPLY_OF_JOB_OVER, RECEIVED_WITHOUT_REPLY)
