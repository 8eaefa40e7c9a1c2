"""Conversations with the assistant; only their writer reads them."""

import uuid
from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import ARRAY, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.db.tables.base import Base, Identified, Json, OfSchool

Several = Annotated[list[dict[str, Any]], mapped_column(JSONB, server_default=text("'[]'"))]
Count = Annotated[int, mapped_column(server_default=text("0"))]
Words = Annotated[str, mapped_column(server_default=text("''"))]


class ChatThread(Identified, OfSchool, Base):
    __tablename__ = "chat_threads"

    staff_id: Mapped[uuid.UUID]
    title: Mapped[Words]
    class_id: Mapped[uuid.UUID | None]
    updated_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
    deleted_at: Mapped[datetime | None]


class ChatMessage(Identified, OfSchool, Base):
    __tablename__ = "chat_messages"

    staff_id: Mapped[uuid.UUID]
    thread_id: Mapped[uuid.UUID]
    place: Mapped[int]
    role: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=text("'done'"))
    text: Mapped[Words]
    command: Mapped[str | None]
    subject: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    choices: Mapped[Several]
    sources: Mapped[Several]
    removed_citations: Mapped[Count]
    records: Mapped[Count]
    students: Mapped[Count]
    left_out: Mapped[Count]
    held_back: Mapped[Json]
    error_code: Mapped[str | None]
    note: Mapped[str | None]
    thumb: Mapped[str | None]
    thumb_reason: Mapped[str | None]
    usage_id: Mapped[uuid.UUID | None]
    heartbeat_at: Mapped[datetime | None]
    stop_asked_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]


class ChatRequest(Identified, OfSchool, Base):
    __tablename__ = "chat_requests"

    staff_id: Mapped[uuid.UUID]
    thread_id: Mapped[uuid.UUID]
    message_id: Mapped[uuid.UUID]
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sent_to: Mapped[str]
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    sources: Mapped[Json]
    own_marks: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))


class ChatToken(Identified, OfSchool, Base):
    __tablename__ = "chat_tokens"

    staff_id: Mapped[uuid.UUID]
    thread_id: Mapped[uuid.UUID]
    kind: Mapped[str]
    number: Mapped[int]
    form: Mapped[Words]
    entity: Mapped[str]
    text: Mapped[str]
