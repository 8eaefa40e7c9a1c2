"""Visits of a public demo, and what those that are gone cost."""

import uuid

from sqlalchemy import LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.tables.base import Base, Dollars, Moment


class DemoVisit(Base):
    __tablename__ = "demo_visits"

    school_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    seen_at: Mapped[Moment] = mapped_column(server_default=text("now()"))
    ended_at: Mapped[Moment | None]


class DemoCost(Base):
    __tablename__ = "demo_costs"

    school_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    cost_usd: Mapped[Dollars]
