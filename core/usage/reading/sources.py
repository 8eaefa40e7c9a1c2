"""Where usage is read from: closed days from the smallest rollup that can tell, the rest from the ledger."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
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

from core.db.tables.rollups import UsageDailyDetail, UsageHourly, UsageMonthly, UsageMonthlyDetail
from core.db.tables.usage import UsageDaily, UsageRow
from core.usage.reading.scope import Scope, loose_days, whole_months
from core.usage.report import Span

SUMMED = ("requests", "errors", "tokens", "cost", "unpriced", "possible_cost", "estimated_cost", "photos")
TIMED = (*SUMMED, "first_tokens", "first_token_ms")
WORK = ("class_id", "feature", "model")

Rows = Select[*tuple[Any, ...]]


def by_day(scope: Scope) -> Subquery:
    """With `day`, `type` and the times to first tokens."""
    names = ("day", "type", *TIMED)
    if scope.staff_id is None:
        return booked(UsageHourly if scope.class_id is None else UsageDailyDetail, scope, names)
    return _joined([_of_ledger(scope, names) if scope.class_id else _of_a_person(scope, names)])


def by_work(scope: Scope) -> Subquery:
    """With `class_id`, `feature` and `model`, of a person or a class."""
    if scope.staff_id is None:
        return booked(UsageDailyDetail, scope, (*WORK, *SUMMED))
    return _by_month(UsageMonthlyDetail, scope, (*WORK, *SUMMED), _of_ledger)


def by_class(scope: Scope) -> Subquery:
    """With `class_id`, of a school."""
    return _by_month(monthly(scope), scope, ("class_id", *SUMMED), _of_detail)


def by_model(scope: Scope) -> Subquery:
    """With `feature` and `model`, of a school."""
    return booked(UsageHourly, scope, ("feature", "model", *SUMMED))


def by_person(scope: Scope) -> Subquery:
    """With `user_id`."""
    return _by_month(monthly(scope), scope, ("user_id", *SUMMED), _of_ledger if scope.class_id else _of_people)


def booked(table: Any, scope: Scope, names: Sequence[str]) -> Subquery:
    """Closed days from this rollup, open ones from the ledger."""
    return _joined(_parts(table, scope, names))


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
        row.error,
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


def open_calls(scope: Scope) -> Rows:
    """Those rows that no closed day holds yet."""
    return ledger(scope, scope.span).where(UsageRow.created_at >= scope.books.closed_until)


def sums(source: Any) -> list[ColumnElement[Any]]:
    return [func.coalesce(func.sum(source.c[name]), 0).label(name) for name in SUMMED]


def monthly(scope: Scope) -> Any:
    return UsageMonthlyDetail if scope.feature or scope.model else UsageMonthly


def _by_month(
    table: Any, scope: Scope, names: Sequence[str], loose: Callable[[Scope, Sequence[str]], Rows]
) -> Subquery:
    """Months by their rollup, which holds all of their closed days, and what is beside them by what `loose` reads."""
    months = whole_months(scope.closed_days, scope.books.last_day) if scope.closed_days else None
    parts = [loose(scope.over(span), names) for span in loose_days(scope.span, months)]
    if months:
        inside = table.month.between(months.first, months.last)
        parts.append(select(*_columns(table, names)).where(inside, *scope.matches(table)))
    return _joined(parts)


def _of_detail(scope: Scope, names: Sequence[str]) -> Rows:
    return select(*booked(UsageDailyDetail, scope, names).c)


def _of_people(scope: Scope, names: Sequence[str]) -> Rows:
    return _of_days(UsageDaily, scope, names)


def _of_a_person(scope: Scope, names: Sequence[str]) -> Rows:
    """One stretch of an index: asked for the school as well, Postgres would look for each day by itself."""
    table = UsageDaily
    inside = table.day.between(scope.span.first, scope.span.last)
    return select(*_columns(table, names)).where(inside, *scope.matches(table, by_school=False))


def _of_ledger(scope: Scope, names: Sequence[str]) -> Rows:
    return _picked(ledger(scope, scope.span), names)


def _of_days(table: Any, scope: Scope, names: Sequence[str]) -> Rows:
    inside = table.day.between(scope.span.first, scope.span.last)
    return select(*_columns(table, names)).where(inside, *scope.matches(table))


def _parts(table: Any, scope: Scope, names: Sequence[str]) -> list[Rows]:
    days = scope.closed_days
    closed = [_of_days(table, scope.over(days), names)] if days else []
    return closed if scope.is_closed else [*closed, _picked(open_calls(scope), names)]


def _joined(parts: Sequence[Rows]) -> Subquery:
    return union_all(*parts).subquery() if len(parts) > 1 else parts[0].subquery()


def _columns(table: Any, names: Sequence[str]) -> list[ColumnElement[Any]]:
    is_by_error = table is UsageDailyDetail
    return [_errors() if name == "errors" and is_by_error else getattr(table, name) for name in names]


def _errors() -> ColumnElement[int]:
    errors: ColumnElement[int] = case((UsageDailyDetail.error.is_not(None), UsageDailyDetail.requests), else_=0)
    return errors.label("errors")


def _picked(rows: Rows, names: Sequence[str]) -> Rows:
    source = rows.subquery()
    return select(*[source.c[name] for name in names])


def _one_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)
