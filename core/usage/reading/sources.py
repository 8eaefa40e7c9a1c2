"""Where usage is read from: the smallest rollup that can tell, else a person's own rows or a few days of the ledger."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Select,
    Subquery,
    case,
    cast,
    func,
    literal,
    select,
    union_all,
)

from core.db.tables.rollups import UsageDailyDetail, UsageWeekly
from core.db.tables.usage import UsageDaily, UsageRow
from core.usage.reading.scope import Scope, loose_days, mondays, whole_weeks
from core.usage.report import Span

SUMMED = ("requests", "errors", "tokens", "cost", "unpriced", "possible_cost", "estimated_cost", "photos")
KEYS = ("class_id", "feature", "type", "model")


def by_day(scope: Scope) -> Subquery:
    """With `day`, `type`, `model` and the times to first tokens."""
    if scope.staff_id is None:
        return _detail(scope).subquery()
    return (ledger if scope.is_about_work else _days)(scope, scope.span).subquery()


def by_work(scope: Scope) -> Subquery:
    """With `class_id` and `feature`."""
    if scope.staff_id is None:
        return _detail(scope).subquery()
    return ledger(scope, scope.span).subquery() if scope.model else _weeks(scope, ("class_id", "feature"), ledger)


def by_person(scope: Scope) -> Subquery:
    """With `user_id` and the Monday of each `week`.

    Who used one model for one class or feature is in no rollup, so a long span of that is slow.
    """
    days = ledger if scope.is_about_work else _days
    if scope.model:
        return _picked(days(scope, scope.span), ("user_id", *SUMMED)).subquery()
    return _weeks(scope, ("user_id",), days)


def ledger(scope: Scope, span: Span) -> Select[*tuple[Any, ...]]:
    """Settled rows, each as a rollup would have it, with `day` and `hour` by the school's zone of now."""
    row, at = UsageRow, func.timezone(str(scope.zone), UsageRow.created_at)
    cost = func.coalesce(row.estimated_cost, 0)
    return select(
        cast(at, Date).label("day"),
        cast(func.date_part("hour", at), Integer).label("hour"),
        row.user_id,
        row.class_id,
        row.feature,
        row.type,
        row.model,
        literal(1).label("requests"),
        _one_if(row.error.is_not(None)).label("errors"),
        func.coalesce(row.total_tokens, 0).label("tokens"),
        cost.label("cost"),
        _one_if(row.cost_source == "unpriced").label("unpriced"),
        case((row.cost_source == "possible", cost), else_=0).label("possible_cost"),
        case((row.cost_source == "estimated", cost), else_=0).label("estimated_cost"),
        _one_if((row.type != "chat") & row.error.is_(None)).label("photos"),
        _one_if(row.first_token_ms.is_not(None)).label("first_tokens"),
        func.coalesce(row.first_token_ms, 0).label("first_token_ms"),
    ).where(row.state == "settled", *scope.moments(row.created_at, span), *scope.matches(row))


def sums(source: Any) -> list[ColumnElement[Any]]:
    return [func.coalesce(func.sum(source.c[name]), 0).label(name) for name in SUMMED]


def _detail(scope: Scope) -> Select[*tuple[Any, ...]]:
    table = UsageDailyDetail
    errors = case((table.error.is_not(None), table.requests), else_=0).label("errors")
    summed = [errors if name == "errors" else getattr(table, name) for name in SUMMED]
    keys = [getattr(table, key) for key in KEYS]
    return select(table.day, *keys, *summed, table.first_tokens, table.first_token_ms).where(
        table.day.between(scope.span.first, scope.span.last), *scope.matches(table)
    )


def _days(scope: Scope, span: Span) -> Select[*tuple[Any, ...]]:
    table = UsageDaily
    summed = [getattr(table, name) for name in (*SUMMED, "first_tokens", "first_token_ms")]
    return select(table.day, table.user_id, table.type, table.model, *summed).where(
        table.day.between(span.first, span.last), *scope.matches(table)
    )


def _weeks(scope: Scope, keys: tuple[str, ...], loose: Callable[[Scope, Span], Select[*tuple[Any, ...]]]) -> Subquery:
    """Whole weeks by their rollup, and the days beside them by what `loose` reads."""
    table, names = UsageWeekly, (*keys, *SUMMED)
    parts = [_picked(loose(scope, span), names) for span in loose_days(scope.span)]
    if weeks := whole_weeks(scope.span):
        # One by one, so that the key finds a person's.
        found = select(table).where(table.week.in_(mondays(weeks)), *scope.matches(table))
        parts.append(_picked(found, names))
    return union_all(*parts).subquery()


def _picked(rows: Select[*tuple[Any, ...]], names: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    """These and the Monday of their `week`."""
    source = rows.subquery()
    if "week" in source.c:
        week = source.c.week
    else:
        week = cast(func.date_trunc("week", cast(source.c.day, DateTime)), Date).label("week")
    return select(week, *[source.c[name] for name in names])


def _one_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)
