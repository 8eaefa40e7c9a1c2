"""One question in one transaction: what is sent and what it may cost are written down before anything leaves."""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from core.accounts.person import Person
from core.assistant import history, known_people
from core.assistant.answer_rows import source_as_json
from core.assistant.asking import Reply, Wish, understand
from core.assistant.context import Context
from core.assistant.conversation import Asked, Subject
from core.assistant.drafting import ChatChoice, Drafting, Question, most_prompt_tokens
from core.assistant.gathering import context_of
from core.assistant.outgoing import Outgoing
from core.assistant.past import Past, keep_tokens, past_of
from core.assistant.pseudonyms import Everyone, Pseudonyms
from core.assistant.reach import Reach, reach_of
from core.assistant.titles import title_of
from core.assistant.whom import About
from core.db.tables.chats import ChatThread
from core.errors import DemoSpendLimitReached, NotAllowed, QuestionTooLong, TooManyMessages, UnknownStudent
from core.photos.maker import safety_id
from core.usage.prices import estimate_chat

MOST_CHARACTERS = 8000
"""Of one question; a page of text is about 3,000."""
PLAIN = "question"

_SEND = text(
    """
    select private.send_chat(
        :thread, :question, :answer, :text, cast(:details as jsonb), :model, :held, :feature, :class_id,
        cast(:request as jsonb), cast(:request_data as jsonb)
    )
    """
)
_NOTE = text(
    "select private.note_turn(:thread, :question, :text, :reply, :kind, :reply_text, cast(:choices as jsonb), :command)"
)
_MAY_SPEND = text("select private.demo_may_spend(:limit, :held)")


@dataclass(frozen=True, kw_only=True)
class Terms:
    """How and at what price questions are sent; the limit is a demo's with a real key."""

    choice: ChatChoice
    sent_to: str
    by_stand_in: bool
    spend_limit_usd: Decimal | None = None


@dataclass(frozen=True)
class Put:
    """Where a question went; `outgoing` is None for what the app itself answers."""

    asked: Asked
    outgoing: Outgoing | None = None


