"""What goes along with a question, who may ask about whom, and what is written down before anything leaves."""

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, text

from core.assistant.commands import Name
from core.assistant.message import Kind, Role, State, Subject
from core.assistant.pseudonyms import Pseudonyms
from core.assistant.tokens import Tokens
from core.assistant.whom import About
from core.db.engine import Database
from core.errors import (
    AnswerUnderWay,
    AppError,
    DemoSpendLimitReached,
    NotAllowed,
    QuestionTooLong,
    StillPersonal,
    TooManyMessages,
    UnknownConversation,
    UnknownStudent,
)
from core.meetings.records import RecordKind
from tests.cast import Cast, assign, enrol
from tests.integration.assistant.notebook import LIMITED, UNPRICED, Table, open_table
from tests.integration.db.records import record_everything

TODAY = datetime.now(ZoneInfo("Asia/Singapore")).date()


@pytest.fixture
def table(database: Database, owner: Connection, cast: Cast) -> Iterator[Table]:
    table = open_table(database, owner, cast)
    yield table
    table.assert_nobody_named()


@pytest.fixture
def recorded(table: Table) -> Table:
    """Ana with a row of every kind, all within the last weeks."""
    record_everything(table.owner, table.cast)
    for change in (
        "update attendance set on_date = current_date - 3",
        "update results set recorded_on = current_date - 3",
        "update cases set opened_on = current_date - 3",
    ):
        table.run(change)
    return table


def test_a_command_about_a_student_takes_their_records_along(recorded: Table) -> None:
    asked = recorded.ask(recorded.cast.mei, "/ptm Ana Lim")

    [system, last] = recorded.sent(asked)
    assert system.startswith("You help a teacher")
    assert "Task: ptm" in last
    assert "Student: STUDENT_1\n[r1] STUDENT_1: Attendance: 1 days counted" in last
    assert "STUDENT_1: English, WA1: 15/20 (75 %)" in last
    assert "STUDENT_1: Strength: “Reads aloud well”" in last
    assert "STUDENT_1: Teacher's note: “Bring the reading log”" in last
    assert last.endswith("Request: /ptm STUDENT_1")


def test_a_command_about_a_class_takes_what_there_is_to_say(recorded: Table) -> None:
    asked = recorded.ask(recorded.cast.mei, "help me prepare for the parent teacher meeting")

    assert "[r1] STUDENT_1: Strength: Reads aloud well" in recorded.sent(asked)[-1]
    message = recorded.message(recorded.cast.mei, asked)
    assert (message.command, message.subject) == (
        Name.PTM,
        Subject(About.CLASS, recorded.cast.integrity, "P5 Integrity"),
    )
    assert (message.records, message.students, message.left_out) == (2, 1, 0)
    assert message.held_back == {RecordKind.CASE: 1}


def test_cases_stay_at_school_until_an_admin_lets_them_out_and_go_with_form_teachers_alone(recorded: Table) -> None:
    mei, devi = recorded.cast.mei, recorded.cast.devi
    shut = [recorded.sent(recorded.ask(who, "/ptm Ana"))[-1] for who in (mei, devi)]
    recorded.run("""update schools set settings = '{"to_model": ["case", "observation"]}'""")
    let_out = [recorded.sent(recorded.ask(who, "/ptm Ana"))[-1] for who in (mei, devi)]

    assert ["larger print" in text for text in shut] == [False, False]
    assert ["larger print" in text for text in let_out] == [True, False]
    assert ["English" in text for text in let_out] == [False, False]
    assert all("Reads aloud" in text for text in let_out)


@pytest.mark.parametrize("words", ["/ptm Bala", "How is Bala doing?", "I am meeting the parents of Bala tomorrow"])
def test_another_teacher_s_student_is_not_found_and_nothing_is_sent(table: Table, words: str) -> None:
    asked = table.ask(table.cast.mei, words)

    message = table.message(table.cast.mei, asked)
    assert (message.kind, message.role, message.state) == (Kind.WHICH, Role.ASSISTANT, State.DONE)
    assert "“Bala" in message.text
    assert [choice.name for choice in message.choices] == ["P5 Integrity"]
    assert table.notebook.begun == {}
    assert (table.count("openai_usage"), table.count("chat_requests"), table.count("rate_limits")) == (0, 0, 0)


