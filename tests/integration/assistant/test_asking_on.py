"""Conversations of several turns: what goes along again, asking anew, asking otherwise, and going on."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, text

from core.assistant.context import BYTES_PER_TOKEN
from core.assistant.conversation import Asked
from core.assistant.history import MOST_TOKENS
from core.assistant.message import Kind, Subject
from core.assistant.service import CONTINUE, Assistant
from core.assistant.whom import About
from core.db.engine import Database
from core.demo.faults import Fault
from core.errors import AnswerUnderWay, NothingToContinue, TooManyMessages, UnknownConversation
from tests.cast import Cast, enrol
from tests.integration.assistant.desk import Desk
from tests.integration.assistant.notebook import TERMS, Table, open_table


@pytest.fixture
def table(database: Database, owner: Connection, cast: Cast) -> Iterator[Table]:
    table = open_table(database, owner, cast)
    for words in ("Reads aloud well", "Helps others"):
        observe(table, words)
    yield table
    table.assert_nobody_named()


def observe(table: Table, words: str) -> None:
    table.run(
        "insert into observations (school_id, student_id, author_id, happened_at, kind, text)"
        " values (:school, :ana, :mei, now() - interval '1 hour', 'strength', :words)",
        school=table.cast.mei.school_id,
        ana=table.cast.ana,
        mei=table.cast.mei.staff_id,
        words=words,
    )


def texts(table: Table, conversation_id: object) -> list[str]:
    rows = table.owner.execute(
        text("select text from chat_messages where thread_id = :id and replaced_at is null order by place"),
        {"id": conversation_id},
    )
    return [row.text for row in rows]


def test_a_later_question_carries_the_earlier_ones_as_they_were_sent_and_answers_with_tokens(table: Table) -> None:
    mei = table.cast.mei
    first = table.ask_and_hear(mei, "/progress Ana Lim", "Ana Lim reads well [r1].")

    second = table.ask(mei, "Write that to her mother", conversation_id=first.conversation_id)

    asked_first = table.sent(first)[-1]
    system, question, answer, last = table.sent(second)
    assert (system, question) == (table.sent(first)[0], asked_first)
    assert answer == "STUDENT_1 reads well [r1]."
    assert last == "Task: chat\n\nRequest: Write that to her mother"
    assert list(table.notebook.begun[second.message_id].sources) == ["r1", "r2"]


def test_a_record_keeps_its_mark_through_the_conversation_and_new_ones_go_on_counting(table: Table) -> None:
    mei = table.cast.mei
    first = table.ask_and_hear(mei, "/progress Ana")
    before = {s.record.id: mark for mark, s in table.notebook.begun[first.message_id].sources.items()}
    observe(table, "Shares her books")

    second = table.ask(mei, "/ptm Ana", conversation_id=first.conversation_id)

    after = {s.record.id: mark for mark, s in table.notebook.begun[second.message_id].sources.items()}
    assert before.items() < after.items()
    assert sorted(after.values()) == ["r1", "r2", "r3"]
    assert "[r3] STUDENT_1: Strength: “Shares her books”" in table.sent(second)[-1]


def test_two_questions_at_once_are_asked_one_by_one_and_share_no_token(table: Table) -> None:
    mei = table.cast.mei
    thread = table.ask_and_hear(mei, "Hello").conversation_id
    together = threading.Barrier(2)

    def ask(words: str) -> bool:
        together.wait()
        try:
            table.ask(mei, words, conversation_id=thread)
        except AnswerUnderWay:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        went = list(pool.map(ask, ["Ana Lim?", "Bala Kumar?"]))

    assert sorted(went) == [False, True]
    assert table.count("chat_tokens") == 1


def test_tokens_stay_the_same_through_the_conversation(table: Table) -> None:
    mei = table.cast.mei
    first = table.ask_and_hear(mei, "Is Bala Kumar taller than Ana Lim?")

    second = table.ask(mei, "Ana Lim and Arjun Nair and Bala", conversation_id=first.conversation_id)

    assert table.sent(second)[-1].endswith("Request: STUDENT_2 and STAFF_1 and STUDENT_1b")
    assert table.count("chat_tokens") == 4


@pytest.mark.parametrize("state", ["stopped", "cut_off"])
def test_what_was_stopped_or_cut_off_is_there_as_far_as_it_came(table: Table, state: str) -> None:
    mei = table.cast.mei
    first = table.ask(mei, "Tell me of Ana Lim")
    table.notebook.end(mei, first.message_id, "Ana Lim rea", state=state)

    second = table.assistant.go_on(mei, first.message_id)

    assert table.sent(second)[2:] == ["STUDENT_1 rea", f"Task: chat\n\nRequest: {CONTINUE}"]


def begun(table: Table, words: str = "Ana Lim rea") -> Asked:
    """An answer that broke off."""
    asked = table.ask(table.cast.mei, "Tell me of Ana Lim")
    table.notebook.end(table.cast.mei, asked.message_id, words, state="cut_off")
    return asked


def kinds(table: Table, asked: Asked) -> list[Kind]:
    return [message.kind for message in table.assistant.thread(table.cast.mei, asked.conversation_id).messages]


def test_what_is_continued_is_one_answer_and_written_anew_from_its_beginning(table: Table) -> None:
    mei, first = table.cast.mei, begun(table)
    second = table.assistant.go_on(mei, first.message_id)
    table.notebook.end(mei, second.message_id, "ds well.")

    assert kinds(table, first) == [Kind.QUESTION, Kind.ANSWER, Kind.ANSWER]
    again = table.assistant.ask_again(mei, second.message_id)

    assert kinds(table, first) == [Kind.QUESTION, Kind.ANSWER]
    assert table.sent(again)[1:] == table.sent(first)[1:]


@pytest.mark.parametrize("state", ["failed", "stopped"])
def test_a_part_that_brought_nothing_is_tried_again(table: Table, state: str) -> None:
    mei, first = table.cast.mei, begun(table)
    second = table.assistant.go_on(mei, first.message_id)
    table.notebook.end(mei, second.message_id, "", state=state)
    thread = table.assistant.thread(mei, first.conversation_id)

    third = table.assistant.go_on(mei, second.message_id)

    assert thread.may_go_on(thread.messages[-1])
    assert table.sent(third) == table.sent(second)
    now = table.assistant.thread(mei, first.conversation_id).messages
    assert [message.id for message in now[1:]] == [first.message_id, third.message_id]


def test_where_the_talk_went_on_the_rest_is_a_question_of_its_own(table: Table) -> None:
    mei, first = table.cast.mei, begun(table)
    table.ask(mei, "/help", conversation_id=first.conversation_id)

    table.assistant.go_on(mei, first.message_id)

    assert kinds(table, first)[-3:] == [Kind.HELP, Kind.QUESTION, Kind.ANSWER]


def test_only_the_last_answer_is_continued(table: Table) -> None:
    mei = table.cast.mei
    old = table.ask(mei, "Tell me of Ana Lim")
    table.notebook.end(mei, old.message_id, "Ana Lim rea", state="cut_off")
    table.ask(mei, "/help", conversation_id=old.conversation_id)
    last = table.assistant.go_on(mei, old.message_id)
    table.notebook.end(mei, last.message_id, "ds well.", state="cut_off")

    with pytest.raises(NothingToContinue):
        table.assistant.go_on(mei, old.message_id)

    assert list(table.notebook.begun) == [old.message_id, last.message_id]
    thread = table.assistant.thread(mei, old.conversation_id)
    assert [message.id for message in thread.messages if thread.may_go_on(message)] == [last.message_id]


@pytest.mark.parametrize(
    ("state", "words"), [("cut_off", ""), ("stopped", " \n"), ("done", "All is well."), ("failed", "Ana")]
)
def test_what_has_no_words_or_came_to_its_end_is_not_continued(table: Table, state: str, words: str) -> None:
    mei = table.cast.mei
    asked = table.ask(mei, "Tell me of Ana Lim")
    table.notebook.end(mei, asked.message_id, words, state=state)

    with pytest.raises(NothingToContinue):
        table.assistant.go_on(mei, asked.message_id)

    thread = table.assistant.thread(mei, asked.conversation_id)
    assert not any(map(thread.may_go_on, thread.messages))
    assert table.count("chat_messages") == 2


@pytest.mark.parametrize("state", ["failed", "refused"])
def test_what_failed_or_was_refused_is_not_sent_again(table: Table, state: str) -> None:
    mei = table.cast.mei
    first = table.ask(mei, "Something odd")
    table.notebook.end(mei, first.message_id, "No", state=state)

    second = table.ask(mei, "Hello", conversation_id=first.conversation_id)

    assert len(table.sent(second)) == 2


def test_what_the_app_said_itself_never_leaves(table: Table) -> None:
    mei = table.cast.mei
    first = table.ask(mei, "/help")
    table.ask(mei, "/ptm Zachary", conversation_id=first.conversation_id)

    asked = table.ask(mei, "Hello", conversation_id=first.conversation_id)

    assert table.sent(asked)[1:] == ["Task: chat\n\nRequest: Hello"]


def test_beyond_the_budget_whole_turns_are_left_out_and_their_records_can_t_be_cited(table: Table) -> None:
    mei, long = table.cast.mei, "word " * (6 * MOST_TOKENS * BYTES_PER_TOKEN // 10 // len("word "))
    first = table.ask_and_hear(mei, "/progress Ana", long)
    thread = first.conversation_id
    second = table.ask_and_hear(mei, "What is a haiku?", long, conversation_id=thread)

    asked = table.ask(mei, "Write one", conversation_id=thread)

    assert len(table.sent(second)) == 4
    assert list(table.notebook.begun[second.message_id].sources) == ["r1", "r2"]
    assert table.sent(asked)[1:] == [
        "Task: chat\n\nRequest: What is a haiku?",
        long,
        "Task: chat\n\nRequest: Write one",
    ]
    assert table.notebook.begun[asked.message_id].sources == {}


def test_a_mark_that_a_teacher_or_a_record_holds_itself_cites_nothing(table: Table) -> None:
    mei, long = table.cast.mei, "word " * (8 * MOST_TOKENS * BYTES_PER_TOKEN // 10 // len("word "))
    observe(table, "Wrote [r1] on the board")
    first = table.ask_and_hear(mei, "/progress Ana", long)
    thread = first.conversation_id
    second = table.ask_and_hear(mei, "Is [r1] so, and [[r2]]?", long, conversation_id=thread)

    third = table.ask(mei, "And?", conversation_id=thread)

    assert "[r1] STUDENT_1: Strength: “Wrote (r1) on the board”" in table.sent(first)[-1]
    assert table.sent(second)[-1].endswith("Request: Is (r1) so, and (r2)?")
    assert texts(table, thread)[2] == "Is [r1] so, and [[r2]]?"
    assert set(table.notebook.begun[third.message_id].sources) == set()


def test_a_turn_goes_along_with_the_records_that_came_with_it_alone(table: Table) -> None:
    mei, long = table.cast.mei, "word " * (8 * MOST_TOKENS * BYTES_PER_TOKEN // 10 // len("word "))
    first = table.ask_and_hear(mei, "/progress Ana", long)
    thread = first.conversation_id
    table.run("update chat_requests set body = replace(body::text, 'Task: ', '[r1] Task: ')::jsonb")
    table.run("update chat_requests set own_marks = '{r2}'")

    second = table.ask(mei, "And?", conversation_id=thread)

    assert list(table.notebook.begun[second.message_id].sources) == ["r2"]


def test_asking_again_sets_the_answer_and_what_followed_aside_and_sends_the_same(table: Table) -> None:
    mei = table.cast.mei
    first = table.ask_and_hear(mei, "/progress Ana", "One.")
    thread = first.conversation_id
    table.ask_and_hear(mei, "Why?", "Two.", conversation_id=thread)

    again = table.assistant.ask_again(mei, first.message_id)

    assert texts(table, thread) == ["/progress Ana", ""]
    assert again.message_id != first.message_id
    assert table.sent(again) == table.sent(first)
    with pytest.raises(UnknownConversation):
        table.assistant.ask_again(mei, first.message_id)


def test_asking_instead_sets_the_question_and_what_followed_aside(table: Table) -> None:
    mei = table.cast.mei
    first = table.ask_and_hear(mei, "Hello", "Good morning.")
    thread = first.conversation_id
    second = table.ask_and_hear(mei, "/ptm Ana", "One.", conversation_id=thread)
    question = table.assistant.thread(mei, thread).messages[2]

    instead = table.assistant.ask_instead(mei, question.id, "/progress Ana")

    assert texts(table, thread) == ["Hello", "Good morning.", "/progress Ana", ""]
    assert "Task: progress" in table.sent(instead)[-1]
    assert second.message_id not in {m.id for m in table.assistant.thread(mei, thread).messages}


def test_the_command_that_was_meant_takes_the_place_of_an_unknown_one(table: Table) -> None:
    unknown = table.ask(table.cast.mei, "/pmt ana")
    question = table.assistant.thread(table.cast.mei, unknown.conversation_id).messages[0]

    asked = table.assistant.ask_instead(table.cast.mei, question.id, "/ptm ana")

    assert texts(table, asked.conversation_id) == ["/ptm ana", ""]
    assert asked.conversation_id == unknown.conversation_id


def test_a_question_that_names_nobody_stays_about_the_student_who_was_chosen(table: Table) -> None:
    mei, ana = table.cast.mei, Subject(About.STUDENT, table.cast.ana, "Ana Lim")
    first = table.ask_and_hear(mei, "What goes well?", subject=ana)
    question = table.assistant.thread(mei, first.conversation_id).messages[0]

    instead = table.assistant.ask_instead(mei, question.id, "What goes really well?")

    assert table.message(mei, instead).subject == ana
    assert "Reads aloud well" in table.sent(instead)[-1]


def test_a_refused_slot_keeps_what_was_to_be_replaced(table: Table) -> None:
    mei = table.cast.mei
    asked = table.ask_and_hear(mei, "Hello", "Good morning.")
    table.run("update limits set at_most = 1 where type = 'chat'")

    with pytest.raises(TooManyMessages):
        table.assistant.ask_again(mei, asked.message_id)

    assert texts(table, asked.conversation_id) == ["Hello", "Good morning."]


def test_nothing_is_replaced_while_an_answer_is_written(table: Table) -> None:
    mei = table.cast.mei
    first = table.ask_and_hear(mei, "Hello")
    table.ask(mei, "And?", conversation_id=first.conversation_id)

    with pytest.raises(AnswerUnderWay):
        table.assistant.ask_again(mei, first.message_id)


def test_nobody_goes_on_in_somebody_else_s_conversation(table: Table) -> None:
    asked = table.ask_and_hear(table.cast.mei, "Hello")
    question = table.assistant.thread(table.cast.mei, asked.conversation_id).messages[0]

    for who in (table.cast.siti, table.cast.devi):
        with pytest.raises(UnknownConversation):
            table.assistant.ask_again(who, asked.message_id)
        with pytest.raises(UnknownConversation):
            table.assistant.go_on(who, asked.message_id)
        with pytest.raises(UnknownConversation):
            table.assistant.ask_instead(who, question.id, "Hello")


def test_whoever_joined_the_school_since_is_not_named_in_earlier_turns(table: Table) -> None:
    mei = table.cast.mei
    first = table.ask_and_hear(mei, "Is Zachary new?", "Zachary may be new.")
    enrol(table.owner, table.cast.integrity, "Zachary Wong")

    second = table.ask(mei, "Who?", conversation_id=first.conversation_id)

    assert "Zachary" in "".join(table.sent(first))
    assert "Zachary" not in "".join(table.sent(second))
    table.notebook.begun.pop(first.message_id)


def test_the_stand_in_takes_up_an_answer_where_it_was_cut(desk: Desk) -> None:
    observed = Table(
        database=desk.database,
        owner=desk.owner,
        cast=desk.cast,
        notebook=open_table(desk.database, desk.owner, desk.cast).notebook,
        assistant=Assistant(database=desk.database, live=desk.live, terms=TERMS),
    )
    observe(observed, "Reads aloud well")
    whole = desk.ended(observed.ask(desk.cast.mei, "/ptm Ana Lim").message_id).text
    desk.stand_in.faults.upcoming(Fault.CUT_STREAM)
    cut = observed.ask(desk.cast.mei, "/ptm Ana Lim")
    part = desk.ended(cut.message_id)

    rest = desk.ended(observed.assistant.go_on(desk.cast.mei, cut.message_id).message_id)

    assert part.state == "cut_off"
    assert whole.startswith(part.text)
    assert (part.text + rest.text).split() == whole.split()
    assert "Ana Lim" in whole
    assert Kind(rest.kind) is Kind.ANSWER
