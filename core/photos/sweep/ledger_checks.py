"""Jobs against the ledger: what an attempt cost is said once, and the same in both."""

from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from core.errors import AnswerLost
from core.photos.sweep.check import RowCheck
from core.photos.sweep.sources import Sources
from core.usage import ledger
from core.usage.ledger import Settlement
from core.usage.prices import Cost, CostSource


def settle(session: Session, _sources: Sources, row: Row[Any]) -> None:
    """As the job says; else as possible where the request may have left."""
    if row.job_source is not None:
        cost = Cost(row.job_usd, CostSource(row.job_source))
        ledger.settle(session, row.id, Settlement(cost, error=row.job_error))
    elif row.may_have_left:
        cost = ledger.possible_cost(session, row.id)
        ledger.settle(session, row.id, Settlement(cost, error=AnswerLost.code))
    else:
        ledger.release(session, row.id)


# A job names the row of its latest attempt, and its called_at is that of the latest call.
RESERVED_FOR_NOBODY = RowCheck(
    name="reserved_for_nobody",
    meaning="The ledger holds a cost for an attempt that is over.",
    remedy="It is settled: as the job says, as a possible cost where the request may have left, else as not sent.",
    rows="""
        select u.id, u.job_id, coalesce('the job is ' || j.state, 'the job is gone') as detail,
            case when j.usage_id = u.id then j.cost_source end as job_source,
            case when j.usage_id = u.id then j.cost_usd end as job_usd,
            case when j.usage_id = u.id then j.error_code end as job_error,
            j.id is null or coalesce(j.called_at >= u.created_at, false) as may_have_left
        from openai_usage as u
        left join photo_jobs as j on j.id = u.job_id
        where u.type in ('image', 'batch_image') and u.state = 'reserved'
            and u.created_at < clock_timestamp() - :at_rest
            and (
                j.id is null
                or (
                    (j.usage_id is distinct from u.id or j.state in ('done', 'failed', 'unconfirmed', 'cancelled'))
                    and {at_rest}
                )
            )
    """,
    mend=settle,
)

COST_DIFFERS = RowCheck(
    name="cost_differs",
    meaning="A job and its row of the ledger don't say the same cost.",
    remedy="Nothing repairs it: the ledger's row holds, and its response_data says what the provider counted.",
    rows="""
        select j.id, j.id as job_id,
            'row ' || u.id || ' is ' || coalesce(u.cost_source, u.state)
            || ', the job ' || coalesce(j.cost_source, 'without a cost') as detail
        from photo_jobs as j
        inner join openai_usage as u on u.id = j.usage_id
        where j.state in ('done', 'failed', 'unconfirmed') and u.state <> 'reserved'
            and (u.estimated_cost, u.cost_source) is distinct from (j.cost_usd, j.cost_source)
            and {at_rest}
    """,
)

CALLED_WITHOUT_LEDGER = RowCheck(
    name="called_without_ledger",
    meaning="A job says that it was called, and the ledger knows nothing of it.",
    remedy="Nothing repairs it: compare with the provider's own bill.",
    rows="""
        select j.id, j.id as job_id, 'the job is ' || j.state as detail
        from photo_jobs as j
        where j.called_at is not null
            and (
                not exists (select from openai_usage as u where u.job_id = j.id)
                or (j.usage_id is null and j.state in ('calling', 'received', 'done', 'unconfirmed'))
            )
            and {at_rest}
    """,
)

PAID_TWICE = RowCheck(
    name="paid_twice",
    meaning="A job has more than one attempt that was paid, or may have been.",
    remedy="Nothing repairs it: compare with the provider's own bill.",
    rows="""
        select j.id, j.id as job_id, 'the job is ' || j.state || '; attempt ' || paid.attempts as detail
        from photo_jobs as j
        cross join lateral (
            select count(*) as many, string_agg(u.attempt || ' ' || u.cost_source, ', ' order by u.attempt) as attempts
            from openai_usage as u
            where u.job_id = j.id and u.type in ('image', 'batch_image') and u.state = 'settled'
                and u.estimated_cost is distinct from 0
        ) as paid
        where paid.many > 1 and {at_rest}
    """,
)

# No job stands behind what came with the made-up school.
PAID_WITHOUT_JOB = RowCheck(
    name="paid_without_job",
    meaning="The ledger has an attempt that was paid, or may have been, and its job is gone.",
    remedy="Nothing repairs it: a student who is erased leaves such rows; if none was, somebody deleted jobs.",
    rows="""
        select u.id, u.job_id, coalesce('job ' || u.job_id, 'it names no job') || '; ' || u.cost_source as detail
        from openai_usage as u
        where u.type in ('image', 'batch_image') and u.state = 'settled' and u.estimated_cost is distinct from 0
            and u.created_at < clock_timestamp() - :at_rest and not u.request_data ? 'seeded'
            and not exists (select from photo_jobs as j where j.id = u.job_id)
    """,
)

CHECKS = (RESERVED_FOR_NOBODY, COST_DIFFERS, CALLED_WITHOUT_LEDGER, PAID_TWICE, PAID_WITHOUT_JOB)
