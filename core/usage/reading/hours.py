"""When it is used: requests by weekday and hour."""

from typing import Any

from sqlalchemy import Integer, Select, cast, func, literal, select
from sqlalchemy.orm import Session

from core.db.tables.rollups import UsageDailyDetail, UsageHourly
from core.usage.reading.scope import Scope
from core.usage.reading.sources import ledger
from core.usage.report import Hour


def hours_of(session: Session, scope: Scope) -> tuple[Hour, ...]:
    """Only hours with any use, from Monday at midnight on."""
    source = _source(scope).subquery()
    weekday = cast(func.date_part("isodow", source.c.day), Integer)
    requests = func.sum(source.c.requests)
    statement = (
        select(weekday, source.c.hour, requests)
        .group_by(weekday, source.c.hour)
        .having(requests > 0)
        .order_by(weekday, source.c.hour)
    )
    return tuple(Hour(day - 1, hour, int(count)) for day, hour, count in session.execute(statement))


def _source(scope: Scope) -> Select[*tuple[Any, ...]]:
    if scope.staff_id is not None:
        return ledger(scope, scope.span)
    if scope.class_id is not None:
        return _of_a_class(scope)
    table = UsageHourly
    return select(table.day, table.hour, table.requests).where(
        table.day.between(scope.span.first, scope.span.last), *scope.matches(table)
    )


def _of_a_class(scope: Scope) -> Select[*tuple[Any, ...]]:
    table = UsageDailyDetail
    return select(table.day, func.unnest(table.hours).label("hour"), literal(1).label("requests")).where(
        table.day.between(scope.span.first, scope.span.last), *scope.matches(table)
    )