@dataclass(frozen=True)
class Writer:
    """One person who asks, in the transaction that is open."""

    session: Session
    person: Person
    terms: Terms

    def put(
        self, words: str, *, thread_id: UUID | None, subject: Subject | None = None, is_new_question: bool = True
    ) -> Put:
        """Without `is_new_question` the last question of the conversation is answered anew."""
        if len(words) > MOST_CHARACTERS:
            raise QuestionTooLong(MOST_CHARACTERS)
        turn = self._turn(words, thread_id, is_new_question=is_new_question)
        everyone = Pseudonyms(turn.everyone)
        meant = understand(
            words,
            turn.reach,
            names_someone=lambda said: bool(everyone.personal(said)),
            subject=_in_reach(turn.reach, subject) if subject else None,
            earlier=turn.earlier,
        )
        return self._note(turn, meant) if isinstance(meant, Reply) else self._send(turn, meant)

    def _turn(self, words: str, thread_id: UUID | None, *, is_new_question: bool) -> "_Turn":
        return _Turn(
            words=words,
            thread_id=thread_id,
            question_id=uuid4() if is_new_question else None,
            past=past_of(self.session, thread_id) if thread_id else Past(),
            reach=reach_of(self.session, self.person.staff_id),
            everyone=known_people.everyone(self.session),
        )

    def _note(self, turn: "_Turn", reply: Reply) -> Put:
        thread_id = turn.thread_id or self._start(title_of(turn.words, reply.command), None)
        asked = Asked(thread_id, uuid4())
        choices = [{"kind": one.kind, "id": one.id, "names": one.names} for one in reply.choices]
        said = {"kind": reply.kind, "reply_text": reply.text, "choices": json.dumps(choices), "command": reply.command}
        self.session.execute(_NOTE, {**turn.values(thread_id), "reply": asked.message_id, **said})
        return Put(asked)

    def _send(self, turn: "_Turn", wish: Wish) -> Put:
        context = context_of(self.session, self.person, wish.subject, turn.past.marks) if wish.subject else Context()
        class_id = turn.reach.class_of(wish.subject) or turn.past.class_id
        outgoing = self._drafted(turn, wish, context)
        held_usd = self._held_usd(outgoing)
        thread_id = turn.thread_id or self._start(title_of(turn.words, wish.command, wish.subject), class_id)
        keep_tokens(self.session, self.person, thread_id, outgoing.tokens.new)
        asked = Asked(thread_id, uuid4())
        opens_at = self.session.scalar(
            _SEND,
            {
                **turn.values(thread_id),
                "answer": asked.message_id,
                "details": json.dumps(_details(wish, context)),
                "model": outgoing.request.model,
                "held": held_usd,
                "feature": wish.command or PLAIN,
                "class_id": class_id,
                "request": json.dumps(self._kept(outgoing)),
                "request_data": json.dumps(self._request_data(wish)),
            },
        )
        if opens_at is not None:
            raise TooManyMessages(opens_at.astimezone(self.person.zone))
        return Put(asked, outgoing)

    def _drafted(self, turn: "_Turn", wish: Wish, context: Context) -> Outgoing:
        focus = turn.reach.students_of(wish.subject or turn.earlier)
        drafting = Drafting(Pseudonyms(turn.everyone, focus=focus), turn.past.tokens)
        question = Question(text=turn.words, task=wish.command, subject=wish.subject, about=wish.about, context=context)
        who = safety_id(self.person.staff_id)
        return drafting.outgoing(
            question, history.within(turn.past.turns), lambda messages: self.terms.choice.request(messages, who)
        )

    def _held_usd(self, outgoing: Outgoing) -> Decimal | None:
        request = outgoing.request
        most = {"prompt_tokens": most_prompt_tokens(request), "completion_tokens": request.max_tokens}
        held_usd = estimate_chat(request.model, most).cost_usd
        limit_usd = self.terms.spend_limit_usd
        if limit_usd is not None and not self.session.scalar(_MAY_SPEND, {"limit": limit_usd, "held": held_usd}):
            raise DemoSpendLimitReached
        return held_usd

    def _start(self, title: str, class_id: UUID | None) -> UUID:
        thread_id = uuid4()
        whose = {"school_id": self.person.school_id, "staff_id": self.person.staff_id}
        self.session.execute(insert(ChatThread).values(id=thread_id, title=title, class_id=class_id, **whose))
        return thread_id

    def _kept(self, outgoing: Outgoing) -> dict[str, Any]:
        return {
            "body": outgoing.request.parameters(),
            "sent_to": self.terms.sent_to,
            "kinds": sorted({source.record.kind for source in outgoing.sources.values()}),
            "sources": {mark: source_as_json(mark, source) for mark, source in outgoing.sources.items()},
        }

    def _request_data(self, wish: Wish) -> dict[str, Any]:
        told = {"command": wish.command, "by": wish.by}
        return {**told, "by_stand_in": True} if self.terms.by_stand_in else told


@dataclass(frozen=True, kw_only=True)
class _Turn:
    """What is there before a question is understood."""

    words: str
    thread_id: UUID | None
    question_id: UUID | None
    past: Past
    reach: Reach
    everyone: Everyone

    @property
    def earlier(self) -> Subject | None:
        """Whom the conversation was about last, if this person may still read that."""
        last = self.past.subject
        return self.reach.subject(last.kind, str(last.id)) if last else None

    def values(self, thread_id: UUID) -> dict[str, object]:
        return {"thread": thread_id, "question": self.question_id, "text": self.words}


def _in_reach(reach: Reach, subject: Subject) -> Subject:
    found = reach.subject(subject.kind, str(subject.id))
    if found is None:
        raise NotAllowed if subject.kind is About.CLASS else UnknownStudent
    return found


def _details(wish: Wish, context: Context) -> dict[str, Any]:
    subject = wish.subject
    return {
        "command": wish.command,
        "subject": {"kind": subject.kind, "id": str(subject.id), "name": subject.name} if subject else None,
        "records": len(context.facts),
        "students": len(context.students),
        "left_out": context.left_out,
    }
