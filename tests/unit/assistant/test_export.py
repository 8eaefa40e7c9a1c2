"""A conversation as a file."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from core.assistant.commands import Name
from core.assistant.conversation import Conversation, Thread
from core.assistant.export import as_json, as_markdown, file_name
from core.assistant.message import AnswerUsage, Kind, Message, Role, Source, State, Subject
from core.assistant.whom import About
from core.meetings.records import RecordKind, RecordRef

SINGAPORE = ZoneInfo("Asia/Singapore")
AT = datetime(2026, 11, 12, 2, 5, tzinfo=UTC)
RECORD = UUID(int=7)


def question(text: str) -> Message:
    return Message(id=uuid4(), role=Role.TEACHER, kind=Kind.QUESTION, state=State.DONE, text=text, created_at=AT)


def answer(text: str, *, state: State = State.DONE, note: str | None = None, **sources: Source) -> Message:
    return Message(
        id=uuid4(),
        role=Role.ASSISTANT,
        kind=Kind.ANSWER,
        state=state,
        text=text,
        created_at=AT,
        command=Name.PTM,
        subject=Subject(About.STUDENT, uuid4(), "Nurul Aisyah binte Rahman"),
        sources=sources,
        note=note,
        usage=AnswerUsage("gpt-6-luna", 2140, 312, Decimal("0.0004"), "reported", 6000),
    )


def source(kind: RecordKind, label: str) -> Source:
    return Source(RecordRef(kind, RECORD, uuid4(), date(2026, 11, 9)), label)


def thread(*messages: Message) -> Thread:
    return Thread(Conversation(uuid4(), "Meeting about Nurul Aisyah", AT), messages)


def test_markdown_has_each_message_under_its_writer_and_the_time_at_the_school() -> None:
    text = as_markdown(thread(question("How is Nurul?"), answer("Well.")), SINGAPORE)

    assert text.startswith("# Meeting about Nurul Aisyah\n\n*Drafts of an AI assistant;")
    assert "## You, 12 Nov 2026, 10:05\n\nHow is Nurul?" in text
    assert "## Assistant, 12 Nov 2026, 10:05\n\nWell." in text


def test_citations_are_footnotes_with_kind_and_date() -> None:
    cited = answer(
        "Late twice [r12], better in art [r2]; kept as it is [r3].",
        r12=source(RecordKind.ATTENDANCE, "Attendance"),
        r2=source(RecordKind.RESULT, "Art"),
    )

    text = as_markdown(thread(cited), SINGAPORE)

    assert "Late twice[^r12], better in art[^r2]; kept as it is [r3]." in text
    assert text.endswith("[^r2]: Result, Art, 9 Nov 2026\n[^r12]: Attendance, 9 Nov 2026\n")


def test_an_end_that_was_none_is_told() -> None:
    stopped = answer("Nurul is", state=State.STOPPED, note="Stopped by you.")
    writing = answer("Nurul", state=State.WRITING)

    text = as_markdown(thread(stopped, writing), SINGAPORE)

    assert "Nurul is\n\n*Stopped by you.*" in text
    assert "Nurul\n\n*Still being written.*" in text


def test_an_answer_that_was_continued_has_one_heading() -> None:
    cut = answer("Nurul is", state=State.CUT_OFF, note="Cut off after 20 s of silence.")

    text = as_markdown(thread(question("How is Nurul?"), cut, answer("doing well.")), SINGAPORE)

    assert text.count("## Assistant") == 1
    assert text.endswith("Nurul is\n\n*Cut off after 20 s of silence.*\n\ndoing well.\n")


def test_nothing_in_it_is_fetched_by_whoever_opens_it() -> None:
    text = as_markdown(thread(answer("![x](https://x.example/1) <img src=//x.example> 3 < 4")), SINGAPORE)

    assert r"\![x](https://x.example/1) \<img src=//x.example> 3 < 4" in text


def test_json_holds_the_same_for_programs() -> None:
    cited = answer("Kind [r1].", r1=source(RecordKind.OBSERVATION, "Observation"))

    told = json.loads(as_json(thread(question("/ptm நூருல்"), cited), SINGAPORE))

    assert told["messages"][0] == {
        "role": "user",
        "kind": "question",
        "at": "2026-11-12T10:05:00+08:00",
        "text": "/ptm நூருல்",
    }
    assert told["messages"][1] == {
        "role": "assistant",
        "kind": "answer",
        "at": "2026-11-12T10:05:00+08:00",
        "text": "Kind [r1].",
        "command": "ptm",
        "about": "Nurul Aisyah binte Rahman",
        "records": [
            {"mark": "r1", "kind": "observation", "id": str(RECORD), "label": "Observation", "on": "2026-11-09"}
        ],
        "usage": {
            "model": "gpt-6-luna",
            "prompt_tokens": 2140,
            "completion_tokens": 312,
            "cost_usd": "0.0004",
            "cost_source": "reported",
        },
    }


def test_the_file_s_name_names_nobody() -> None:
    assert file_name(thread(), "md") == "conversation-2026-11-12.md"
