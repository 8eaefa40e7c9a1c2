"""How many single portraits a person may still start now."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

_MINE = text(
    """
    select l.at_most, l.per_seconds, private.my_slots_left('image') as left
    from limits as l
    where l.type = 'image' and (l.staff_id is null or l.staff_id = :me)
    order by l.staff_id nulls last
    limit 1
    """
)


@dataclass(frozen=True)
class Allowance:
    """`at_most` starts in any window of `per_seconds`, of which `left` are free at this moment."""

    at_most: int
    per_seconds: Decimal
    left: int


def allowance(session: Session, staff_id: UUID) -> Allowance:
    row = session.execute(_MINE, {"me": staff_id}).one()
    return Allowance(row.at_most, row.per_seconds, row.left)
