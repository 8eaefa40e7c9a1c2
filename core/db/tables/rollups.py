"""The rollups of the ledger beside usage_daily."""

import uuid
from datetime import date
from decimal import Decimal

from sqlalchemy import ARRAY, Integer, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.tables.base import Base, Big, Identified, OfSchool, Small


class Counted:
    """What every rollup counts."""

    requests: Mapped[int] = mapped_column(server_default=text("0"))
    tokens: Mapped[Big] = mapped_column(server_default=text("0"))
    cost: Mapped[Decimal] = mapped_column(Numeric(20, 10), server_default=text("0"))
    unpriced: Mapped[int] = mapped_column(server_default=text("0"))
    possible_cost: Mapped[Decimal] = mapped_column(Numeric(20, 10), server_default=text("0"))
    estimated_cost: Mapped[Decimal] = mapped_column(Numeric(20, 10), server_default=text("0"))


class UsageDailyDetail(Identified, OfSchool, Counted, Base):
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
    by_hour: Mapped[list[int]] = mapped_column(ARRAY(Integer))


class UsageWeekly(Identified, OfSchool, Counted, Base):
    __tablename__ = "usage_weekly"

    week: Mapped[date]
    user_id: Mapped[uuid.UUID | None]
    class_id: Mapped[uuid.UUID | None]
    feature: Mapped[str]
    type: Mapped[str]
    model: Mapped[str]
    errors: Mapped[int] = mapped_column(server_default=text("0"))
    photos: Mapped[int] = mapped_column(server_default=text("0"))


class UsageHourly(Identified, OfSchool, Counted, Base):
    __tablename__ = "usage_hourly"

    day: Mapped[date]
    hour: Mapped[Small]
    utc_day: Mapped[date]
    feature: Mapped[str]
    type: Mapped[str]
    model: Mapped[str]
    errors: Mapped[int] = mapped_column(server_default=text("0"))
