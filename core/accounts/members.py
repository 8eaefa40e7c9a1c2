"""The school's staff in an admin's hands: who is one, with which e-mail and role, and who was invited."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.accounts.member import Member, MemberEntry
from core.accounts.member_rows import member, members
from core.accounts.people import DEMO_PEOPLE
from core.accounts.person import Person, Role
from core.db.engine import Database
from core.db.tables.people import Staff
from core.errors import (
    EmailTaken,
    InvitationRefused,
    MadeUpVisitor,
    MemberChanged,
    MemberRefused,
    NotAllowed,
    SignInRefused,
)

ADMINS_ONLY = "Only an admin of your school may do this, and you are none any more."
_UNIQUE_EMAIL = "staff_school_id_email_key"
_IS_ADMIN = text("select private.is_admin()")
_NOTE_INVITATION = text("select private.note_invitation(:staff)")

Send = Callable[[str], bool]
"""Sends a mail that invites to this address; False where an account is there already."""


class Members:
    """Every change is a line of the audit log; the database keeps the last admin and signs out who left."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def all(self, person: Person) -> list[Member]:
        """By name, those who left among them."""
        with self._as_admin(person) as session:
            return members(session, person)

    def one(self, person: Person, staff_id: UUID) -> Member:
        """Raises MemberGone."""
        with self._as_admin(person) as session:
            return member(session, person, staff_id)

    def add(self, person: Person, entry: MemberEntry, role: Role) -> UUID:
        """Raises MemberRefused and EmailTaken."""
        wanted = entry.checked()
        values = {"school_id": person.school_id, "full_name": wanted.full_name, "email": wanted.email, "role": role}
        with self._unique(person, wanted), self._as_admin(person) as session:
            return session.execute(insert(Staff).values(values).returning(Staff.id)).scalar_one()

    def correct(self, person: Person, was: Member, entry: MemberEntry) -> None:
        """Name and e-mail; raises MemberRefused, EmailTaken, and MemberChanged unless they are as they were."""
        wanted = entry.checked()
        with self._unique(person, wanted), self._as_admin(person) as session:
            now = _changeable(session, person, was.id)
            if (now.full_name, now.email) != (was.full_name, was.email):
                raise MemberChanged
            if (now.full_name, now.email) != (wanted.full_name, wanted.email):
                _change(session, was.id, full_name=wanted.full_name, email=wanted.email, name_to_check=False)

    def set_role(self, person: Person, staff_id: UUID, role: Role) -> None:
        """Raises LastAdmin."""
        with self._as_admin(person) as session:
            if _changeable(session, person, staff_id).role is not role:
                _change(session, staff_id, role=role.value)

    def deactivate(self, person: Person, staff_id: UUID) -> None:
        """Signs them out everywhere at once; raises LastAdmin and NotOneself."""
        self._set_active(person, staff_id, active=False)

    def reactivate(self, person: Person, staff_id: UUID) -> None:
        self._set_active(person, staff_id, active=True)

    def invite(self, person: Person, staff_id: UUID, send: Send) -> bool:
        """False where they have an account already, and nothing was sent; raises MemberRefused, InvitationRefused."""
        invited = self.one(person, staff_id)
        if invited.email is None or not invited.is_active:
            raise MemberRefused("Only an active member with an e-mail address can be invited.")
        try:
            is_sent = send(invited.email)
        except SignInRefused as error:
            raise InvitationRefused from error
        if is_sent:
            with self._as_admin(person) as session:
                session.execute(_NOTE_INVITATION, {"staff": staff_id})
        return is_sent

    def _set_active(self, person: Person, staff_id: UUID, *, active: bool) -> None:
        with self._as_admin(person) as session:
            if _changeable(session, person, staff_id).is_active is not active:
                _change(session, staff_id, active=active)

    @contextmanager
    def _as_admin(self, person: Person) -> Iterator[Session]:
        """Raises NotAllowed with a sentence for whoever was an admin a moment ago."""
        try:
            with self._database.as_person(person) as session:
                _require_admin(session)
                yield session
        except NotAllowed as error:
            raise NotAllowed(ADMINS_ONLY) from error

    @contextmanager
    def _unique(self, person: Person, entry: MemberEntry) -> Iterator[None]:
        try:
            yield
        except IntegrityError as error:
            if getattr(getattr(error.orig, "diag", None), "constraint_name", None) != _UNIQUE_EMAIL:
                raise
            raise self._taken(person, entry.email or "") from error

    def _taken(self, person: Person, email: str) -> EmailTaken | MemberChanged:
        with self._as_admin(person) as session:
            holder = session.execute(
                select(Staff.full_name, Staff.active).where(
                    Staff.school_id == person.school_id, func.lower(Staff.email) == func.lower(email)
                )
            ).one_or_none()
        return MemberChanged() if holder is None else EmailTaken(holder.full_name, is_active=holder.active)


def _require_admin(session: Session) -> None:
    if not session.scalar(_IS_ADMIN):
        raise NotAllowed


def _change(session: Session, staff_id: UUID, **values: Any) -> None:
    session.execute(update(Staff).where(Staff.id == staff_id).values(**values))


def _changeable(session: Session, person: Person, staff_id: UUID) -> Member:
    """As they are now, until this transaction ends; raises MemberGone or MadeUpVisitor."""
    session.execute(select(Staff.id).where(Staff.id == staff_id).with_for_update(key_share=True))
    now = member(session, person, staff_id)
    if person.is_demo and now.email in DEMO_PEOPLE.values():
        raise MadeUpVisitor
    return now
