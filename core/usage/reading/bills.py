"""The ledger as an invoice would have it, and the rows by which the two may differ."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Date, DateTime, Select, Subquery, cast, func, select, true, union_all
from sqlalchemy.orm import Session

from core.db.tables.people import Staff
from core.db.tables.rollups import UsageHourly
from core.db.tables.usage import UsageDaily, UsageRow
from core.usage.prices import CostSource
from core.usage.reading.amounts import sum_of
from core.usage.reading.scope import Scope
from core.usage.reading.slices import OPERATOR
from core.usage.reading.sources import SUMMED, open_calls, sums
from core.usage.report import Booked, Series

UTC = ZoneInfo("UTC")
MOST_ROWS = 500
CLOCKS_CHANGE_BY = timedelta(hours=2)


@dataclass(frozen=True)
class UncertainCost:
    """A row whose cost the provider has not reported; `cost_usd` is None where no price is known."""

    id: UUID
    at: datetime
    series: Series
    model: str
    cost_usd: Decimal | None
    source: CostSource
    error: str | None
    person: str


def booked(session: Session, scope: Scope) -> list[Booked]:
    """By day and model. A provider's invoice begins its days at midnight UTC, so here, too, whatever the school's."""
    table, calls = UsageHourly, open_calls(replace(scope, zone=UTC)).subquery()
    closed = select(table.utc_day.label("day"), table.model, *[getattr(table, name) for name in SUMMED]).where(
        table.school_id == scope.school_id,
        table.utc_day.between(scope.span.first, scope.span.last),
        table.day <= scope.books.last_day,
    )
    rows = union_all(closed, select(calls.c.day, calls.c.model, *[calls.c[name] for name in SUMMED])).subquery()
    statement = (
        select(rows.c.day, rows.c.model, *sums(rows))
        .group_by(rows.c.day, rows.c.model)
        .having(func.sum(rows.c.requests) > 0)
        .order_by(rows.c.day, rows.c.model)
    )
    return [Booked(row.day, row.model, sum_of(row)) for row in session.execute(statement)]


def uncertain(session: Session, scope: Scope) -> list[UncertainCost]:
    """Possible, estimated and unpriced ones of these days of UTC, the newest first, 500 at most."""
    rows = union_all(_rows_of(scope, _days(scope), is_operator=False), _rows_of(scope, _days(scope), is_operator=True))
    newest = rows.subquery()
    statement = (
        select(newest, Staff.full_name)
        .outerjoin(Staff, Staff.id == newest.c.user_id)
        .order_by(newest.c.created_at.desc(), newest.c.id)
        .limit(MOST_ROWS)
    )
    return [
        UncertainCost(
            row.id,
            row.created_at,
            Series(row.type),
            row.model,
            row.estimated_cost,
            CostSource(row.cost_source),
            row.error,
            row.full_name or OPERATOR,
        )
        for row in session.execute(statement)
    ]


def _days(scope: Scope) -> Subquery:
    """Whose days hold such rows, so that a year with few of them isn't read for nothing."""
    day = timedelta(days=1)
    return (
        select(UsageDaily.day, UsageDaily.user_id)
        .where(UsageDaily.uncertain > 0, UsageDaily.day.between(scope.span.first - day, scope.span.last + day))
        .where(*scope.matches(UsageDaily))
        .distinct()
        .order_by(UsageDaily.day.desc())
        .fetch(MOST_ROWS, with_ties=True)
        .subquery()
    )


def _rows_of(scope: Scope, days: Subquery, *, is_operator: bool) -> Select[*tuple[Any, ...]]:
    row = UsageRow
    zone = str(scope.zone)
    # Where clocks change at midnight, it comes twice or not at all: the day itself decides, and these find it.
    starts = func.timezone(zone, cast(days.c.day, DateTime)) - CLOCKS_CHANGE_BY
    ends = func.timezone(zone, cast(days.c.day + 1, DateTime)) + CLOCKS_CHANGE_BY
    whose = row.user_id.is_(None) & days.c.user_id.is_(None) if is_operator else row.user_id == days.c.user_id
    of_a_day = (
        select(row.id, row.created_at, row.user_id, row.type, row.model, row.estimated_cost, row.cost_source, row.error)
        .where(
            whose,
            row.created_at >= starts,
            row.created_at < ends,
            cast(func.timezone(zone, row.created_at), Date) == days.c.day,
            row.cost_source != "reported",
            *replace(scope, zone=UTC).moments(row.created_at, scope.span),
            *scope.matches(row),
        )
        # One person's day after another by its index: joined as a whole, the ledger would be read from end to end.
        .offset(0)
        .lateral()
    )
    return select(of_a_day).select_from(days).join(of_a_day, true())
