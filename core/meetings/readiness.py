"""What the records give a teacher to say: things to discuss and strengths, each with its reason, day and record.

Nothing here ranks children: there is no sum over factors, and what is not on record is "no data".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from core.meetings.records import AttendanceFigure, Note, RecordRef, Result, StudentRecord

LOW_ATTENDANCE = 0.9
"""Of the sessions on record that were no official absence."""
MANY_LATE = 3
CLEAR_CHANGE = 8
"""Points of a hundred between two assessments of a subject."""
RECENT = timedelta(days=90)
"""How long an observation is something to talk about."""
CONCERN = "Observation"
"""The tag of what a teacher noted."""


@dataclass(frozen=True)
class Trend:
    """The latest result of a subject, and the one before it."""

    latest: Result
    before: Result | None

    @property
    def change(self) -> Decimal | None:
        """Of the unrounded values."""
        if self.before is None or self.latest.share is None or self.before.share is None:
            return None
        return self.latest.share - self.before.share


@dataclass(frozen=True)
class Point:
    """One thing to say with the record behind it; `tag` is the grey word on the card."""

    text: str
    tag: str
    record: RecordRef

    @property
    def on(self) -> date:
        return self.record.on


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """One student before a meeting; None and empty mean that nothing is on record.

    Of its kind the newest and the largest comes first, and open cases before all.
    """

    student_id: UUID
    full_name: str
    index_no: int | None
    photo_id: UUID | None
    attendance: AttendanceFigure | None
    trends: tuple[Trend, ...]
    to_discuss: tuple[Point, ...]
    strengths: tuple[Point, ...]
    open_cases: int
    note: Note | None

    @property
    def has_data(self) -> bool:
        return bool(self.attendance or self.trends or self.to_discuss or self.strengths)

    @property
    def override(self) -> str | None:
        """What the teacher said whatever the records say: "discuss", "nothing", or no word."""
        return self.note.override if self.note is not None else None

    @property
    def is_to_discuss(self) -> bool:
        """By the records, unless the teacher said otherwise."""
        return bool(self.to_discuss) if self.override is None else self.override == "discuss"

    @property
    def concerns(self) -> int:
        return sum(point.tag == CONCERN for point in self.to_discuss)

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(point.tag for point in (*self.to_discuss, *self.strengths)))


def readiness(record: StudentRecord, today: date) -> Readiness:
    figure, trends = record.attendance, _trends(record.results)
    recent = [one for one in reversed(record.observations) if today - one.record.on <= RECENT]
    changed = sorted(trends, key=lambda trend: -abs(trend.change or Decimal(0)))
    return Readiness(
        student_id=record.student_id,
        full_name=record.full_name,
        index_no=record.index_no,
        photo_id=record.photo_id,
        attendance=figure,
        trends=trends,
        to_discuss=(
            *(Point(f"Open case: {case.summary}", "Open case", case.record) for case in record.cases if case.is_open),
            *_attendance_points(figure),
            *(_change_point(trend, "fell") for trend in changed if (trend.change or 0) <= -CLEAR_CHANGE),
            *(Point(one.text, CONCERN, one.record) for one in recent if one.kind == "concern"),
        ),
        strengths=(
            *(Point(one.text, "Observation", one.record) for one in recent if one.kind == "strength"),
            *(_change_point(trend, "rose") for trend in changed if (trend.change or 0) >= CLEAR_CHANGE),
            *_never_absent(figure),
        ),
        open_cases=sum(case.is_open for case in record.cases),
        note=record.note,
    )


def _trends(results: Sequence[Result]) -> tuple[Trend, ...]:
    by_subject: dict[str, list[Result]] = {}
    for result in results:
        if result.score is not None:
            by_subject.setdefault(result.subject, []).append(result)
    return tuple(Trend(taken[-1], taken[-2] if len(taken) > 1 else None) for taken in by_subject.values())


def _attendance_points(figure: AttendanceFigure | None) -> Iterator[Point]:
    if figure is None or figure.share is None:
        return
    if figure.share < LOW_ATTENDANCE:
        official = f", besides {figure.official} official" if figure.official else ""
        yield Point(
            f"Absent on {figure.absent} of {figure.counted} days{official}",
            "Attendance",
            figure.latest_absent or figure.latest,
        )
    if figure.late >= MANY_LATE:
        yield Point(
            f"Late {figure.late} times in {figure.counted} days", "Punctuality", figure.latest_late or figure.latest
        )


def _never_absent(figure: AttendanceFigure | None) -> Iterator[Point]:
    if figure is not None and figure.counted and not figure.absent and not figure.late:
        yield Point(f"Present and on time on all {figure.counted} days", "Attendance", figure.latest)


def _change_point(trend: Trend, how: str) -> Point:
    before, after = trend.before, trend.latest
    was = before.percent if before else None
    return Point(f"{after.subject} {how} from {was} % to {after.percent} %", after.subject, after.record)
