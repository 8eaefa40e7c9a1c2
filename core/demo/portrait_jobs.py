"""The portraits that the demo's teachers asked for before the first visit, with their rows of the ledger."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from core.demo.identity import SCHOOL_ID, demo_id
from core.demo.looks import look_of
from core.demo.names import NO_ANSWER_CAME, REFUSED_BY_FILTER
from core.demo.people import CLASSES, STUDENTS, TIME_ZONE, UNIFORM, DemoClass, DemoStudent
from core.demo.rows import Rows
from core.demo.usage_entry import IMAGE_MODEL, QUALITY, SIZE, UsageEntry, held_for_an_image
from core.demo.usage_history import FREE
from core.errors import AppError, ModerationBlocked, NoAnswer
from core.photos.prompt import Gender, Style, portrait_prompt
from core.roster.terms import school_days_before
from core.usage.prices import Cost, CostSource

ZONE = ZoneInfo(TIME_ZONE)
STYLE = Style.ILLUSTRATED
IN_ONE_GO = 8
BETWEEN_CALLS = timedelta(seconds=19)
DEADLINE = timedelta(seconds=100)


@dataclass(frozen=True, kw_only=True)
class DemoJob:
    """One wish for a portrait; one with neither error nor cost still waits for its picture to be drawn."""

    student: DemoStudent
    called_at: datetime
    took: timedelta
    state: str = "received"
    cost: Cost | None = None
    error: AppError | None = None

    @property
    def id(self) -> UUID:
        return demo_id("job", self.student.full_name)

    @property
    def usage_id(self) -> UUID:
        return demo_id("usage", "job", self.student.full_name)

    def row(self) -> dict[str, Any]:
        ended_at = self.called_at + self.took
        return {
            "id": self.id,
            "school_id": SCHOOL_ID,
            "student_id": self.student.id,
            "class_id": self.student.in_class.id,
            "requested_by": self.student.in_class.form_teacher.id,
            "options": self._options(),
            "state": self.state,
            "cost_usd": self.cost.cost_usd if self.cost else None,
            "cost_source": self.cost.source.value if self.cost else None,
            "attempt": 1,
            "worker_id": "demo",
            "usage_id": self.usage_id,
            "error_code": self.error.code if self.error else None,
            "message": str(self.error) if self.error else None,
            "called_at": self.called_at,
            "received_at": None if self.error else ended_at,
            "finished_at": ended_at if self.error else None,
            "created_at": self.called_at - timedelta(milliseconds=700),
        }

    def _options(self) -> dict[str, Any]:
        pupil = self.student.pupil
        prompt = portrait_prompt(
            gender=Gender(pupil.gender) if pupil.gender else None,
            level=self.student.in_class.level,
            style=STYLE,
            uniform=UNIFORM,
        )
        return {
            "style": STYLE.value,
            "asked": {"prompt": prompt, "model": IMAGE_MODEL, "size": SIZE, "quality": QUALITY, "by_stand_in": True},
            "demo_features": look_of(self.student).stored(),
        }

    def usage_entry(self) -> UsageEntry:
        return UsageEntry(
            id=self.usage_id,
            user_id=self.student.in_class.form_teacher.id,
            type="image",
            model=IMAGE_MODEL,
            feature="portrait",
            created_at=self.called_at - timedelta(milliseconds=200),
            cost=self.cost,
            class_id=self.student.in_class.id,
            job_id=self.id,
            held_cost=held_for_an_image(),
            error=self.error.code if self.error else None,
            duration_ms=round(self.took.total_seconds() * 1000) if self.error else None,
            request_data={"style": STYLE.value, "by_stand_in": True},
        )


def job_rows(today: date) -> Rows:
    return [job.row() for job in _jobs(today)]


def job_usage_rows(today: date) -> Rows:
    """To be inserted before the jobs, which point at them."""
    return [job.usage_entry().row() for job in _jobs(today)]


def _jobs(today: date) -> Iterator[DemoJob]:
    for one in CLASSES:
        yield from _drawn(one, today)
    yesterday, day_before = islice(school_days_before(today), 2)
    yield DemoJob(
        student=_student(REFUSED_BY_FILTER),
        called_at=datetime.combine(day_before, time(14, 6, 12), ZONE),
        took=timedelta(seconds=2.4),
        state="failed",
        cost=FREE,
        error=ModerationBlocked(),
    )
    yield DemoJob(
        student=_student(NO_ANSWER_CAME),
        called_at=datetime.combine(yesterday, time(10, 25, 41), ZONE),
        took=DEADLINE,
        state="unconfirmed",
        cost=Cost(held_for_an_image(), CostSource.POSSIBLE),
        error=NoAnswer(),
    )


def _drawn(in_class: DemoClass, today: date) -> Iterator[DemoJob]:
    """A few at a time after lessons, on every second day of school."""
    days = list(islice(school_days_before(today), 12))[2::2]
    wanted = [one for one in STUDENTS if one.in_class is in_class and one.pupil.has_portrait]
    for number, student in enumerate(wanted):
        go, place = divmod(number, IN_ONE_GO)
        starts_at = datetime.combine(days[go], time(15, 8), ZONE)
        yield DemoJob(
            student=student,
            called_at=starts_at + place * BETWEEN_CALLS,
            took=timedelta(milliseconds=5600 + number * 811 % 4200),
        )


def _student(full_name: str) -> DemoStudent:
    return next(one for one in STUDENTS if one.full_name == full_name)
