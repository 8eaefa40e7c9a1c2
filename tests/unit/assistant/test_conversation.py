"""What a conversation says of its messages: which are one answer, how its records are numbered, what may go on."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from core.assistant.conversation import Conversation, Thread
from core.assistant.message import Kind, Message, Role, Source, State
from core.meetings.records import RecordKind, RecordRef

AT = datetime(2026, 11, 12, tzinfo=UTC)


def said(kind: Kind, *marks: str, state: State = State.DONE, text: str = "Well.") -> Message:
    role = Role.TEACHER if kind is Kind.QUESTION else Role.ASSISTANT
    sources = {mark: Source(RecordRef(RecordKind.NOTE, uuid4(), uuid4(), date(2026, 11, 9)), "") for mark in marks}
    return Message(id=uuid4(), role=role, kind=kind, state=state, text=text, created_at=AT, sources=sources)


def thread(*messages: Message) -> Thread:
    return Thread(Conversation(uuid4(), "", AT), messages)


def test_what_goes_on_without_a_question_is_one_answer_numbered_through() -> None:
    first, rest = said(Kind.ANSWER, "r4", "r2", state=State.CUT_OFF), said(Kind.ANSWER, "r7", "r4")
    other = said(Kind.ANSWER, "r2")
    talk = thread(said(Kind.QUESTION), first, rest, said(Kind.QUESTION), other)

    assert [talk.continues(message) for message in talk.messages] == [False, False, True, False, False]
    assert [talk.is_continued(message) for message in talk.messages] == [False, True, False, False, False]
    assert talk.numbers(first) == {"r4": 1, "r2": 2}
    assert talk.numbers(rest) == {"r4": 1, "r2": 2, "r7": 3}
    assert talk.numbers(other) == {"r2": 1}


def test_what_stands_behind_the_app_s_own_words_continues_nothing() -> None:
    answer = said(Kind.ANSWER)
    talk = thread(said(Kind.QUESTION), said(Kind.WHICH), answer)

    assert not any(map(talk.continues, talk.messages))
    assert talk.parts(answer) == (answer,)


@pytest.mark.parametrize(
    ("state", "may"),
    [(State.CUT_OFF, True), (State.STOPPED, True), (State.FAILED, True), (State.REFUSED, False), (State.DONE, False)],
)
def test_a_part_that_brought_nothing_may_be_tried_again(state: State, may: bool) -> None:
    first, rest = said(Kind.ANSWER, state=State.CUT_OFF), said(Kind.ANSWER, state=state, text="")
    talk = thread(said(Kind.QUESTION), first, rest)

    assert [talk.may_go_on(message) for message in talk.messages] == [False, False, may]