def test_another_teacher_s_student_is_a_token_all_the_same(table: Table) -> None:
    asked = table.ask(table.cast.mei, "Bala sat beside Ana Lim. What now?")

    assert table.sent(asked)[-1].endswith("Request: STUDENT_1 sat beside STUDENT_2. What now?")


@pytest.mark.parametrize(
    ("who", "kind", "error"),
    [("mei", About.STUDENT, UnknownStudent), ("mei", About.CLASS, NotAllowed), ("ben", About.CLASS, NotAllowed)],
)
def test_whoever_is_handed_in_is_checked(table: Table, who: str, kind: About, error: type[AppError]) -> None:
    bala_or_courage = table.cast.bala if kind is About.STUDENT else table.cast.courage

    with pytest.raises(error):
        table.ask(getattr(table.cast, who), "How is it going?", subject=Subject(kind, bala_or_courage, "Bala"))

    assert (table.count("chat_threads"), table.count("openai_usage")) == (0, 0)


def test_two_who_fit_are_asked_about_and_the_choice_is_sent(table: Table) -> None:
    ben = enrol(table.owner, table.cast.integrity, "Lim Ben")
    which = table.ask(table.cast.mei, "/progress lim")
    choices = table.message(table.cast.mei, which).choices
    assert {choice.name for choice in choices} == {"Ana Lim", "Lim Ben"}
    assert table.notebook.begun == {}

    asked = table.assistant.choose(table.cast.mei, which.message_id, next(c for c in choices if c.name == "Lim Ben"))

    messages = table.assistant.thread(table.cast.mei, asked.conversation_id).messages
    assert [message.kind for message in messages] == [Kind.QUESTION, Kind.WHICH, Kind.ANSWER]
    assert messages[-1].subject == Subject(About.STUDENT, ben, "Lim Ben")
    assert "Student: STUDENT_1 (no data)\n\nRequest: /progress STUDENT_1b" in table.sent(asked)[-1]
    ledger = table.owner.execute(text("select * from openai_usage")).one()
    assert (ledger.request_data["by"], ledger.feature) == ("choice", "progress")


def test_a_choice_after_the_talk_went_on_is_a_question_of_its_own(table: Table) -> None:
    which = table.ask(table.cast.mei, "/ptm Zachary")
    candidate = table.message(table.cast.mei, which).choices[0]
    table.ask_and_hear(table.cast.mei, "What is a haiku?", conversation_id=which.conversation_id)

    table.assistant.choose(table.cast.mei, which.message_id, candidate)

    messages = table.assistant.thread(table.cast.mei, which.conversation_id).messages
    assert [message.text for message in messages if message.role is Role.TEACHER] == [
        "/ptm Zachary",
        "What is a haiku?",
        "/ptm Zachary",
    ]


def test_a_subject_teacher_of_two_classes_is_asked_which(table: Table) -> None:
    assign(table.owner, table.cast.devi, table.cast.courage, "subject")

    asked = table.ask(table.cast.devi, "/ptm")

    choices = table.message(table.cast.devi, asked).choices
    assert [choice.name for choice in choices] == ["P4 Courage", "P5 Integrity"]


def test_an_admin_without_classes_may_choose_any_of_the_school(table: Table) -> None:
    asked = table.ask(table.cast.siti, "/ptm")

    choices = table.message(table.cast.siti, asked).choices
    assert [choice.name for choice in choices] == ["P4 Courage", "P5 Integrity"]


@pytest.mark.parametrize(("words", "kind"), [("/help", Kind.HELP), ("/pmt", Kind.UNKNOWN), ("/lesson", Kind.WHICH)])
def test_what_the_app_answers_itself_costs_nothing(table: Table, words: str, kind: Kind) -> None:
    asked = table.ask(table.cast.mei, words)

    question, reply = table.assistant.thread(table.cast.mei, asked.conversation_id).messages
    assert (question.text, reply.kind, reply.id) == (words, kind, asked.message_id)
    assert (table.count("openai_usage"), table.count("rate_limits")) == (0, 0)
    assert table.assistant.sent(table.cast.mei, asked.message_id) is None


