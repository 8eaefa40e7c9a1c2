"""Writes the stand-in's answers to teachers: out of the request alone, and saying that the demo answers."""

import re

from core.demo.provider.chat_facts import told
from core.demo.provider.chat_lessons import lesson_answer
from core.demo.provider.chat_material import Material, read_material
from core.demo.provider.chat_meetings import meeting_answer
from core.demo.provider.chat_progress import progress_answer
from core.demo.provider.chat_requests import ChatOrder, Message

GREETING = "This is the demo answering, so no model was asked and nothing was paid."
CONTINUE = re.compile(r"\W*(?:please\s+)?(?:continue|go on|carry on)\b", re.IGNORECASE)
MESSAGE_ADVICE = (
    "A message to parents usually works in four sentences:\n\n"
    "1. Greet them and say in one line why you write.\n"
    "2. Say what you saw, with the day, and something that goes well.\n"
    "3. Say what the class does about it, and the one thing they could do at home.\n"
    "4. Offer two times to talk."
)
LESSON_ADVICE = (
    "What often calms a lesson:\n\n"
    "1. One signal for attention, always the same, and wait until all are there.\n"
    "2. Instructions in three short steps on the board, repeated by a student.\n"
    "3. Name what goes well first; speak to one student quietly, not across the room."
)
TALK_ADVICE = (
    "A good start for most conversations about a student:\n\n"
    "1. Begin with something that went well lately, and say what you saw yourself.\n"
    "2. Name one thing to work on, with the record behind it.\n"
    "3. Ask what things look like at home, and agree on one next step with a date."
)
ADVICE = (
    (re.compile(r"\b(?:message|e-?mail|letter|write to|parents gateway)\b", re.IGNORECASE), MESSAGE_ADVICE),
    (re.compile(r"\b(?:behaviour|noisy|quiet|attention|routine|seating)\b", re.IGNORECASE), LESSON_ADVICE),
)
ENDING = (
    "Try `/ptm`, `/progress` or `/lesson` to see an answer from the demo school's records; "
    "with a real key, this place answers exactly what you asked."
)
QUESTION_SHOWN_MOST = 160
FACTS_SHOWN_MOST = 6


def compose_answer(order: ChatOrder) -> str:
    """The whole text of the answer, in Markdown; the same request is always answered the same."""
    material = read_material(order)
    rest = _rest_of_an_earlier_one(order) if CONTINUE.match(material.words) else ""
    if rest:
        return rest
    match material.task:
        case "ptm":
            return meeting_answer(material)
        case "progress":
            return progress_answer(material)
        case "lesson":
            return lesson_answer(material.words)
    return _chat_answer(material)


def _rest_of_an_earlier_one(order: ChatOrder) -> str:
    """What is missing of the answer that stands last in the request; empty if it is none of ours, or complete."""
    turns = [message for message in order.messages if message.role in ("user", "assistant")]
    if len(turns) < 3 or turns[-2].role != "assistant":
        return ""
    whole = compose_answer(_asked_before(order, turns[:-2]))
    written = turns[-2].text.rstrip()
    return whole[len(written) :] if whole.startswith(written) else ""


def _asked_before(order: ChatOrder, turns: list[Message]) -> ChatOrder:
    guides = [message for message in order.messages if message.role in ("system", "developer")]
    return order.with_messages((*guides, *turns))


def _chat_answer(material: Material) -> str:
    question = " ".join(material.words.split())
    if len(question) > QUESTION_SHOWN_MOST:
        question = question[:QUESTION_SHOWN_MOST].rstrip() + "…"
    asked = f"You asked: “{question}”" if question else "You did not ask anything yet."
    advice = next((advice for about, advice in ADVICE if about.search(question)), TALK_ADVICE)
    return "\n\n".join(part for part in (GREETING, asked, _facts(material), advice, ENDING) if part)


def _facts(material: Material) -> str:
    """What the records say about those whom the question names, or about all if it names none."""
    named = [student for student in material.students if re.search(rf"\b{re.escape(student)}\b", material.words)]
    lines = [
        f"- {student}: {fact.phrase}." for student in named or material.students for fact in told(material.of(student))
    ]
    return "\n".join(["From the records that came along:", "", *lines[:FACTS_SHOWN_MOST]]) if lines else ""
