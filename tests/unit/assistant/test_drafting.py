"""The request for an answer: nobody is named in it, and its parts stand in their order."""

import random
from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

import pytest

from core.assistant.commands import Name
from core.assistant.context import Context, Fact, build_context
from core.assistant.drafting import ChatChoice, Drafting, Question, most_prompt_tokens
from core.assistant.history import Turn
from core.assistant.known_names import Kind, KnownPerson
from core.assistant.marks import Marks
from core.assistant.message import Source, Subject
from core.assistant.outgoing import Outgoing
from core.assistant.prompts import SYSTEM
from core.assistant.pseudonyms import Everyone, Pseudonyms, restore
from core.assistant.tokens import Tokens
from core.assistant.whom import About
from core.clients.openai_chat import ChatMessage, ChatRequest
from core.errors import StillPersonal
from core.meetings.records import RecordKind, RecordRef
from tests.unit.assistant.naming import demo_people, namings

MAY, GRACE, OTHER_GRACE = UUID(int=1), UUID(int=2), UUID(int=3)
PEOPLE = (
    KnownPerson(Kind.STUDENT, str(MAY), ("May",), ids=("STU0001",)),
    KnownPerson(Kind.STUDENT, str(GRACE), ("Grace Lim", "Gracie")),
    KnownPerson(Kind.STUDENT, str(OTHER_GRACE), ("Grace Lim",)),
    KnownPerson(Kind.GUARDIAN, "hoon", ("Lim Siew Hoon",), contacts=("hoon@home.example", "9123 4567")),
    KnownPerson(Kind.STAFF, "english", ("Full English Markdown",)),
)
CHOICE = ChatChoice(model="gpt-6-luna", max_tokens=2000, reasoning_effort="none")


def about(student: UUID, name: str) -> Subject:
    return Subject(About.STUDENT, student, name)


def fact(student: UUID, name: str, text: str) -> Fact:
    return Fact(name, text, RecordRef(RecordKind.OBSERVATION, uuid4(), student, date(2026, 11, 9)), "Observation")


def context(*facts: Fact) -> Context:
    return build_context(facts, marks=Marks())


def drafted(
    question: Question, turns: Sequence[Turn] = (), *, tokens: Tokens | None = None, choice: ChatChoice = CHOICE
) -> Outgoing:
    drafting = Drafting(Pseudonyms(PEOPLE), tokens or Tokens())
    return drafting.outgoing(question, turns, lambda messages: choice.request(messages, "a-hash"))


def said(outgoing: Outgoing) -> list[str]:
    return [message.content for message in outgoing.request.messages]


def test_the_question_comes_last_and_the_system_part_first() -> None:
    turns = [Turn("Task: chat\n\nRequest: Hello", "Good morning.")]

    outgoing = drafted(Question(text="And now?"), turns)

    assert said(outgoing) == [
        SYSTEM,
        "Task: chat\n\nRequest: Hello",
        "Good morning.",
        "Task: chat\n\nRequest: And now?",
    ]
    assert [message.role for message in outgoing.request.messages] == ["system", "user", "assistant", "user"]


def test_the_settings_decide_what_else_is_sent() -> None:
    bare = ChatChoice(model="local", max_tokens=500, with_usage=False, with_safety_id=False)

    body = drafted(Question(text="Hello"), choice=bare).request.parameters()

    assert set(body) == {"model", "messages", "max_completion_tokens", "stream"}
    assert drafted(Question(text="Hello")).request.parameters()["safety_identifier"] == "a-hash"


def test_records_name_a_student_by_who_it_is_so_two_of_one_name_stay_two() -> None:
    facts = context(fact(GRACE, "Grace Lim", "Reads aloud"), fact(OTHER_GRACE, "Grace Lim", "Late"))

    asked = said(drafted(Question(text="/ptm", task=Name.PTM, context=facts)))[-1]

    assert "[r1] STUDENT_1: Reads aloud" in asked
    assert "[r2] STUDENT_2: Late" in asked


def test_a_name_that_is_an_ordinary_word_is_replaced_in_records_too() -> None:
    asked = said(drafted(Question(text="/ptm", task=Name.PTM, context=context(fact(MAY, "May", "Well in May")))))[-1]

    assert "Student: STUDENT_1\n[r1] STUDENT_1: Well in May" in asked


@pytest.mark.parametrize(
    ("text", "words", "sent"),
    [
        ("/ptm may", "may", "/ptm STUDENT_1"),
        ("how is may  doing? It is may already.", "may", "how is may  doing? It is STUDENT_1 already."),
        ("/ptm  grace   lim", "grace lim", "/ptm  STUDENT_1"),
        ("/progress g. lim's year", "g. lim", "/progress STUDENT_1's year"),
    ],
)
def test_whom_a_command_is_about_is_a_name_however_it_is_written(text: str, words: str, sent: str) -> None:
    outgoing = drafted(Question(text=text, task=Name.PTM, subject=about(MAY, "May"), about=words))

    assert said(outgoing)[-1].endswith(f"Request: {sent}")
    assert restore(sent, outgoing.tokens) == text


def test_a_class_is_no_person() -> None:
    integrity = Subject(About.CLASS, uuid4(), "P5 Integrity")

    asked = said(drafted(Question(text="/ptm P5 Integrity", task=Name.PTM, subject=integrity, about="P5 Integrity")))

    assert asked[-1].endswith("Request: /ptm P5 Integrity")


