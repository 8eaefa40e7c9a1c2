"""Batches, portrait jobs, replies and photos."""

import uuid
from datetime import datetime

from sqlalchemy import LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.tables.base import Base, Dollars, Identified, Json, OfSchool, Small


class PhotoBatch(Identified, OfSchool, Base):
    __tablename__ = "photo_batches"

    class_id: Mapped[uuid.UUID | None]
    requested_by: Mapped[uuid.UUID | None]
    options: Mapped[Json]
    state: Mapped[str] = mapped_column(server_default=text("'running'"))
    pause_reason: Mapped[str | None]
    message: Mapped[str | None]
    started_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
    finished_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]


class PhotoJob(Identified, OfSchool, Base):
    __tablename__ = "photo_jobs"

    student_id: Mapped[uuid.UUID]
    class_id: Mapped[uuid.UUID | None]
    requested_by: Mapped[uuid.UUID | None]
    type: Mapped[str] = mapped_column(server_default=text("'image'"))
    options: Mapped[Json]
    state: Mapped[str] = mapped_column(server_default=text("'queued'"))
    cost_usd: Mapped[Dollars | None]
    cost_source: Mapped[str | None]
    not_before: Mapped[datetime | None]
    wait_reason: Mapped[str | None]
    attempt: Mapped[Small] = mapped_column(server_default=text("0"))
    free_retries: Mapped[Small] = mapped_column(server_default=text("0"))
    worker_id: Mapped[str | None]
    usage_id: Mapped[uuid.UUID | None]
    error_code: Mapped[str | None]
    message: Mapped[str | None]
    retry_of: Mapped[uuid.UUID | None]
    called_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    batch_id: Mapped[uuid.UUID | None]
    place: Mapped[Small | None]
    held_usd: Mapped[Dollars | None]
    decided_at: Mapped[datetime | None]


class PhotoReply(OfSchool, Base):
    __tablename__ = "photo_replies"

    job_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    bytes: Mapped[bytes] = mapped_column(LargeBinary)


class Photo(OfSchool, Base):
    __tablename__ = "photos"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    student_id: Mapped[uuid.UUID]
    storage_key: Mapped[str]
    thumb_key: Mapped[str]
    address: Mapped[str]
    width: Mapped[Small]
    height: Mapped[Small]
    sha256: Mapped[str]
    model: Mapped[str]
    style: Mapped[str]
    prompt: Mapped[str]
    options: Mapped[Json]
    cost_usd: Mapped[Dollars | None]
    cost_source: Mapped[str]
    is_current: Mapped[bool] = mapped_column(server_default=text("false"))
    removed_at: Mapped[datetime | None]
    made_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
