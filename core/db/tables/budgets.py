"""What may be spent in a month, and how much of it was passed when."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Numeric, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.tables.base import Base, Identified, OfSchool, Small


class Budget(Identified, OfSchool, Base):
    """With neither class nor person it is the school's; without a month it is for every month."""

    __tablename__ = "budgets"

    class_id: Mapped[uuid.UUID | None]
    staff_id: Mapped[uuid.UUID | None]
    month: Mapped[date | None]
    amount_usd: Mapped[Decimal] = mapped_column(Numeric(8, 2))
    hard: Mapped[bool]


class BudgetWarning(OfSchool, Base):
    __tablename__ = "budget_warnings"

    school_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    budget_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    percent: Mapped[Small] = mapped_column(primary_key=True)
    amount_usd: Mapped[Decimal] = mapped_column(Numeric(8, 2))
    created_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
