"""What there is to say of a class or a student on record, one fact a line."""

from collections.abc import Collection, Iterator, Sequence

from core.assistant.context import LET_OUT, Fact
from core.meetings.readiness import Point, Readiness, Trend
from core.meetings.records import AttendanceFigure, RecordKind, RecordRef, Result, StudentRecord


def class_facts(
    students: Sequence[Readiness], *, kinds: Collection[RecordKind] = LET_OUT, with_figures: bool = False
) -> Iterator[Fact]:
    """In register order, the newest first within a student.

    `with_figures` begins with attendance and the latest result of each; else those stand for who has nothing of note
    among the `kinds` that may leave.
    """
    for one in students:
        points, figures = list(_points(one)), list(_figures(one))
        if with_figures:
            told = {fact.record for fact in figures}
            yield from (*figures, *(fact for fact in points if fact.record not in told))
        else:
            yield from points
            if one.override != "nothing" and not any(fact.record.kind in kinds for fact in points):
                yield from figures


def _points(one: Readiness) -> Iterator[Fact]:
    points = (*one.to_discuss, *one.strengths) if one.is_to_discuss else one.strengths
    for point in sorted(points, key=lambda point: point.on, reverse=True):
        text = f"{_side(point, one)}{point.text} ({_day(point.record)})"
        yield Fact(one.full_name, text, point.record, label_of(point.record, point.tag))


def _figures(one: Readiness) -> Iterator[Fact]:
    if one.attendance is not None:
        yield _fact(one, _attendance(one.attendance), one.attendance.latest)
    if one.trends:
        latest = max(one.trends, key=lambda trend: trend.latest.record.on)
        text = f"{_direction(latest)} ({_day(latest.latest.record)})"
        yield _fact(one, text, latest.latest.record, latest.latest.subject)


def _direction(trend: Trend) -> str:
    now, before = trend.latest, trend.before
    if before is None or trend.change is None or before.percent == now.percent:
        return _result(now) if trend.change is None else f"{now.subject} stayed at {now.percent} %"
    return f"{now.subject} {'rose' if trend.change > 0 else 'fell'} from {before.percent} % to {now.percent} %"


def _result(one: Result) -> str:
    """Marks with what they are out of: 24 of 30 is not 24 of 100."""
    score = "not taken" if one.percent is None else f"{one.marks} ({one.percent} %)"
    return f"{one.subject}, {one.assessment}: {score}"


def student_facts(record: StudentRecord, found: Readiness) -> Iterator[Fact]:
    """Everything on record of one student: figures first, then what was seen and noted."""
    figure = found.attendance
    if figure is not None:
        yield _fact(record, _attendance(figure), figure.latest)
    for result in reversed(record.results):
        yield _fact(record, f"{_result(result)} ({_day(result.record)})", result.record, result.subject)
    for one in reversed(record.observations):
        yield _fact(record, f"{one.kind.capitalize()}: “{one.text}” ({_day(one.record)})", one.record)
    for case in reversed(record.cases):
        yield _fact(record, f"Case ({case.kind}, {case.status}): {case.summary} ({_day(case.record)})", case.record)
    if record.note is not None and record.note.text:
        yield _fact(record, f"Teacher's note: “{record.note.text}”", record.note.record)


def _attendance(figure: AttendanceFigure) -> str:
    days = f"{figure.counted} days counted, {figure.absent} absent, {figure.late} late, {figure.official} official"
    return f"Attendance: {days} (latest {_day(figure.latest)})"


def _fact(record: StudentRecord | Readiness, text: str, source: RecordRef, subject: str = "") -> Fact:
    return Fact(record.full_name, text, source, label_of(source, subject))


def label_of(record: RecordRef, subject: str) -> str:
    return subject if record.kind is RecordKind.RESULT else record.kind.value.capitalize()


def _side(point: Point, one: Readiness) -> str:
    return "Strength: " if point in one.strengths else "To discuss: "


def _day(record: RecordRef) -> str:
    return f"{record.on.day} {record.on:%b}"