def test_what_it_may_cost_is_held_before_it_leaves(recorded: Table) -> None:
    asked = recorded.ask(recorded.cast.mei, "/ptm Ana")

    ledger = recorded.owner.execute(text("select * from openai_usage where message_id is not null")).one()
    assert (ledger.type, ledger.state, ledger.model, ledger.attempt) == ("chat", "reserved", "gpt-6-luna", 1)
    assert (ledger.message_id, ledger.feature, ledger.class_id) == (asked.message_id, "ptm", recorded.cast.integrity)
    assert ledger.request_data == {"command": "ptm", "by": "slash", "by_stand_in": True}
    # 2,000 tokens of an answer alone cost $0.001.
    assert Decimal("0.001") < ledger.held_cost < Decimal("0.002")


def test_without_a_price_nothing_is_held(database: Database, owner: Connection, cast: Cast) -> None:
    table = open_table(database, owner, cast, UNPRICED)

    table.ask(cast.mei, "What is a haiku?")

    ledger = owner.execute(text("select * from openai_usage")).one()
    assert (ledger.held_cost, ledger.feature, ledger.request_data) == (
        None,
        "question",
        {"command": None, "by": "words"},
    )


def test_a_demo_spends_no_more_than_it_may_and_leaves_nothing_behind(
    database: Database, owner: Connection, cast: Cast
) -> None:
    owner.execute(text("update schools set kind = 'demo'"))
    table = open_table(database, owner, cast, LIMITED)

    with pytest.raises(DemoSpendLimitReached):
        table.ask(cast.mei, "What is a haiku?")

    assert [table.count(name) for name in ("chat_threads", "openai_usage", "rate_limits")] == [0, 0, 0]


def test_the_eleventh_of_a_minute_leaves_nothing_behind_and_says_when(table: Table) -> None:
    for _ in range(10):
        table.ask(table.cast.mei, "Hello")

    with pytest.raises(TooManyMessages) as refused:
        table.ask(table.cast.mei, "How is Ana Lim doing?")

    wait = refused.value.opens_at - datetime.now(ZoneInfo("UTC"))
    assert timedelta(0) < wait < timedelta(seconds=60)
    assert refused.value.opens_at.utcoffset() == timedelta(hours=8)
    assert [table.count(name) for name in ("chat_threads", "chat_requests", "chat_tokens")] == [10, 10, 0]


def test_while_an_answer_is_written_nothing_more_is_sent(table: Table) -> None:
    asked = table.ask(table.cast.mei, "Hello")

    with pytest.raises(AnswerUnderWay):
        table.ask(table.cast.mei, "And how is Ana Lim?", conversation_id=asked.conversation_id)

    assert (len(table.notebook.begun), table.count("chat_tokens")) == (1, 0)


def test_nobody_asks_in_somebody_else_s_conversation(table: Table) -> None:
    asked = table.ask_and_hear(table.cast.mei, "Hello")

    for who in (table.cast.siti, table.cast.ben):
        with pytest.raises(UnknownConversation):
            table.ask(who, "Hello", conversation_id=asked.conversation_id)
    with pytest.raises(UnknownConversation):
        table.ask(table.cast.mei, "Hello", conversation_id=uuid4())


