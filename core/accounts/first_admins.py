"""How a school gets its first admin: by the operator, since every later one is made by an admin."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from core.db.engine import Database
from core.db.tables.people import School, Staff
from core.db.tables.usage import AuditEntry
from core.errors import MemberNameMissing, MemberRefused, MemberUnclear, SchoolUnclear

LONGEST_NAME, LONGEST_EMAIL = 200, 254
_ADDED, _MADE_ADMIN, _REACTIVATED = "member.added", "member.made_admin", "member.reactivated"
_KEPT: Final = ("id", "school_id", "full_name", "email", "role", "active")


@dataclass(frozen=True)
class Wish:
    """As the command line says it; `name` is of a member who isn't there yet."""

    email: str
    name: str | None
    school: str | None
    create_school: bool


@dataclass(frozen=True)
class MadeAdmin:
    """`is_change` is false where all was so already."""

    staff_id: UUID
    school_id: UUID
    full_name: str
    school: str
    is_change: bool


class FirstAdmins:
    """Past row-level security, so for the operator's own command alone."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def make(self, wish: Wish) -> MadeAdmin:
        """One transaction; raises SchoolUnclear, MemberUnclear, MemberNameMissing or MemberRefused."""
        wish = _checked(wish)
        with self._database.as_worker() as session:
            found = _members(session, wish)
            if len(found) > 1:
                raise MemberUnclear([school.name for _, school in found])
            if found:
                return _promoted(session, *found[0])
            return _added(session, wish)


def _checked(wish: Wish) -> Wish:
    email, name = wish.email.strip(), None if wish.name is None else wish.name.strip()
    before, at, domain = email.partition("@")
    if not (before and at and domain) or "@" in domain or len(email) > LONGEST_EMAIL or any(map(str.isspace, email)):
        raise MemberRefused("This is no e-mail address. Write it as in head@school.example.")
    if name is not None and not 0 < len(name) <= LONGEST_NAME:
        raise MemberRefused(f"A name has 1 to {LONGEST_NAME} characters.")
    return Wish(email, name, wish.school, wish.create_school)


def _members(session: Session, wish: Wish) -> Sequence[Row[Staff, School]]:
    """Of real schools: nobody signs in to a made-up one."""
    query = select(Staff, School).join(School, School.id == Staff.school_id)
    query = query.where(func.lower(Staff.email) == wish.email.lower(), School.kind == "real")
    if wish.school is not None:
        query = query.where(School.name == wish.school)
    return session.execute(query.order_by(School.name)).all()


def _promoted(session: Session, member: Staff, school: School) -> MadeAdmin:
    before, was_active = _kept(member), member.active
    is_change = member.role != "admin" or not member.active
    if is_change:
        member.role, member.active = "admin", True
        _note(session, member, _MADE_ADMIN if was_active else _REACTIVATED, before)
    return MadeAdmin(member.id, school.id, member.full_name, school.name, is_change)


def _added(session: Session, wish: Wish) -> MadeAdmin:
    if wish.name is None:
        raise MemberNameMissing
    school = _school(session, wish)
    member = Staff(school_id=school.id, email=wish.email, full_name=wish.name, role="admin", active=True)
    session.add(member)
    _note(session, member, _ADDED, None)
    return MadeAdmin(member.id, school.id, member.full_name, school.name, is_change=True)


def _school(session: Session, wish: Wish) -> School:
    query = select(School).where(School.kind == "real").order_by(School.name)
    found = session.scalars(query if wish.school is None else query.where(School.name == wish.school)).all()
    if not found and wish.create_school and wish.school is not None:
        return _new_school(session, wish.school)
    if len(found) == 1:
        return found[0]
    if not found:
        raise SchoolUnclear("There is no such school. Name it with --school, and add --create-school to make it.")
    raise SchoolUnclear(f"Say with --school which one is meant: {', '.join(one.name for one in found)}.")


def _new_school(session: Session, name: str) -> School:
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise SchoolUnclear(f"A school's name has 1 to {LONGEST_NAME} characters.")
    school = School(name=name.strip())
    session.add(school)
    session.flush()
    return school


def _note(session: Session, member: Staff, action: str, before: dict[str, Any] | None) -> None:
    session.flush()
    session.add(
        AuditEntry(
            school_id=member.school_id,
            action=action,
            object=f"staff/{member.id}",
            before=before,
            after=_kept(member),
        )
    )


def _kept(member: Staff) -> dict[str, Any]:
    values = {name: getattr(member, name) for name in _KEPT}
    return {name: str(value) if isinstance(value, UUID) else value for name, value in values.items()}
