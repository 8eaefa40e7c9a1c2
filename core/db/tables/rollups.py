"""The rollups of the ledger beside usage_daily; a row has no id, since what it is of is its key."""

import uuid
from datetime import date
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


class UsageDailyDetail(OfSchool, Counted, Base):
    __tablename__ = "usage_daily_detail"

    day: Mapped[date]
    class_id: Mapped[uuid.UUID | None]
    feature: Mapped[str]
    type: Mapped[str]
    model: Mapped[str]
    error: Mapped[str | None]
    photos: Mapped[int] = mapped_column(server_default=text("0"))
    first_tokens: Mapped[int] = mapped_column(server_default=text("0"))
    first_token_ms: Mapped[Big] = mapped_column(server_default=text("0"))
    hours: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))

    __mapper_args__ = {"primary_key": ["day", "class_id", "feature", "type", "model", "error"]}  # noqa: RUF012 - as SQLAlchemy declares it


class UsageWeekly(OfSchool, Counted, Base):
    __tablename__ = "usage_weekly"

    week: Mapped[date]
    user_id: Mapped[uuid.UUID | None]
    class_id: Mapped[uuid.UUID | None]
    feature: Mapped[str]
    errors: Mapped[int] = mapped_column(server_default=text("0"))
    photos: Mapped[int] = mapped_column(server_default=text("0"))

    __mapper_args__ = {"primary_key": ["week", "user_id", "class_id", "feature"]}  # noqa: RUF012 - as SQLAlchemy declares it


class UsageHourly(OfSchool, Counted, Base):
    __tablename__ = "usage_hourly"

    day: Mapped[date]
    hour: Mapped[Small]
    utc_day: Mapped[date]
    feature: Mapped[str]
    type: Mapped[str]
    model: Mapped[str]
    errors: Mapped[int] = mapped_column(server_default=text("0"))

    __mapper_args__ = {"primary_key": ["day", "hour", "utc_day", "feature", "type", "model"]}  # noqa: RUF012 - as SQLAlchemy declares it
