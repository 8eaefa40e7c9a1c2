"""Usage by teacher, class, feature and model, the most expensive first, and how many use it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from core.db.tables.people import SchoolClass, Staff
from core.usage.reading.amounts import sum_of, total
from core.usage.reading.scope import Scope
from core.usage.reading.sources import by_key, by_person, sums
from core.usage.report import Slice, Sum

OPERATOR = "The operator"
NO_CLASS = "No class"
FORMER_CLASS = "A former class"


@dataclass(frozen=True)
class Keyed:
    """One look at the ledger for the three of them."""

    by_class: tuple[Slice, ...]
    by_feature: tuple[Slice, ...]
    by_model: tuple[Slice, ...]


def keyed(session: Session, scope: Scope) -> Keyed:
    source = by_key(scope)
    keys = [source.c.class_id, source.c.feature, source.c.model]
    rows = session.execute(select(*keys, *sums(source)).group_by(*keys)).all()
    names = class_names(session)
    return Keyed(
        _slices(rows, "class_id", lambda key: names.get(key, FORMER_CLASS) if key else NO_CLASS),
        _slices(rows, "feature", str),
        _slices(rows, "model", str),
    )


def by_teacher(session: Session, scope: Scope) -> tuple[Slice, ...]:
    source = by_person(scope)
    rows = session.execute(select(source.c.user_id, *sums(source)).group_by(source.c.user_id)).all()
    names = staff_names(session)
    return _slices(rows, "user_id", lambda key: names.get(key, OPERATOR))


def active_teachers(session: Session, scope: Scope) -> Mapping[date, int]:
    """How many used anything, by the Monday of the week."""
    source = by_person(scope)
    someone = (
        select(source.c.week)
        .where(source.c.user_id.is_not(None))
        .group_by(source.c.week, source.c.user_id)
        .having(func.sum(source.c.requests) > 0)
        .subquery()
    )
    statement = select(someone.c.week, func.count()).group_by(someone.c.week).order_by(someone.c.week)
    return dict(session.execute(statement).tuples().all())


def staff_names(session: Session) -> Mapping[UUID, str]:
    return dict(session.execute(select(Staff.id, Staff.full_name)).tuples().all())


def class_names(session: Session) -> Mapping[UUID, str]:
    """Of those that this reader may see, archived ones included."""
    return dict(session.execute(select(SchoolClass.id, SchoolClass.name)).tuples().all())


def _slices(rows: Sequence[Row[*tuple[Any, ...]]], key: str, name_of: Any) -> tuple[Slice, ...]:
    used: dict[Any, list[Sum]] = defaultdict(list)
    for row in rows:
        if row.requests:
            used[getattr(row, key)].append(sum_of(row))
    slices = [Slice(value, name_of(value), total(found)) for value, found in used.items()]
    return tuple(sorted(slices, key=lambda one: (-one.sum.cost_usd, -one.sum.requests, one.name)))
