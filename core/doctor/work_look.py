"""A look at the work with the worker's login: who makes portraits, what waits and why, and what schools chose."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import RowMapping, TextClause, or_, select, text
from sqlalchemy.orm import Session

from core.db.engine import Database
from core.db.tables.people import School
from core.usage.model_choice import CHAT, IMAGE, SchoolChoices, school_choices

MOST_SCHOOLS = 50

# A job that was never put off has no time of its own; the queue notes when it came.
_QUEUE = text(
    """
    with due as (
        select extract(epoch from clock_timestamp() - coalesce(j.scheduled_at, e.came_at)) as for_s
        from procrastinate.procrastinate_jobs as j
        left join lateral (
            select max(e.at) as came_at from procrastinate.procrastinate_events as e where e.job_id = j.id
        ) as e on true
        where j.status = 'todo' and (j.scheduled_at is null or j.scheduled_at <= clock_timestamp())
    )
    select
        (select count(*) from due) as due,
        coalesce((select max(for_s) from due), 0)::double precision as oldest_due_s,
        (
            select extract(epoch from clock_timestamp() - max(w.last_heartbeat))::double precision
            from procrastinate.procrastinate_workers as w
        ) as last_sign_s,
        (
            select count(*) from procrastinate.procrastinate_workers as w
            where w.last_heartbeat > clock_timestamp() - interval '30 seconds'
        ) as living_lanes,
        (select count(*) from public.photo_replies) as replies
    """
)
_WAITING = text(
    """
    select j.wait_reason as what, count(*) as many from photo_jobs as j
    where j.state in ('queued', 'received') and j.wait_reason is not null and j.not_before > clock_timestamp()
    group by 1
    """
)
# Those that a person paused wait for that person.
_PAUSED_BATCHES = text(
    """
    select b.pause_reason as what, count(*) as many from photo_batches as b
    where b.state = 'paused' and b.pause_reason <> 'asked'
    group by 1
    """
)
# As `private.take_slot_for` counts; a row of a person's own overrules the school's.
_AT_LIMIT = text(
    """
    select taken.type as what, count(*) as many
    from (
        select r.school_id, r.user_id, r.type, l.at_most
        from rate_limits as r
        inner join lateral (
            select l.at_most, l.per_seconds from limits as l
            where l.school_id = r.school_id and l.type = r.type and (l.staff_id is null or l.staff_id = r.user_id)
            order by l.staff_id nulls last limit 1
        ) as l on true
        where r.created_at > clock_timestamp() - make_interval(secs => l.per_seconds::double precision)
        group by r.school_id, r.user_id, r.type, l.at_most
        having count(*) >= l.at_most
    ) as taken
    group by 1
    """
)
_FAILED = text(
    """
    select u.error as what, count(*) as many from openai_usage as u
    where u.error is not null and u.created_at > clock_timestamp() - interval '1 hour' and u.error ~ '^[a-z_]{1,40}$'
    group by 1
    """
)
_PAUSED = text(
    """
    select extract(epoch from max(p.paused_until) - clock_timestamp())::double precision
    from provider_pauses as p where p.key_hash = :key and p.paused_until > clock_timestamp()
    """
)


@dataclass(frozen=True, kw_only=True)
class WorkFacts:
    """Numbers and codes of ours, and nobody's name."""

    living_lanes: int
    last_sign_s: float | None
    due: int
    oldest_due_s: float
    replies: int
    waiting: Mapping[str, int]
    paused_batches: Mapping[str, int]
    at_limit: Mapping[str, int]
    failed: Mapping[str, int]
    paused_for_s: float | None
    choices: tuple[SchoolChoices, ...]


def look_at_work(database: Database, key_hash: str) -> WorkFacts:
    """Raises what the database refuses, as errors of ours."""
    with database.as_worker() as session:
        queue: RowMapping = session.execute(_QUEUE).mappings().one()
        return WorkFacts(
            **queue,
            waiting=_counted(session, _WAITING),
            paused_batches=_counted(session, _PAUSED_BATCHES),
            at_limit=_counted(session, _AT_LIMIT),
            failed=_counted(session, _FAILED),
            paused_for_s=session.scalar(_PAUSED, {"key": key_hash}),
            choices=_choices(session),
        )


def _counted(session: Session, statement: TextClause) -> dict[str, int]:
    counted: dict[str, int] = {}
    for what, many in session.execute(statement):
        counted[what] = counted.get(what, 0) + many
    return counted


def _choices(session: Session) -> tuple[SchoolChoices, ...]:
    """Of schools that decided for themselves."""
    has_chosen = or_(School.settings.has_key(CHAT), School.settings.has_key(IMAGE))
    decided = select(School.id).where(has_chosen).order_by(School.id).limit(MOST_SCHOOLS)
    return tuple(school_choices(session, school_id) for school_id in session.scalars(decided).all())
