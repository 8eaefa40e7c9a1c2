"""Writes the stand-in's answers to teachers; they say that they come from the demo."""

from core.demo.provider.chat_requests import ChatOrder

GREETING = "This is the demo answering, so no model was asked and nothing was paid."
ADVICE = (
    "A good start for most conversations about a student:\n\n"
    "1. Begin with something that went well lately, and say what you saw yourself.\n"
    "2. Name one thing to work on, with the record behind it.\n"
    "3. Ask what things look like at home, and agree on one next step with a date.\n\n"
    "With a real key, this place shows an answer to exactly what you asked."
)
QUESTION_SHOWN_MOST = 160


def compose_answer(order: ChatOrder) -> str:
    """The whole text of the answer, in Markdown."""
    question = " ".join(order.last_question.split())
    if len(question) > QUESTION_SHOWN_MOST:
        question = question[:QUESTION_SHOWN_MOST].rstrip() + "…"
    asked = f"You asked: “{question}”" if question else "You did not ask anything yet."
    return f"{GREETING}\n\n{asked}\n\n{ADVICE}"
