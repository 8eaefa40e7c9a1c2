"""Going on from what stands in a conversation: choosing, asking again, asking otherwise, continuing."""

from itertools import takewhile
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core.assistant import history, threads
from core.assistant.asking import whom_it_names
from core.assistant.gathering import let_out
from core.assistant.message import Kind, State, Subject
from core.assistant.past import past_of
from core.assistant.sending import Put, Writer
from core.assistant.whom import About, Candidate
from core.db.tables.chats import ChatMessage
from core.errors import NothingToContinue, UnknownConversation
from core.usage.model_choice import school_choices

_REPLACE = text("select private.replace_messages(:message)")


def choose(writer: Writer, which_id: UUID, candidate: Candidate) -> Put:
    """As a question of its own where the talk went on meanwhile."""
    which = _message(writer.session, which_id, Kind.WHICH)
    subject = Subject(candidate.kind, UUID(candidate.id), candidate.name)
    return writer.put(
        _question_before(writer.session, which).text,
        thread_id=which.thread_id,
        subject=subject,
        is_new_question=_went_on(writer.session, which),
    )


def ask_again(writer: Writer, answer_id: UUID) -> Put:
    """From its beginning, where it was continued."""
    answer = _parts(writer.session, _message(writer.session, answer_id, Kind.ANSWER))[0]
    words = _question_before(writer.session, answer).text
    _set_aside(writer.session, answer)
    subject = threads.subject(answer.subject)
    return writer.put(words, thread_id=answer.thread_id, subject=subject, is_new_question=False)


def ask_instead(writer: Writer, question_id: UUID, words: str) -> Put:
    """About the same student, where that one was chosen and no text names anyone."""
    question = _message(writer.session, question_id, Kind.QUESTION)
    answer = _answer_to(writer.session, question)
    subject = threads.subject(answer.subject) if answer else None
    if whom_it_names(question.text) or whom_it_names(words) or (subject and subject.kind is not About.STUDENT):
        subject = None
    _set_aside(writer.session, question)
    return writer.put(words, thread_id=question.thread_id, subject=subject)


def go_on(writer: Writer, answer_id: UUID, words: str) -> Put:
    """As a part of the same answer, or as a question of its own where the talk went on meanwhile.

    Raises NothingToContinue for any but the last answer, and for one that is whole or has no words.
    """
    answer = _message(writer.session, answer_id, Kind.ANSWER)
    later, state = _after(writer.session, answer), State(answer.state)
    continues = len(_parts(writer.session, answer)) > 1
    is_last = not any(one.kind == Kind.ANSWER for one in later)
    if not is_last or not state.may_go_on(answer.text, continues=continues) or not _may_leave(writer, answer):
        raise NothingToContinue
    if not later and not state.may_go_on(answer.text):
        # A part that brought nothing is tried again.
        _set_aside(writer.session, answer)
    return writer.put(words, thread_id=answer.thread_id, is_new_question=bool(later))


def _may_leave(writer: Writer, answer: ChatMessage) -> bool:
    """What broke off goes along when it is continued, unless it told of what stays here by now."""
    choices = school_choices(writer.session, writer.person.school_id)
    return bool(history.let_out(past_of(writer.session, answer.thread_id).turns[-1:], let_out(choices)))


def _message(session: Session, message_id: UUID, kind: Kind) -> ChatMessage:
    found = session.get(ChatMessage, message_id)
    if found is None or found.kind != kind or found.replaced_at is not None:
        raise UnknownConversation
    return found


def _question_before(session: Session, message: ChatMessage) -> ChatMessage:
    return session.scalars(
        select(ChatMessage)
        .where(
            ChatMessage.thread_id == message.thread_id,
            ChatMessage.kind == Kind.QUESTION,
            ChatMessage.place < message.place,
            ChatMessage.replaced_at.is_(None),
        )
        .order_by(ChatMessage.place.desc())
        .limit(1)
    ).one()


def _parts(session: Session, answer: ChatMessage) -> list[ChatMessage]:
    """Of the same answer, up to this one: between two of them stands no question."""
    before = session.scalars(
        select(ChatMessage)
        .where(
            ChatMessage.thread_id == answer.thread_id,
            ChatMessage.place < answer.place,
            ChatMessage.replaced_at.is_(None),
        )
        .order_by(ChatMessage.place.desc())
    )
    return [*reversed(list(takewhile(lambda one: one.kind == Kind.ANSWER, before))), answer]


def _after(session: Session, message: ChatMessage) -> list[ChatMessage]:
    rows = session.scalars(
        select(ChatMessage)
        .where(
            ChatMessage.thread_id == message.thread_id,
            ChatMessage.place > message.place,
            ChatMessage.replaced_at.is_(None),
        )
        .order_by(ChatMessage.place)
    )
    return list(rows)


def _went_on(session: Session, message: ChatMessage) -> bool:
    return bool(_after(session, message))


def _answer_to(session: Session, question: ChatMessage) -> ChatMessage | None:
    for message in _after(session, question):
        if message.kind == Kind.QUESTION:
            return None
        if message.kind == Kind.ANSWER:
            return message
    return None


def _set_aside(session: Session, message: ChatMessage) -> None:
    session.execute(_REPLACE, {"message": message.id})
