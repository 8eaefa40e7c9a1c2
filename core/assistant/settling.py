"""What the end of an answer means: for its message, in a sentence for its writer, and for the money."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from core.assistant.measuring import NOTHING_SENT, Measured, measured
from core.assistant.message import State
from core.assistant.outgoing import Outgoing
from core.clients.chat_answer import ChatEnd, Ending
from core.clients.openai_chat import Patience
from core.errors import AppError, ModerationBlocked, NotSent, Refused
from core.usage.ledger import FREE

REFUSAL = "The safety filter refused this. Rephrase it."
LONGEST_WORD = 100
"""Characters of what a provider calls something; anything longer is no name."""


class Why(Enum):
    """Why an answer is ended from our side."""

    ASKED = auto()
    CLOSING = auto()
    GONE = auto()


@dataclass(frozen=True)
class Charge:
    """What the ledger says of the attempt; `error` is the code of what went wrong."""

    measured: Measured
    error: str | None = None
    response_data: Mapping[str, Any] = field(default_factory=dict)
    duration_ms: int | None = None
    first_token_ms: int | None = None


@dataclass(frozen=True)
class Outcome:
    """The last word on an answer; `note` says in one sentence why it ended, where that needs saying."""

    state: State
    charge: Charge
    note: str | None = None
    error_code: str | None = None


def ended(end: ChatEnd, outgoing: Outgoing, patience: Patience, why: Why | None) -> Outcome:
    """Of an answer that came, wholly or in part, or was stopped; `why` only if we ended it."""
    state, note, code = _told(end.ending, patience, why)
    if state is State.DONE and not end.text.strip():
        state, note, code = State.FAILED, "The answer came back empty. Ask again, or in other words.", "empty"
    words = end.text + (end.refusal or "")
    charge = Charge(
        measured(outgoing.request, end.usage, words, outgoing.by_hand),
        error=None if end.ending is Ending.LENGTH else code,
        response_data=_seen(end),
        duration_ms=end.duration_ms,
        first_token_ms=end.first_token_ms,
    )
    return Outcome(state, charge, note, code)


def not_begun(why: Why) -> Outcome:
    """Stopped before anything was sent."""
    state, note, code = _stopped(why)
    return Outcome(state, Charge(NOTHING_SENT), note, code)


def failed(error: AppError, outgoing: Outgoing, *, written: str, was_sent: bool, duration_ms: int) -> Outcome:
    """Of an answer that ended in an error; usually without a word."""
    if isinstance(error, NotSent | Refused):
        charge = Charge(Measured(FREE), error=error.code, duration_ms=duration_ms)
    elif was_sent:
        charge = Charge(
            measured(outgoing.request, None, written, outgoing.by_hand), error=error.code, duration_ms=duration_ms
        )
    else:
        charge = Charge(NOTHING_SENT)
    if isinstance(error, ModerationBlocked):
        return Outcome(State.REFUSED, charge, REFUSAL, error.code)
    return Outcome(State.FAILED, charge, str(error), error.code)


def _told(ending: Ending, patience: Patience, why: Why | None) -> tuple[State, str | None, str | None]:
    if ending is Ending.COMPLETE:
        return State.DONE, None, None
    if ending is Ending.REFUSED:
        return State.REFUSED, REFUSAL, ModerationBlocked.code
    if ending is Ending.STOPPED:
        return _stopped(why or Why.ASKED)
    notes = {
        Ending.LENGTH: "Cut off at the longest that one answer may be.",
        Ending.SILENT: f"Cut off after {patience.silence_s:g} s of silence.",
        Ending.OUT_OF_TIME: f"Cut off after {patience.deadline_s:g} s, the longest that we wait.",
        Ending.BROKEN_OFF: "Cut off because the connection to OpenAI broke.",
    }
    return State.CUT_OFF, notes[ending], ending.value


def _stopped(why: Why) -> tuple[State, str | None, str | None]:
    if why is Why.CLOSING:
        return State.CUT_OFF, "Cut off because Staffroom was restarted.", "closing"
    return State.STOPPED, "Stopped by you.", None


def _seen(end: ChatEnd) -> dict[str, Any]:
    told = {
        "ending": end.ending.value,
        "finish_reason": end.finish_reason,
        "model": end.model,
        "request_id": end.request_id,
    }
    return {name: value[:LONGEST_WORD] for name, value in told.items() if value}
