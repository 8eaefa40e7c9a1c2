"""An answer's row, as the process that writes it and those that follow it see and change it."""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.assistant.manuscript import Manuscript
from core.assistant.measuring import Unmeasured
from core.assistant.message import Source
from core.assistant.settling import Charge, Outcome
from core.assistant.tail import Glimpse
from core.usage.ledger import LONGEST_MS
from core.usage.prices import Cost, CostSource

LONGEST_TEXT = 100_000
LOST = "answer_lost"
"""Of an answer whose process seemed to be gone; its end is still taken if it turns up."""

_SAVE = text("select private.save_answer(:answer, :text)")
_END = text("select private.end_answer(:answer, :state, :text, cast(:details as jsonb), cast(:settlement as jsonb))")
_TRY_AGAIN = text("select private.try_again(:answer, :attempt)")
_STOP = text("select private.stop_answer(:answer)")
_CUT_OFF_MINE = text("select private.cut_off_my_answers()")
_CUT_OFF = text("select private.cut_off_answers()")
_GLIMPSE = text(
    """
    select
        m.text,
        m.error_code,
        m.state = 'writing' as is_writing,
        m.heartbeat_at < clock_timestamp() - interval '15 seconds' as seems_dead
    from chat_messages as m
    where m.id = :answer
    """
)


class Wish(StrEnum):
    """What the database says to who saves."""

    GO_ON = "go_on"
    STOP = "stop"
    GONE = "gone"


def save(session: Session, answer_id: UUID, written: str) -> Wish:
    """The text so far, and that its process lives."""
    return Wish(str(session.scalar(_SAVE, {"answer": answer_id, "text": written[:LONGEST_TEXT]})))


def end(
    session: Session,
    answer_id: UUID,
    outcome: Outcome,
    *,
    attempt: int,
    manuscript: Manuscript,
) -> None:
    """The last word on the message and on its attempt; may be said twice."""
    details = {
        "sources": [source_as_json(mark, source) for mark, source in manuscript.cited],
        "removed_citations": manuscript.removed_citations,
        "error_code": outcome.error_code,
        "note": outcome.note,
    }
    settlement = _settlement(attempt, outcome.charge)
    values = {"answer": answer_id, "state": outcome.state, "text": manuscript.text.whole[:LONGEST_TEXT]}
    session.execute(_END, {**values, "details": json.dumps(details), "settlement": json.dumps(settlement)})


def try_again(session: Session, answer_id: UUID, attempt: int) -> bool:
    """That attempt was free, and the next one is reserved; False if nobody waits for the answer any more."""
    return bool(session.scalar(_TRY_AGAIN, {"answer": answer_id, "attempt": attempt}))


def ask_to_stop(session: Session, answer_id: UUID) -> None:
    """Whichever process writes it sees this when it saves."""
    session.execute(_STOP, {"answer": answer_id})


def cut_off_mine(session: Session) -> None:
    """This person's answers that nobody writes any more."""
    session.execute(_CUT_OFF_MINE)


def cut_off_all(session: Session) -> int:
    """Everybody's, for the worker; how many there were."""
    return int(session.scalar(_CUT_OFF) or 0)


def glimpse(session: Session, answer_id: UUID) -> Glimpse | None:
    """None for what is not there, or somebody else's."""
    row = session.execute(_GLIMPSE, {"answer": answer_id}).one_or_none()
    return None if row is None else Glimpse(row.text, row.is_writing, bool(row.seems_dead), row.error_code)


def source_as_json(mark: str, source: Source) -> dict[str, str]:
    record = source.record
    return {
        "mark": mark,
        "kind": record.kind.value,
        "id": str(record.id),
        "student_id": str(record.student_id),
        "on": record.on.isoformat(),
        "label": source.label,
    }


def _settlement(attempt: int, charge: Charge) -> Mapping[str, Any]:
    found, tokens = charge.measured, charge.measured.tokens
    if found.cost is Unmeasured.NOTHING_SENT:
        return {"attempt": attempt, "state": "released"}
    # Without a sum of ours the database takes what is held.
    cost = Cost(None, CostSource.POSSIBLE) if isinstance(found.cost, Unmeasured) else found.cost
    return {
        "attempt": attempt,
        "state": "settled",
        "cost_usd": None if cost.cost_usd is None else str(cost.cost_usd),
        "cost_source": cost.source,
        "rates": cost.rates,
        "prompt_tokens": tokens.prompt,
        "completion_tokens": tokens.completion,
        "total_tokens": tokens.total,
        "error": charge.error,
        "response_data": {**charge.response_data, **({"counted": found.counted} if found.counted else {})},
        "duration_ms": _bounded(charge.duration_ms),
        "first_token_ms": _bounded(charge.first_token_ms),
    }


def _bounded(milliseconds: int | None) -> int | None:
    return None if milliseconds is None else min(milliseconds, LONGEST_MS)