def test_what_the_last_check_finds_stops_everything(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(_: Pseudonyms, words: str, __: Tokens) -> str:
        return words

    monkeypatch.setattr(Pseudonyms, "replace", forgetful)
    monkeypatch.setattr(Pseudonyms, "mend", forgetful)

    with pytest.raises(StillPersonal):
        table.ask(table.cast.mei, "Ana Lim is late again")

    assert [table.count(name) for name in ("chat_threads", "openai_usage", "rate_limits")] == [0, 0, 0]
    assert table.notebook.begun == {}


def test_a_book_is_no_question(table: Table) -> None:
    with pytest.raises(QuestionTooLong):
        table.ask(table.cast.mei, "x" * 8001)


TRICKY = (
    "Mdm Lim Siew Hoon called 9123 4567 about ana lim's homework",
    "ANA LIM, A. Lim, Lim Ana and Ana",
    "mei.tan@north.school and Mei Tan and Arjun Nair met Bala s/o Kumar",
    "STUDENT_1 is not Ana Lim, S1234567D is",
    "Ana Lim\n\nArjun\nNair",
)


@pytest.mark.parametrize("words", TRICKY)
def test_nobody_is_named_in_words_records_history_or_notes(recorded: Table, words: str) -> None:
    mei, ana = recorded.cast.mei, Subject(About.STUDENT, recorded.cast.ana, "Ana Lim")
    recorded.run("update observations set text = :words", words=words)
    recorded.run("update readiness_notes set text = :words", words=words)
    first = recorded.ask_and_hear(mei, words, words, subject=ana)

    second = recorded.ask(mei, words, conversation_id=first.conversation_id, subject=ana)

    assert len(recorded.sent(second)) == 4
    assert recorded.assistant.thread(mei, first.conversation_id).messages[0].text == words


def test_the_provider_hears_a_hash_of_who_asks(table: Table) -> None:
    asked = table.ask(table.cast.mei, "Hello")

    safety_id = table.notebook.begun[asked.message_id].request.safety_id
    assert safety_id is not None
    assert len(safety_id) == 64
    assert str(table.cast.mei.staff_id) not in safety_id
    assert safety_id != hashlib.sha256(str(table.cast.mei.staff_id).encode()).hexdigest()


def test_a_conversation_is_called_after_its_first_question_with_names_and_that_stays_here(table: Table) -> None:
    asked = table.ask(table.cast.mei, "/ptm Ana Lim")

    conversation = table.assistant.thread(table.cast.mei, asked.conversation_id).conversation
    assert (conversation.title, conversation.class_id) == ("Meeting about Ana Lim", table.cast.integrity)


def test_what_was_sent_is_shown_to_its_writer_alone(recorded: Table) -> None:
    asked = recorded.ask_and_hear(recorded.cast.mei, "Compare with Bala and Arjun Nair")
    asked = recorded.ask(recorded.cast.mei, "/ptm Ana", conversation_id=asked.conversation_id)

    sent = recorded.assistant.sent(recorded.cast.mei, asked.message_id)

    assert sent is not None
    assert sent.body == recorded.notebook.begun[asked.message_id].request.parameters()
    assert (sent.sent_to, sent.kinds) == ("api.openai.com", ("attendance", "note", "observation", "result"))
    assert sent.message == recorded.sent(asked)[-1]
    assert {(one.token, one.text) for one in sent.replaced} == {
        ("STUDENT_1", "Bala"),
        ("STAFF_1", "Arjun Nair"),
        ("STUDENT_2", "Ana Lim"),
        ("STUDENT_2b", "Ana"),
    }
    for other in (recorded.cast.siti, recorded.cast.devi):
        assert recorded.assistant.sent(other, asked.message_id) is None


def test_the_mapping_shows_only_what_is_in_that_request(table: Table) -> None:
    first = table.ask_and_hear(table.cast.mei, "How tall is Bala?")
    table.ask(table.cast.mei, "And Ana Lim?", conversation_id=first.conversation_id)

    sent = table.assistant.sent(table.cast.mei, first.message_id)

    assert sent is not None
    assert [(one.token, one.text) for one in sent.replaced] == [("STUDENT_1", "Bala")]


def test_sources_are_kept_with_the_request(recorded: Table) -> None:
    asked = recorded.ask(recorded.cast.mei, "/ptm Ana")

    sources = recorded.notebook.begun[asked.message_id].sources
    assert [source.label for source in sources.values()] == ["Attendance", "English", "Observation", "Note"]
    kept = recorded.owner.scalar(
        text("select sources from chat_requests where message_id = :id"), {"id": asked.message_id}
    )
    assert kept is not None
    assert kept["r2"]["label"] == "English"
    assert kept["r2"]["id"] == str(sources["r2"].record.id)
    assert date.fromisoformat(kept["r2"]["on"]) <= TODAY
