"""One key of schools.settings for each choice of a school's admins; the database checks it and keeps who did it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.accounts.person import Person
from core.errors import NotAllowed

ADMINS_DECIDE = "An admin decides this for the school."

# One statement, so that two admins who change different keys at once lose nothing.
_CHANGE = text(
    """
    update schools set settings = (settings - cast(:gone as text[])) || cast(:kept as jsonb)
    where id = :school
    returning id
    """
)
_LAST_CHANGE = text(
    """
    select a.created_at, s.full_name
    from audit_log as a
    left join staff as s on s.id = a.actor_id
    where a.school_id = :school and a.action = :action
    order by a.created_at desc
    limit 1
    """
)


@dataclass(frozen=True)
class LastChange:
    by: str
    at: datetime


def change_settings(session: Session, person: Person, changes: Mapping[str, Any]) -> None:
    """None takes a choice back, so that the operator's default holds again. Raises NotAllowed for a teacher."""
    kept = {key: value for key, value in changes.items() if value is not None}
    gone = [key for key, value in changes.items() if value is None]
    values = {"school": person.school_id, "gone": gone, "kept": json.dumps(kept)}
    if session.execute(_CHANGE, values).one_or_none() is None:
        raise NotAllowed(ADMINS_DECIDE)


def last_change(session: Session, person: Person, key: str) -> LastChange | None:
    """None where nobody changed it yet."""
    row = session.execute(_LAST_CHANGE, {"school": person.school_id, "action": f"{key}_setting.changed"}).one_or_none()
    return None if row is None else LastChange(row.full_name, row.created_at)
