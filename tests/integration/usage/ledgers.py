"""Single rows that a test writes into a ledger, in words that say what matters about them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, insert, text

from core.accounts.person import Person
from core.db.tables.photos import Photo, PhotoJob
from core.db.tables.usage import RateLimit, UsageRow
from tests.cast import Cast

# Eight in the evening of a Thursday in Singapore.
NOW = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Books:
    owner: Connection
    cast: Cast

    def called(
        self, person: Person | None = None, *, at: datetime = NOW, cost: str | None = "0.01", **columns: Any
    ) -> UUID:
        """A settled answer of Mei's, unless told otherwise; without a cost it has no price."""
        usage_id = uuid4()
        person = person or self.cast.mei
        row = {
            "id": usage_id,
            "school_id": person.school_id,
            "user_id": person.staff_id,
            "type": "chat",
            "feature": "ptm",
            "model": "gpt-6-luna",
            "state": "settled",
            "cost_source": "unpriced" if cost is None else "reported",
            "estimated_cost": None if cost is None else Decimal(cost),
            "created_at": at,
        }
        self.owner.execute(insert(UsageRow).values({**row, **columns}))
        return usage_id

    def pictured(self, student: UUID, *, is_current: bool = True, person: Person | None = None) -> UUID:
        """A portrait that was made just now."""
        person = person or self.cast.mei
        usage_id = self.called(person, type="image", feature="portrait", model="gpt-image-2.5-flare")
        job_id, of_student = uuid4(), {"school_id": person.school_id, "student_id": student}
        job = {"id": job_id, "state": "queued", "usage_id": usage_id, "requested_by": person.staff_id}
        self.owner.execute(insert(PhotoJob).values(**of_student, **job))
        plain = dict.fromkeys(("address", "model", "style", "prompt"), "x")
        self.owner.execute(
            insert(Photo).values(
                **plain,
                **of_student,
                id=job_id,
                storage_key=str(job_id),
                thumb_key=f"{job_id}/thumb",
                width=1,
                height=1,
                sha256="0" * 64,
                cost_source="reported",
                is_current=is_current,
                made_at=NOW,
            )
        )
        self.owner.execute(text("update photo_jobs set state = 'cancelled' where id = :id"), {"id": job_id})
        return job_id

    def took_slot(self, person: Person, kind: str, at: datetime) -> None:
        slot = {"school_id": person.school_id, "user_id": person.staff_id, "type": kind, "endpoint": "test"}
        self.owner.execute(insert(RateLimit).values(**slot, created_at=at))

    def run(self, statement: str, **values: object) -> None:
        self.owner.execute(text(statement), values)
