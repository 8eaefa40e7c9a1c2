"""When it is used: requests by weekday and hour."""

from typing import Any

from sqlalchemy import Integer, Select, Subquery, cast, func, literal, select, union_all
from sqlalchemy.orm import Session

from core.db.tables.rollups import UsageDailyDetail, UsageHourly
from core.usage.reading.scope import Scope
from core.usage.reading.sources import booked, ledger, open_calls
from core.usage.report import Hour


def hours_of(session: Session, scope: Scope) -> tuple[Hour, ...]:
    """Only hours with any use, from Monday at midnight on."""
    source = _source(scope)
    weekday = cast(func.date_part("isodow", source.c.day), Integer)
    requests = func.sum(source.c.requests)
    statement = (
        select(weekday, source.c.hour, requests)
        .group_by(weekday, source.c.hour)
        .having(requests > 0)
        .order_by(weekday, source.c.hour)
    )
    return tuple(Hour(day - 1, hour, int(count)) for day, hour, count in session.execute(statement))


def _source(scope: Scope) -> Subquery:
    if scope.staff_id is not None:
        return ledger(scope, scope.span).subquery()
    if scope.class_id is None:
        return booked(UsageHourly, scope, ("day", "hour", "requests"))
    calls = open_calls(scope).subquery()
    return union_all(_closed_of_a_class(scope), select(calls.c.day, calls.c.hour, calls.c.requests)).subquery()


def _closed_of_a_class(scope: Scope) -> Select[*tuple[Any, ...]]:
    table = UsageDailyDetail
    return select(table.day, func.unnest(table.hours).label("hour"), literal(1).label("requests")).where(
        table.day.between(scope.span.first, min(scope.span.last, scope.books.last_day)), *scope.matches(table)
    )
