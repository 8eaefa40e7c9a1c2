"""How many use it, week by week."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.usage.reading.scope import Scope
from core.usage.reading.sources import monthly, open_calls
from core.usage.report import Span


def active_teachers(session: Session, scope: Scope) -> Mapping[date, int]:
    """How many used anything, by the Monday of the week; days of a week that are out of the span don't count."""
    weeks: dict[date, set[UUID]] = defaultdict(set)
    for monday, person in (*_closed(session, scope), *_open(session, scope)):
        weeks[monday].add(person)
    return {monday: len(weeks[monday]) for monday in sorted(weeks)}


def _closed(session: Session, scope: Scope) -> Iterator[tuple[date, UUID]]:
    if scope.closed_days is None:
        return
    weeks, table = _weeks_by_month(scope.closed_days), monthly(scope)
    statement = (
        select(table.month, table.user_id, func.bit_or(table.days))
        .where(table.month.between(min(weeks), max(weeks)), table.user_id.is_not(None), *scope.matches(table))
        .group_by(table.month, table.user_id)
    )
    for month, person, days in session.execute(statement):
        yield from ((monday, person) for monday, of_week in weeks[month].items() if days & of_week)


def _open(session: Session, scope: Scope) -> Iterator[tuple[date, UUID]]:
    if scope.is_closed:
        return
    calls = open_calls(scope).subquery()
    used = select(calls.c.day, calls.c.user_id).distinct().where(calls.c.user_id.is_not(None))
    yield from ((_monday(day), person) for day, person in session.execute(used))


def _weeks_by_month(span: Span) -> Mapping[date, Mapping[date, int]]:
    """For each month its weeks by their Monday, each with the bits of its days that are in the span."""
    months: dict[date, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for day in (span.first + timedelta(days=n) for n in range(span.days)):
        months[day.replace(day=1)][_monday(day)] |= 1 << (day.day - 1)
    return months


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
