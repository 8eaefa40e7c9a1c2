"""What every table shares."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from sqlalchemy import BigInteger, DateTime, Integer, Numeric, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Dollars = Annotated[Decimal, mapped_column(Numeric(16, 10))]
Small = Annotated[int, mapped_column(SmallInteger)]
Big = Annotated[int, mapped_column(BigInteger)]
Json = Annotated[dict[str, Any], mapped_column(JSONB, server_default=text("'{}'"))]
Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]


class Base(DeclarativeBase):
    """Time of making, set by the database."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        int: Integer,
        datetime: DateTime(timezone=True),
    }

    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class Identified:
    """An id of our own making, never a provider's."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))


class OfSchool:
    """The school that a row belongs to; foreign keys include it, so nothing points into another school."""

    school_id: Mapped[uuid.UUID]
