"""Makes the request for an answer: tokens in place of names in every part of it, and a last look at the whole."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.assistant import prompts
from core.assistant.commands import Name
from core.assistant.context import BYTES_PER_TOKEN, Context, Listed
from core.assistant.history import Turn
from core.assistant.known_names import Kind
from core.assistant.message import Source, Subject
from core.assistant.outgoing import Outgoing
from core.assistant.pseudonyms import Pseudonyms
from core.assistant.tokens import Token, Tokens
from core.assistant.whom import About
from core.clients.openai_chat import ChatMessage, ChatRequest
from core.errors import StillPersonal
from core.usage.model_choice import ChatModel

MOST_MENDING = 4
"""What stands beside a name that was just replaced may read like a name now."""
PER_MESSAGE = 8
"""Tokens round each message, rather too many."""


@dataclass(frozen=True)
class ChatChoice:
    """How answers are asked for, from the operator's settings and what the school chose over them."""

    model: str
    max_tokens: int
    reasoning_effort: str | None = None
    with_usage: bool = True
    with_safety_id: bool = True

    def of_school(self, chosen: ChatModel | None) -> "ChatChoice":
        if chosen is None:
            return self
        return replace(self, model=chosen.model, reasoning_effort=chosen.effort.to_send)

    def request(self, messages: Sequence[ChatMessage], safety_id: str) -> ChatRequest:
        return ChatRequest(
            model=self.model,
            messages=tuple(messages),
            max_tokens=self.max_tokens,
            reasoning_effort=self.reasoning_effort,
            safety_id=safety_id if self.with_safety_id else None,
            with_usage=self.with_usage,
        )


@dataclass(frozen=True, kw_only=True)
class Question:
    """What the teacher wrote, with the words in it that say whom it is about, and what goes along."""

    text: str
    task: Name | None = None
    subject: Subject | None = None
    about: str = ""
    context: Context = field(default_factory=Context)


@dataclass(frozen=True)
class Drafting:
    """For one conversation; `tokens` grow as it is written."""

    pseudonyms: Pseudonyms
    tokens: Tokens

    def outgoing(
        self, question: Question, turns: Sequence[Turn], request: Callable[[Sequence[ChatMessage]], ChatRequest]
    ) -> Outgoing:
        """Raises StillPersonal rather than let anything out that says who somebody is."""
        messages = [ChatMessage("system", prompts.SYSTEM)]
        for turn in turns:
            messages += [ChatMessage("user", turn.question), ChatMessage("assistant", self._in_tokens(turn.answer))]
        messages.append(ChatMessage("user", self._asked(question)))
        checked = [ChatMessage(message.role, self._checked(message.content)) for message in messages]
        return Outgoing(request(checked), self.tokens, _sources(question, turns), tuple(question.context.sources))

    def _asked(self, question: Question) -> str:
        records = question.context.text(name=self._student, words=self._replaced)
        return prompts.question(self._words(question), task=question.task, records=records)

    def _student(self, one: Listed) -> str:
        """We know who it is, so two of one name stay two."""
        return str(self.tokens.standing_for(Kind.STUDENT, str(one.id), one.name))

    def _words(self, question: Question) -> str:
        """Whom a command is about is a name there, however short and however it is written."""
        place = _place_of(question.about, question.text)
        if place is None or question.subject is None or question.subject.kind is not About.STUDENT:
            return self._replaced(question.text)
        start, end = place
        token = self.tokens.standing_for(Kind.STUDENT, str(question.subject.id), question.text[start:end])
        return f"{self._replaced(question.text[:start])}{token}{self._replaced(question.text[end:])}"

    def _replaced(self, text: str) -> str:
        return self.pseudonyms.replace(text, self.tokens)

    def _in_tokens(self, answer: str) -> str:
        """What we put in the place of tokens goes back to them, also where it reads like an ordinary word."""
        texts = {token.text: token for token in self.tokens}
        return _known(texts).sub(lambda match: str(texts[match[0]]), answer)

    def _checked(self, message: str) -> str:
        """The last look at what leaves; in earlier turns it finds whoever joined the school since."""
        rest = prompts.without_our_words(message)
        ours = message[: len(message) - len(rest)]
        for _ in range(MOST_MENDING):
            if not self.pseudonyms.personal(rest):
                return ours + rest
            rest = self.pseudonyms.mend(rest, self.tokens)
        raise StillPersonal


def most_prompt_tokens(request: ChatRequest) -> int:
    """Rather too many than too few, for the cost that is held."""
    return sum(PER_MESSAGE + -(-len(message.content.encode()) // BYTES_PER_TOKEN) for message in request.messages)


def _place_of(about: str, text: str) -> tuple[int, int] | None:
    """The last place where the words stand by themselves, whatever the spaces between them."""
    spaced = r"\s+".join(map(re.escape, about.split()))
    found = list(re.finditer(rf"(?<![A-Za-z0-9_]){spaced}(?![A-Za-z0-9_])", text)) if spaced else []
    return found[-1].span() if found else None


def _known(texts: Mapping[str, Token]) -> re.Pattern[str]:
    longest_first = sorted(map(re.escape, texts), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest_first) or '(?!)'})(?!\w)")


def _sources(question: Question, turns: Sequence[Turn]) -> dict[str, Source]:
    earlier = {mark: source for turn in turns for mark, source in turn.sources.items()}
    return {**earlier, **question.context.sources}
