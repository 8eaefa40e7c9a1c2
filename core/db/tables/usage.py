"""Limits, the ledger, its rollup, imports and the audit log."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Numeric, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.db.tables.base import Base, Big, Dollars, Identified, Json, OfSchool, Small


class Limit(Identified, OfSchool, Base):
    __tablename__ = "limits"

    staff_id: Mapped[uuid.UUID | None]
    type: Mapped[str]
    at_most: Mapped[int]
    per_seconds: Mapped[Decimal] = mapped_column(Numeric)
    min_gap_seconds: Mapped[Decimal] = mapped_column(Numeric, server_default=text("0"))


class RateLimit(Identified, OfSchool, Base):
    __tablename__ = "rate_limits"

    user_id: Mapped[uuid.UUID | None]
    type: Mapped[str]
    endpoint: Mapped[str]


class ModelPrice(Identified, OfSchool, Base):
    __tablename__ = "model_prices"

    type: Mapped[str]
    model: Mapped[str]
    size: Mapped[str] = mapped_column(server_default=text("''"))
    quality: Mapped[str] = mapped_column(server_default=text("''"))
    input_usd: Mapped[Dollars | None]
    cached_usd: Mapped[Dollars | None]
    output_usd: Mapped[Dollars | None]
    image_usd: Mapped[Dollars | None]
    source: Mapped[str]
    entered_by: Mapped[uuid.UUID]
    entered_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))


class UsageRow(Identified, OfSchool, Base):
    __tablename__ = "openai_usage"

    user_id: Mapped[uuid.UUID | None]
    type: Mapped[str]
    model: Mapped[str]
    prompt_tokens: Mapped[int | None]
    completion_tokens: Mapped[int | None]
    total_tokens: Mapped[int | None]
    estimated_cost: Mapped[Dollars | None]
    request_data: Mapped[Json]
    response_data: Mapped[Json]
    error: Mapped[str | None]
    job_id: Mapped[uuid.UUID | None]
    message_id: Mapped[uuid.UUID | None]
    attempt: Mapped[Small] = mapped_column(server_default=text("1"))
    state: Mapped[str] = mapped_column(server_default=text("'reserved'"))
    held_cost: Mapped[Dollars | None]
    cost_source: Mapped[str | None]
    rates: Mapped[Json]
    feature: Mapped[str]
    class_id: Mapped[uuid.UUID | None]
    duration_ms: Mapped[int | None]
    first_token_ms: Mapped[int | None]


class UsageDaily(OfSchool, Base):
    __tablename__ = "usage_daily"

    day: Mapped[date]
    user_id: Mapped[uuid.UUID | None]
    feature: Mapped[str]
    type: Mapped[str]
    model: Mapped[str]
    requests: Mapped[int] = mapped_column(server_default=text("0"))
    errors: Mapped[int] = mapped_column(server_default=text("0"))
    tokens: Mapped[Big] = mapped_column(server_default=text("0"))
    cost: Mapped[Decimal] = mapped_column(Numeric(20, 10), server_default=text("0"))
    unpriced: Mapped[int] = mapped_column(server_default=text("0"))
    last_request_at: Mapped[datetime]
    possible_cost: Mapped[Decimal] = mapped_column(Numeric(20, 10), server_default=text("0"))
    estimated_cost: Mapped[Decimal] = mapped_column(Numeric(20, 10), server_default=text("0"))
    uncertain: Mapped[int] = mapped_column(server_default=text("0"))
    photos: Mapped[int] = mapped_column(server_default=text("0"))
    first_tokens: Mapped[int] = mapped_column(server_default=text("0"))
    first_token_ms: Mapped[Big] = mapped_column(server_default=text("0"))

    __mapper_args__ = {"primary_key": ["day", "user_id", "feature", "type", "model"]}  # noqa: RUF012 - as SQLAlchemy declares it


class AuditEntry(Identified, OfSchool, Base):
    __tablename__ = "audit_log"

    actor_id: Mapped[uuid.UUID | None]
    action: Mapped[str]
    object: Mapped[str]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class ProviderPause(Base):
    __tablename__ = "provider_pauses"

    key_hash: Mapped[str] = mapped_column(primary_key=True)
    paused_until: Mapped[datetime]
    why: Mapped[str]


class Import(Identified, OfSchool, Base):
    __tablename__ = "imports"

    group_id: Mapped[uuid.UUID]
    staff_id: Mapped[uuid.UUID | None]
    file_name: Mapped[str]
    sha256: Mapped[str]
    format: Mapped[str]
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    undone_at: Mapped[datetime | None]
