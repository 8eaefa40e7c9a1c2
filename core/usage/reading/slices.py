"""Usage by teacher, class, feature and model, the most expensive first."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Subquery, select
from sqlalchemy.orm import Session

from core.db.tables.people import SchoolClass, Staff
from core.usage.reading.amounts import sum_of, total
from core.usage.reading.scope import Scope
from core.usage.reading.sources import WORK, by_class, by_model, by_person, by_work, sums
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
    is_few = scope.staff_id is not None or scope.class_id is not None
    work = _grouped(session, by_work(scope), WORK) if is_few else _grouped(session, by_model(scope), WORK[1:])
    classes = work if is_few else _grouped(session, by_class(scope), WORK[:1])
    names = class_names(session)
    return Keyed(
        _slices(classes, "class_id", lambda key: names.get(key, FORMER_CLASS) if key else NO_CLASS),
        _slices(work, "feature", str),
        _slices(work, "model", str),
    )


def by_teacher(session: Session, scope: Scope) -> tuple[Slice, ...]:
    names = staff_names(session)
    rows = _grouped(session, by_person(scope), ("user_id",))
    return _slices(rows, "user_id", lambda key: names.get(key, OPERATOR))


def staff_names(session: Session) -> Mapping[UUID, str]:
    return dict(session.execute(select(Staff.id, Staff.full_name)).all())


def class_names(session: Session) -> Mapping[UUID, str]:
    """Of those that this reader may see, archived ones included."""
    return dict(session.execute(select(SchoolClass.id, SchoolClass.name)).all())


def _grouped(session: Session, source: Subquery, keys: Sequence[str]) -> Sequence[Row[*tuple[Any, ...]]]:
    columns = [source.c[key] for key in keys]
    return session.execute(select(*columns, *sums(source)).group_by(*columns)).all()


def _slices(rows: Sequence[Row[*tuple[Any, ...]]], key: str, name_of: Any) -> tuple[Slice, ...]:
    used: dict[Any, list[Sum]] = defaultdict(list)
    for row in rows:
        if row.requests:
            used[getattr(row, key)].append(sum_of(row))
    slices = [Slice(value, name_of(value), total(found)) for value, found in used.items()]
    return tuple(sorted(slices, key=lambda one: (-one.sum.cost_usd, -one.sum.requests, one.name)))
