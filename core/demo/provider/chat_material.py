"""Reads what the assistant sends along: the task, the students' records, and the teacher's own words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from core.demo.provider.chat_requests import ChatOrder, Message

TASK = re.compile(r"^\s*Task:\s*/?([a-z]+)", re.IGNORECASE | re.MULTILINE)
REQUEST = re.compile(r"^\s*Request:[ \t]*", re.IGNORECASE | re.MULTILINE)
STUDENT = re.compile(r"^\s*Student:\s*(?P<who>[^\n(]*[^\s(])", re.IGNORECASE)
RECORD = re.compile(r"^[\s*-]*\[(?P<mark>r\d{1,4})\]\s*(?:(?P<who>STUDENT_\d+[a-z]{0,2})\s*:\s*)?(?P<text>.*\S)")


@dataclass(frozen=True)
class SentRecord:
    """One line of the records; `mark` is what a citation of it says between its brackets."""

    mark: str
    who: str
    text: str


@dataclass(frozen=True)
class Material:
    """A request taken apart; `students` stand in the order of the records, those without any included."""

    task: str
    words: str
    students: tuple[str, ...]
    records: tuple[SentRecord, ...]

    def of(self, student: str) -> list[SentRecord]:
        return [record for record in self.records if record.who == student]


def read_material(order: ChatOrder) -> Material:
    """What the last question asks and brings; a plain question has the task `chat`."""
    before, words = _parted(order.last_question)
    task = TASK.search(before)
    students, records = _newest_records(order.messages)
    return Material(task[1].lower() if task else "chat", words.strip(), students, records)


def _newest_records(messages: Iterable[Message]) -> tuple[tuple[str, ...], tuple[SentRecord, ...]]:
    for message in reversed(list(messages)):
        if message.role != "assistant":
            students, records = _records_in(_parted(message.text)[0])
            if students:
                return students, records
    return (), ()


def _parted(text: str) -> tuple[str, str]:
    """What stands before the teacher's words, and these; without a heading all of it is theirs."""
    heading = REQUEST.search(text)
    return (text[: heading.start()], text[heading.end() :]) if heading else (text, text)


def _records_in(text: str) -> tuple[tuple[str, ...], tuple[SentRecord, ...]]:
    students: dict[str, None] = {}
    records, current = [], ""
    for line in text.splitlines():
        if named := STUDENT.match(line):
            current = named["who"]
            students[current] = None
        elif found := RECORD.match(line):
            who = found["who"] or current or "The class"
            students[who] = None
            records.append(SentRecord(found["mark"].lower(), who, found["text"].removeprefix(f"{who}:").strip()))
    return tuple(students), tuple(records)