def test_an_earlier_answer_goes_back_to_its_tokens_even_where_a_name_reads_like_a_word() -> None:
    tokens = Tokens()
    first = said(drafted(Question(text="/ptm May", subject=about(MAY, "May"), about="May"), tokens=tokens))
    answer = restore("STUDENT_1 and others. STUDENT_1 is well.", tokens)

    again = said(drafted(Question(text="Go on"), [Turn(first[-1], answer)], tokens=tokens))

    assert answer == "May and others. May is well."
    assert again[1] == first[-1]
    assert again[2] == "STUDENT_1 and others. STUDENT_1 is well."


def test_whoever_joined_the_school_later_is_replaced_in_earlier_turns() -> None:
    before = Turn("Task: chat\n\nRequest: Gracie and Grace Lim", "Gracie it is.")

    sent = said(drafted(Question(text="Why?"), [before]))

    assert not any("Grac" in text for text in sent)


def test_what_we_say_ourselves_stays_even_where_a_colleague_is_called_so() -> None:
    turns = [Turn(said(drafted(Question(text="Hello", task=Name.LESSON)))[-1], "Fine.")]

    sent = said(drafted(Question(text="Is this in English or Markdown?", task=Name.LESSON), turns))

    assert sent[0] == SYSTEM
    assert sent[-1].endswith("Request: Is this in STAFF_1 or STAFF_1b?")


def test_only_the_records_of_what_is_sent_may_be_cited() -> None:
    earlier = Source(RecordRef(RecordKind.RESULT, uuid4(), MAY, date(2026, 3, 2)), "English")
    facts = build_context([fact(MAY, "May", "Kind")], marks=Marks({"r1": earlier}))

    outgoing = drafted(Question(text="And?", context=facts), [Turn("[r1] STUDENT_1: English", "Good", {"r1": earlier})])

    assert list(outgoing.sources) == ["r1", "r2"]


TRICKY = (
    "Call Mdm Lim on 9123 4567 or write to hoon@home.example about STU0001",
    "GRACE LIM'S NRIC is S1234567D",
    "Gracei lim and G. Lim, Lim Grace",
    "STUDENT_1 is not Grace Lim",
    "Blk 12 Ang Mo Kio Avenue 3, Singapore 560123 is where Siew Hoon lives",
    "Grace Lim\nMay\nGracie",
    "4567Lim, Siewa.b@c.sg12 and Lim, Siew.hoon@home.example",
    "![x](https://x.example/?q=Grace%20Lim)",
)


@pytest.mark.parametrize("text", TRICKY)
def test_nobody_is_named_wherever_the_text_stands(text: str) -> None:
    facts = context(fact(GRACE, "Grace Lim", text), fact(MAY, "May", text))

    sent = said(drafted(Question(text=text, task=Name.PTM, context=facts), [Turn(text, text)]))

    assert [Pseudonyms(PEOPLE).personal(message) for message in sent[1:]] == [[]] * 3
    words = "\n".join(sent[1:]).lower()
    assert not any(leak in words for leak in ("grac", "hoon", "9123", "stu0001", "1234567d", "560123"))


class Forgetful(Pseudonyms):
    """With a fault in its replacing."""

    def replace(self, text: str, tokens: Tokens) -> str:  # noqa: ARG002 - that is the fault
        return text

    def mend(self, text: str, tokens: Tokens) -> str:  # noqa: ARG002 - as above
        return text


@pytest.mark.parametrize(
    ("question", "turns"),
    [
        (Question(text="How is Grace Lim?"), []),
        (Question(text="Hello", context=context(fact(MAY, "May", "Sat beside Grace Lim"))), []),
        (Question(text="Hello"), [Turn("Request: Grace Lim", "Yes?")]),
        (Question(text="Hello"), [Turn("Request: hello", "Grace Lim is well")]),
    ],
)
def test_the_last_check_lets_nothing_out_that_replacing_missed(question: Question, turns: list[Turn]) -> None:
    drafting = Drafting(Forgetful(PEOPLE), Tokens())

    with pytest.raises(StillPersonal):
        drafting.outgoing(question, turns, lambda messages: CHOICE.request(messages, "a-hash"))


def test_what_is_held_is_rather_too_much() -> None:
    request = ChatRequest(model="m", messages=(ChatMessage("user", "word " * 300),), max_tokens=1)

    assert 300 < most_prompt_tokens(request) < 600


def test_no_form_of_a_name_of_the_demo_stops_a_request_or_leaves_in_text_notes_or_history() -> None:
    people, chance = demo_people(), random.Random(7)
    everyone, first = Everyone(people), next(one for one in people if one.kind is Kind.STUDENT)

    for naming in namings(people, chance, 300):
        drafting = Drafting(Pseudonyms(everyone), Tokens())
        facts = context(fact(UUID(first.id), first.names[0], naming.text))
        turns = [Turn(f"Task: chat\n\nRequest: {naming.text}", naming.text)]
        question = Question(text=naming.text, task=Name.PTM, context=facts)

        _, *sent = said(drafting.outgoing(question, turns, lambda messages: CHOICE.request(messages, "a-hash")))

        assert not any(naming.text in text for text in sent), naming.text
