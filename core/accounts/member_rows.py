"""Members of staff as an admin reads them."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.accounts.member import Member
from core.accounts.person import Person, Role
from core.db.tables.people import ClassStaff, SchoolClass, Staff
from core.db.tables.sessions import SignedInSession, StaffSignIn
from core.errors import MemberGone


def member(session: Session, person: Person, staff_id: UUID) -> Member:
    """Raises MemberGone."""
    found = members(session, person, staff_id)
    if not found:
        raise MemberGone
    return found[0]


def members(session: Session, person: Person, staff_id: UUID | None = None) -> list[Member]:
    """By name; of the school, or the one alone."""
    rows = session.execute(
        select(Staff.id, Staff.full_name, Staff.name_to_check, Staff.email, Staff.role, Staff.active, Staff.invited_at)
        .where(Staff.school_id == person.school_id, *([Staff.id == staff_id] if staff_id else []))
        .order_by(func.lower(Staff.full_name), Staff.id)
    ).all()
    classes, seen, linked = _classes(session, staff_id), _last_seen(session, staff_id), _linked(session, staff_id)
    return [
        Member(
            id=row.id,
            full_name=row.full_name,
            name_to_check=row.name_to_check,
            email=row.email,
            role=Role(row.role),
            is_active=row.active,
            invited_at=row.invited_at,
            last_seen_at=seen.get(row.id),
            is_linked=row.id in linked,
            classes=tuple(classes.get(row.id, ())),
        )
        for row in rows
    ]


def _classes(session: Session, staff_id: UUID | None) -> dict[UUID, list[str]]:
    found = defaultdict(list)
    rows = session.execute(
        select(ClassStaff.staff_id, SchoolClass.name)
        .join(SchoolClass, SchoolClass.id == ClassStaff.class_id)
        .where(SchoolClass.archived_at.is_(None), *_only(ClassStaff.staff_id, staff_id))
        .order_by(SchoolClass.school_year.desc(), SchoolClass.name)
    )
    for row in rows:
        found[row.staff_id].append(row.name)
    return found


def _last_seen(session: Session, staff_id: UUID | None) -> dict[UUID, Any]:
    one = SignedInSession
    rows = session.execute(
        select(one.staff_id, func.max(one.last_seen_at)).where(*_only(one.staff_id, staff_id)).group_by(one.staff_id)
    )
    return {row[0]: row[1] for row in rows}


def _linked(session: Session, staff_id: UUID | None) -> set[UUID]:
    return set(session.scalars(select(StaffSignIn.staff_id).where(*_only(StaffSignIn.staff_id, staff_id))))


def _only(column: Any, staff_id: UUID | None) -> list[Any]:
    return [] if staff_id is None else [column == staff_id]
