"""Accounts that sign members in, their sessions, and attempts that are counted."""

import uuid

from sqlalchemy import LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.tables.base import Base, Identified, Moment, OfSchool


class StaffSignIn(Identified, OfSchool, Base):
    __tablename__ = "staff_sign_ins"

    staff_id: Mapped[uuid.UUID]
    issuer: Mapped[str]
    subject: Mapped[str]


class SignedInSession(Identified, OfSchool, Base):
    __tablename__ = "sessions"

    staff_id: Mapped[uuid.UUID]
    sign_in_id: Mapped[uuid.UUID]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    user_agent: Mapped[str] = mapped_column(server_default=text("''"))
    last_seen_at: Mapped[Moment] = mapped_column(server_default=text("now()"))
    expires_at: Mapped[Moment] = mapped_column(server_default=text("now() + interval '7 days'"))
    revoked_at: Mapped[Moment | None]
    was_left: Mapped[bool] = mapped_column(server_default=text("false"))


class SignInAttempt(Identified, Base):
    __tablename__ = "sign_in_attempts"

    kind: Mapped[str]
    key_hash: Mapped[bytes] = mapped_column(LargeBinary)
