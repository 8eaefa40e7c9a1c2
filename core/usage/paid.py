"""Which calls someone paid for, or may have: neither the made-up school's nor the stand-in's."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session

from core.db.tables.usage import UsageRow


def is_payable() -> ColumnElement[bool]:
    """Of a row of the ledger: something was or will be sent to a provider who charges."""
    return and_(
        UsageRow.state != "released",
        ~UsageRow.request_data.contains({"seeded": True}),
        ~UsageRow.request_data.contains({"by_stand_in": True}),
    )


def has_paid(session: Session, school_id: UUID) -> bool:
    """Whether the ledger holds money of this school; what was refused free of charge is none."""
    found = exists().where(UsageRow.school_id == school_id, is_payable(), UsageRow.estimated_cost.is_distinct_from(0))
    return bool(session.scalar(select(found)))
