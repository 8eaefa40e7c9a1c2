"""What went wrong: by code, and the last calls one by one."""

from typing import Any

from sqlalchemy import ColumnElement, DateTime, Select, Uuid, case, cast, func, select, true
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.orm import Session

from core.db.tables.people import Staff
from core.db.tables.rollups import UsageDailyDetail
from core.db.tables.usage import UsageRow
from core.usage.reading.scope import Scope
from core.usage.reading.sources import booked
from core.usage.report import Failure, Series

LAST = 10


def failures(session: Session, scope: Scope) -> tuple[Failure, ...]:
    """By code and type, the most frequent first; the cost is of what is priced."""
    is_few = scope.staff_id is not None or scope.class_id is not None
    found = (_from_rows(scope) if is_few else _of_school(scope)).subquery()
    statement = (
        select(found, Staff.full_name)
        .outerjoin(Staff, Staff.id == found.c.user_id)
        .order_by(found.c.many.desc(), found.c.error, found.c.type)
    )
    return tuple(
        Failure(row.error, Series(row.type), int(row.many), row.created_at, row.full_name, row.cost)
        for row in session.execute(statement)
    )


def last_failures(session: Session, scope: Scope) -> tuple[Failure, ...]:
    statement = (
        select(
            UsageRow.error, UsageRow.type, UsageRow.created_at, Staff.full_name, UsageRow.estimated_cost.label("cost")
        )
        .outerjoin(Staff, Staff.id == UsageRow.user_id)
        .where(*_failed(scope))
        .order_by(UsageRow.created_at.desc(), UsageRow.id)
        .limit(LAST)
    )
    return tuple(
        Failure(row.error, Series(row.type), 1, row.created_at, row.full_name, row.cost)
        for row in session.execute(statement)
    )


def _of_school(scope: Scope) -> Select[*tuple[Any, ...]]:
    calls = booked(UsageDailyDetail, scope, ("day", "error", "type", "requests", "unpriced", "cost"))
    priced, zone = func.sum(calls.c.requests - calls.c.unpriced), str(scope.zone)
    grouped = (
        select(
            calls.c.error,
            calls.c.type,
            func.sum(calls.c.requests).label("many"),
            case((priced > 0, func.sum(calls.c.cost))).label("cost"),
            func.max(calls.c.day).filter(calls.c.requests > 0).label("last_day"),
        )
        .where(calls.c.error.is_not(None))
        .group_by(calls.c.error, calls.c.type)
        .having(func.sum(calls.c.requests) > 0)
        .subquery()
    )
    last = (
        select(UsageRow.created_at, UsageRow.user_id)
        .where(
            UsageRow.error == grouped.c.error,
            UsageRow.type == grouped.c.type,
            # A day more on both sides, for a school whose zone was corrected after it was closed.
            UsageRow.created_at >= func.timezone(zone, cast(grouped.c.last_day - 1, DateTime)),
            UsageRow.created_at < func.timezone(zone, cast(grouped.c.last_day + 2, DateTime)),
            *_failed(scope),
        )
        .order_by(UsageRow.created_at.desc())
        .limit(1)
        .lateral()
    )
    return select(grouped, last.c.created_at, last.c.user_id).select_from(grouped).join(last, true())


def _from_rows(scope: Scope) -> Select[*tuple[Any, ...]]:
    row = UsageRow
    newest_first = func.array_agg(aggregate_order_by(row.user_id, row.created_at.desc()), type_=ARRAY(Uuid))
    return (
        select(
            row.error,
            row.type,
            func.count().label("many"),
            func.sum(row.estimated_cost).label("cost"),
            func.max(row.created_at).label("created_at"),
            newest_first[1].label("user_id"),
        )
        .where(*_failed(scope))
        .group_by(row.error, row.type)
    )


def _failed(scope: Scope) -> list[ColumnElement[bool]]:
    row = UsageRow
    return [
        row.error.is_not(None),
        row.state == "settled",
        *scope.moments(row.created_at, scope.span),
        *scope.matches(row),
    ]
