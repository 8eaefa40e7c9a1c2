"""What a school records of its students."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Numeric, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.tables.base import Base, Identified, OfSchool


class Attendance(Identified, OfSchool, Base):
    __tablename__ = "attendance"

    student_id: Mapped[uuid.UUID]
    on_date: Mapped[date]
    session: Mapped[str] = mapped_column(server_default=text("'day'"))
    status: Mapped[str]
    reason: Mapped[str | None]


class Result(Identified, OfSchool, Base):
    __tablename__ = "results"

    student_id: Mapped[uuid.UUID]
    subject: Mapped[str]
    term: Mapped[str]
    assessment: Mapped[str]
    score: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    max_score: Mapped[Decimal] = mapped_column(Numeric(6, 2))
    weight: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    recorded_on: Mapped[date]


class Observation(Identified, OfSchool, Base):
    __tablename__ = "observations"

    student_id: Mapped[uuid.UUID]
    author_id: Mapped[uuid.UUID]
    happened_at: Mapped[datetime]
    kind: Mapped[str]
    text: Mapped[str]


class Case(Identified, OfSchool, Base):
    __tablename__ = "cases"

    student_id: Mapped[uuid.UUID]
    kind: Mapped[str]
    severity: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=text("'open'"))
    summary: Mapped[str]
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]


class ReadinessNote(Identified, OfSchool, Base):
    __tablename__ = "readiness_notes"

    student_id: Mapped[uuid.UUID]
    staff_id: Mapped[uuid.UUID]
    override: Mapped[str | None]
    text: Mapped[str | None]


class Meeting(Identified, OfSchool, Base):
    __tablename__ = "meetings"

    student_id: Mapped[uuid.UUID]
    staff_id: Mapped[uuid.UUID]
    starts_at: Mapped[datetime]
    guardian_id: Mapped[uuid.UUID | None]
    note: Mapped[str | None]
