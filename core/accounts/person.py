"""A member of staff who is here now."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo


class Role(StrEnum):
    TEACHER = "teacher"
    ADMIN = "admin"


@dataclass(frozen=True)
class Person:
    """Who reads and writes; the database checks each statement against this person's claims."""

    staff_id: UUID
    school_id: UUID
    full_name: str
    role: Role
    school_name: str
    time_zone: str
    is_demo: bool

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)
