"""What is so at this moment: limits in use, portraits that are shown, models that end."""

from datetime import date, datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from core.db.tables.photos import Photo, PhotoJob
from core.db.tables.usage import UsageDaily, UsageRow
from core.usage.prices import shutdown_date, successor
from core.usage.reading.days import Days
from core.usage.reading.scope import Scope
from core.usage.reading.slices import OPERATOR
from core.usage.report import LimitNow, Portraits, Retiring, Series

IN_USE = timedelta(days=28)

# A slot comes back when the oldest leaves its window; where a limit was lowered, more have to leave first.
_LIMITS = text(
    """
    select s.full_name, r.type, l.at_most, l.per_seconds, count(*) as used,
        (array_agg(r.created_at order by r.created_at))[greatest(count(*) - l.at_most, 0)::integer + 1]
        + make_interval(secs => l.per_seconds::double precision) as free_at
    from rate_limits as r
    cross join lateral (
        select limits.at_most, limits.per_seconds
        from limits
        where limits.school_id = r.school_id and limits.type = r.type
            and (limits.staff_id is null or limits.staff_id = r.user_id)
        order by limits.staff_id nulls last
        limit 1
    ) as l
    left join staff as s on s.id = r.user_id
    where r.school_id = :school and (cast(:staff as uuid) is null or r.user_id = :staff) and r.created_at <= :now
        and r.created_at > :now - make_interval(secs => l.per_seconds::double precision)
    group by r.user_id, s.full_name, r.type, l.at_most, l.per_seconds
    order by count(*)::numeric / l.at_most desc, s.full_name, r.type
    """
)


def limits_now(session: Session, scope: Scope, now: datetime) -> tuple[LimitNow, ...]:
    """Those of which anything is used, the fullest first; `free_at` is when the next used slot comes back."""
    rows = session.execute(_LIMITS, {"school": scope.school_id, "staff": scope.staff_id, "now": now})
    return tuple(
        LimitNow(
            row.full_name or OPERATOR, Series(row.type), row.used, row.at_most, float(row.per_seconds), row.free_at
        )
        for row in rows
    )


def portraits(session: Session, scope: Scope, days: Days) -> Portraits:
    """Made in the span; kept are those of them that are shown now, of students whom the reader may see."""
    kept = (
        select(func.count())
        .select_from(Photo)
        .where(Photo.school_id == scope.school_id, Photo.is_current, *scope.moments(Photo.made_at, scope.span))
    )
    if scope.is_filtered:
        kept = (
            kept.join(PhotoJob, PhotoJob.id == Photo.id)
            .join(UsageRow, UsageRow.id == PhotoJob.usage_id)
            .where(*scope.matches(UsageRow))
        )
    return Portraits(made=days.photos, kept=session.scalar(kept) or 0, success=days.photo_share)


def retiring(session: Session, scope: Scope, today: date) -> tuple[Retiring, ...]:
    """Of the models used in the last four weeks, those that ended or will end, the earliest first."""
    in_use = (
        select(UsageDaily.model)
        .distinct()
        .where(
            UsageDaily.school_id == scope.school_id,
            UsageDaily.day.between(today - IN_USE, today),
            UsageDaily.requests > 0,
        )
    )
    found = [Retiring(model, on, successor(model)) for model in session.scalars(in_use) if (on := shutdown_date(model))]
    return tuple(sorted(found, key=lambda one: (one.on, one.model)))
