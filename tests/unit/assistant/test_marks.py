"""The marks of records: one for each, the same for as long as the conversation lasts."""

from datetime import date
from uuid import UUID, uuid4

from core.assistant.marks import Marks
from core.assistant.message import Source
from core.meetings.records import RecordKind, RecordRef


def record(kind: RecordKind = RecordKind.OBSERVATION, id_: UUID | None = None) -> RecordRef:
    return RecordRef(kind, id_ or uuid4(), UUID(int=1), date(2026, 11, 9))


def test_new_records_go_on_counting_after_those_of_earlier_questions() -> None:
    known = record()
    marks = Marks({"r7": Source(known, "Observation")})

    assert [marks.of(record()), marks.of(known), marks.of(record())] == ["r8", "r7", "r9"]


def test_a_corrected_record_keeps_its_mark() -> None:
    id_, marks = uuid4(), Marks()
    before, after = record(id_=id_), RecordRef(RecordKind.OBSERVATION, id_, UUID(int=1), date(2026, 11, 10))

    assert marks.of(before) == marks.of(after) == "r1"


def test_records_of_two_kinds_are_two_whatever_their_ids() -> None:
    id_, marks = uuid4(), Marks()

    assert marks.of(record(RecordKind.CASE, id_)) != marks.of(record(RecordKind.NOTE, id_))
