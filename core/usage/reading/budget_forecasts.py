"""What each of some budgets will have come to at the month's end, from one look at all their days."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.db.tables.rollups import UsageDailyDetail, UsageHourly
from core.usage.budget import BudgetNow, BudgetOf, Holder
from core.usage.reading.forecast import LEAST_DAYS, LOOKS_BACK, foreseen
from core.usage.reading.scope import Scope
from core.usage.reading.sources import booked
from core.usage.report import Span

_BY_PERSON = text(
    """
    select d.user_id as holder, d.day, sum(d.cost) as cost
    from usage_daily as d
    where d.user_id = any(:people) and d.day between :first and :last
    group by d.user_id, d.day
    """
)
# Each by an index that ends with the day, or years would be read.
_FIRST_USE = text(
    """
    select s.id as holder, (select min(d.day) from usage_daily as d where d.user_id = s.id) as day
    from staff as s where s.id = any(:people)
    union all
    select c.id, (
        select min(d.day) from usage_daily_detail as d where d.school_id = c.school_id and d.class_id = c.id
    )
    from classes as c where c.id = any(:classes)
    union all
    select null, (select min(d.day) from usage_daily as d where d.school_id = :school)
    """
)
Costs = Mapping[Any, Mapping[date, Decimal]]


def with_forecasts(session: Session, scope: Scope, found: Iterable[BudgetNow], today: date) -> list[BudgetNow]:
    """`scope` is the whole school's; where there was less than a week of use there is no forecast."""
    budgets = list(found)
    holders = [one.budget.holder for one in budgets]
    first_use = _first_use(session, scope, holders)
    costs = _costs(session, scope.over(Span(min(today.replace(day=1), _back(today)), today)), holders)
    return [replace(one, forecast_usd=_forecast(one, costs[one.budget.holder.id], first_use, today)) for one in budgets]


def _forecast(
    one: BudgetNow, cost: Mapping[date, Decimal], first_use: Mapping[Any, date | None], today: date
) -> Decimal | None:
    window = Span(max(first_use.get(one.budget.holder.id) or today, _back(today)), today - timedelta(days=1))
    if window.days < LEAST_DAYS:
        return None
    return foreseen(cost, window, today).expected_usd + one.held_usd


def _back(today: date) -> date:
    return today - timedelta(days=LOOKS_BACK)


def _first_use(session: Session, scope: Scope, holders: Iterable[Holder]) -> Mapping[Any, date | None]:
    wanted = list(holders)
    people, classes = _ids(wanted, BudgetOf.PERSON), _ids(wanted, BudgetOf.CLASS)
    values = {"school": scope.school_id, "people": people, "classes": classes}
    return {row.holder: row.day for row in session.execute(_FIRST_USE, values)}


def _costs(session: Session, scope: Scope, holders: Iterable[Holder]) -> Costs:
    """By the holder's id, None for the school's; a day without use costs nothing."""
    costs: dict[Any, dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for holder, day, cost in _rows(session, scope, list(holders)):
        costs[holder][day] += cost
    return costs


def _rows(session: Session, scope: Scope, holders: Sequence[Holder]) -> Iterator[tuple[Any, date, Decimal]]:
    people, classes = _ids(holders, BudgetOf.PERSON), _ids(holders, BudgetOf.CLASS)
    span = scope.span
    if people:
        for row in session.execute(_BY_PERSON, {"people": people, "first": span.first, "last": span.last}):
            yield row.holder, row.day, row.cost
    if classes:
        used = booked(UsageDailyDetail, scope, ("class_id", "day", "cost"))
        for row in session.execute(used.select().where(used.c.class_id.in_(classes))):
            yield row.class_id, row.day, row.cost
    if any(one.of is BudgetOf.SCHOOL for one in holders):
        for row in session.execute(booked(UsageHourly, scope, ("day", "cost")).select()):
            yield None, row.day, row.cost


def _ids(holders: Iterable[Holder], of: BudgetOf) -> list[UUID]:
    return [one.id for one in holders if one.of is of and one.id is not None]
