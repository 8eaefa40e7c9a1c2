"""The rollups of the ledger's closed days; a row has no id, since what it is of is its key."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ARRAY, Numeric, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.tables.base import Base, Big, OfSchool, Small


class Counted:
    """What every rollup counts."""

    requests: Mapped[int] = mapped_column(server_default=text("0"))
    tokens: Mapped[Big] = mapped_column(server_default=text("0"))
    cost: Mapped[Decimal] = mapped_column(Numeric(20, 10), server_default=text("0"))
    unpriced: Mapped[int] = mapped_column(server_default=text("0"))
    possible_cost: Mapped[Decimal] = mapped_column(Numeric(20, 10), server_default=text("0"))
    estimated_cost: Mapped[Decimal] = mapped_column(Numeric(20, 10), server_default=text("0"))
    photos: Mapped[int] = mapped_column(server_default=text("0"))


class Timed:
    """How long answers took to begin."""

    first_tokens: Mapped[int] = mapped_column(server_default=text("0"))
    first_token_ms: Mapped[Big] = mapped_column(server_default=text("0"))


class UsageBooks(OfSchool, Base):
    __tablename__ = "usage_books"

    school_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    closed_until: Mapped[datetime] = mapped_column(server_default=text("'1970-01-01 00:00+00'"))
    last_day: Mapped[date] = mapped_column(server_default=text("'1969-12-31'"))


class UsageDailyDetail(OfSchool, Counted, Timed, Base):
    __tablename__ = "usage_daily_detail"

    day: Mapped[date]
    class_id: Mapped[uuid.UUID | None]
    feature: Mapped[str]
    type: Mapped[str]
    model: Mapped[str]
    error: Mapped[str | None]
    hours: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))

    __mapper_args__ = {"primary_key": ["day", "class_id", "feature", "type", "model", "error"]}  # noqa: RUF012 - as SQLAlchemy declares it


class UsageHourly(OfSchool, Counted, Timed, Base):
    __tablename__ = "usage_hourly"

    day: Mapped[date]
    hour: Mapped[Small]
    utc_day: Mapped[date]
    feature: Mapped[str]
    type: Mapped[str]
    model: Mapped[str]
    errors: Mapped[int] = mapped_column(server_default=text("0"))

    __mapper_args__ = {"primary_key": ["day", "hour", "utc_day", "feature", "type", "model"]}  # noqa: RUF012 - as SQLAlchemy declares it


class UsageMonthly(OfSchool, Counted, Base):
    __tablename__ = "usage_monthly"

    month: Mapped[date]
    user_id: Mapped[uuid.UUID | None]
    class_id: Mapped[uuid.UUID | None]
    errors: Mapped[int] = mapped_column(server_default=text("0"))
    days: Mapped[int]

    __mapper_args__ = {"primary_key": ["month", "user_id", "class_id"]}  # noqa: RUF012 - as SQLAlchemy declares it


class UsageMonthlyDetail(OfSchool, Counted, Base):
    __tablename__ = "usage_monthly_detail"

    month: Mapped[date]
    user_id: Mapped[uuid.UUID | None]
    class_id: Mapped[uuid.UUID | None]
    feature: Mapped[str]
    model: Mapped[str]
    errors: Mapped[int] = mapped_column(server_default=text("0"))
    days: Mapped[int]

    __mapper_args__ = {"primary_key": ["month", "user_id", "class_id", "feature", "model"]}  # noqa: RUF012 - as SQLAlchemy declares it
