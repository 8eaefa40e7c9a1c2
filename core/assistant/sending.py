"""One question in one transaction: what is sent and what it may cost are written down before anything leaves."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from core.accounts.person import Person
from core.accounts.safety_id import safety_id
from core.assistant import history, known_people, turn_rows
from core.assistant.asking import Wish, understand
from core.assistant.context import Context
from core.assistant.conversation import Asked
from core.assistant.drafting import ChatChoice, Drafting, Question, most_prompt_tokens
from core.assistant.gathering import context_of, let_out
from core.assistant.message import Subject
from core.assistant.outgoing import Outgoing
from core.assistant.past import Past, keep_tokens, past_of
from core.assistant.pseudonyms import Everyone, Pseudonyms
from core.assistant.reach import Reach, reach_of
from core.assistant.replies import Reply
from core.assistant.titles import title_of
from core.assistant.turn_rows import Reservation, TurnIds, may_spend, subject_as_json
from core.assistant.whom import About
from core.errors import DemoSpendLimitReached, NotAllowed, QuestionTooLong, TooManyMessages, UnknownStudent
from core.usage.model_choice import SchoolChoices, school_choices
from core.usage.prices import estimate_chat

MOST_CHARACTERS = 8000
"""Of one question; a page of text is about 3,000."""
PLAIN = "question"


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
            names_in=everyone.personal,
            subject=_in_reach(turn.reach, subject) if subject else None,
            earlier=turn.earlier,
        )
        return self._note(turn, meant) if isinstance(meant, Reply) else self._send(turn, meant)

    def _turn(self, words: str, thread_id: UUID | None, *, is_new_question: bool) -> "_Turn":
        return _Turn(
            words=words,
            thread_id=thread_id,
            is_new_question=is_new_question,
            past=past_of(self.session, thread_id) if thread_id else Past(),
            reach=reach_of(self.session, self.person.staff_id),
            everyone=known_people.everyone(self.session),
        )

    def _note(self, turn: "_Turn", reply: Reply) -> Put:
        ids = self._ids(turn, title_of(turn.words, reply.command), None)
        turn_rows.note(self.session, ids, turn.words, reply)
        return Put(Asked(ids.thread_id, ids.reply_id))

    def _send(self, turn: "_Turn", wish: Wish) -> Put:
        choices = school_choices(self.session, self.person.school_id)
        kinds, context = let_out(choices), Context()
        if wish.subject:
            marks = turn.past.marks
            context = context_of(self.session, self.person, wish.subject, marks, kinds=kinds, task=wish.command)
        outgoing = self._drafted(turn, wish, context, choices)
        class_id = turn.reach.class_of(wish.subject) or turn.past.class_id
        reserved = Reservation(
            outgoing=outgoing,
            sent_to=self.terms.sent_to,
            held_usd=self._held_usd(outgoing),
            feature=wish.command or PLAIN,
            class_id=class_id,
            details=_details(wish, context),
            request_data=self._request_data(wish),
        )
        title = title_of(turn.words, wish.command, wish.subject)
        ids = self._ids(turn, title, class_id)
        if turn.thread_id and not turn.past.turns:
            turn_rows.rename_if_ours(self.session, turn.thread_id, title)
        keep_tokens(self.session, self.person, ids.thread_id, outgoing.tokens.new)
        opens_at = turn_rows.send(self.session, ids, turn.words, reserved)
        if opens_at is not None:
            raise TooManyMessages(opens_at.astimezone(self.person.zone))
        return Put(Asked(ids.thread_id, ids.reply_id), outgoing)

    def _ids(self, turn: "_Turn", title: str, class_id: UUID | None) -> TurnIds:
        thread_id = turn.thread_id or turn_rows.start_thread(self.session, self.person, title, class_id)
        return TurnIds(thread_id, uuid4() if turn.is_new_question else None, uuid4())

    def _drafted(self, turn: "_Turn", wish: Wish, context: Context, choices: SchoolChoices) -> Outgoing:
        focus = turn.reach.students_of(wish.subject or turn.earlier)
        pseudonyms = Pseudonyms(turn.everyone, focus=focus, earlier=turn.past.tokens)
        drafting = Drafting(pseudonyms, turn.past.tokens)
        question = Question(text=turn.words, task=wish.command, subject=wish.subject, about=wish.about, context=context)
        who, choice = safety_id(self.person.staff_id), self.terms.choice.of_school(choices.chat)
        turns = history.within(history.let_out(turn.past.turns, let_out(choices)))
        outgoing = drafting.outgoing(question, turns, lambda messages: choice.request(messages, who))
        return replace(outgoing, by_hand=choices.prices.chat(choice.model))

    def _held_usd(self, outgoing: Outgoing) -> Decimal | None:
        request = outgoing.request
        most = {"prompt_tokens": most_prompt_tokens(request), "completion_tokens": request.max_tokens}
        limit_usd, known_usd = self.terms.spend_limit_usd, estimate_chat(request.model, most).cost_usd
        # Every visitor of a demo may enter a price, so what a demo may spend is held by the table's alone.
        if limit_usd is not None and not may_spend(self.session, limit_usd=limit_usd, held_usd=known_usd):
            raise DemoSpendLimitReached
        return estimate_chat(request.model, most, by_hand=outgoing.by_hand).cost_usd

    def _request_data(self, wish: Wish) -> dict[str, Any]:
        told = {"command": wish.command, "by": wish.by}
        return {**told, "by_stand_in": True} if self.terms.by_stand_in else told


@dataclass(frozen=True, kw_only=True)
class _Turn:
    """What is there before a question is understood."""

    words: str
    thread_id: UUID | None
    is_new_question: bool
    past: Past
    reach: Reach
    everyone: Everyone

    @property
    def earlier(self) -> Subject | None:
        """Whom the conversation was about last, if this person may still read that."""
        last = self.past.subject
        return self.reach.subject(last.kind, str(last.id)) if last else None


def _in_reach(reach: Reach, subject: Subject) -> Subject:
    found = reach.subject(subject.kind, str(subject.id))
    if found is None:
        raise NotAllowed if subject.kind is About.CLASS else UnknownStudent
    return found


def _details(wish: Wish, context: Context) -> dict[str, Any]:
    return {
        "command": wish.command,
        "subject": subject_as_json(wish.subject),
        "records": len(context.facts),
        "students": len(context.students),
        "left_out": context.left_out,
        "held_back": context.held_back,
    }
