"""Up to when a school's days are closed: their rollups are read, and the ledger for what came later."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.tables.rollups import UsageBooks
from core.usage.reading.scope import Books, Scope


def with_books(session: Session, scope: Scope) -> Scope:
    """Read once and kept, so that days which are closed meanwhile are not counted twice."""
    table = UsageBooks
    found = session.execute(
        select(table.closed_until, table.last_day).where(table.school_id == scope.school_id)
    ).one_or_none()
    return scope if found is None else replace(scope, books=Books(found.closed_until, found.last_day))
