"""Brings one answer home: owns the provider's stream in a thread, has it saved, and says the last word on it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from core.accounts.person import Person
from core.assistant import answer_rows, settling
from core.assistant.answer_rows import LOST, Wish
from core.assistant.manuscript import Manuscript
from core.assistant.outgoing import Outgoing
from core.assistant.recording import recorded
from core.assistant.saving import Saver
from core.assistant.settling import Outcome, Why
from core.clients.openai_chat import OpenAIChat, Patience
from core.db.engine import Database
from core.errors import AppError, NotSent, ProviderBusy
from core.log import places

LONGEST_RETRY_WAIT_S = 5.0
RETRY_WAIT_S = 1.0
UNEXPECTED = "Something went wrong here. It may have been charged; you decide what next."

Recorded = TypeVar("Recorded")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Tools:
    """What all answers of a process share; `give_up` ends the wait for a database that is away."""

    database: Database
    chat: OpenAIChat
    patience: Patience
    give_up: threading.Event


class Producer:
    """One answer; it goes on in threads of its own, whether anybody looks or not."""

    def __init__(
        self, tools: Tools, person: Person, answer_id: UUID, outgoing: Outgoing, *, on_end: Callable[[UUID], None]
    ) -> None:
        self.person = person
        self._tools = tools
        self._answer_id = answer_id
        self._outgoing = outgoing
        self._on_end = on_end
        self.manuscript = Manuscript(outgoing)
        self._stopped = threading.Event()
        self._why: Why | None = None
        self._attempt = 1
        self._began_at = time.monotonic()
        self._was_sent = False

    def start(self) -> None:
        threading.Thread(target=self._run, name="answer", daemon=True).start()

    def stop(self, why: Why) -> None:
        """Takes effect within a tenth of a second, also while the provider is silent; the first reason holds."""
        self._why = self._why or why
        self._stopped.set()

    def _run(self) -> None:
        try:
            outcome = self._outcome()
            self._recorded(lambda session: self._end(session, outcome))
        except Exception as error:  # noqa: BLE001 - the row is cut off in time, like that of a process that died
            self._log("the end of an answer was not recorded", error)
        finally:
            self.manuscript.text.end()
            self._on_end(self._answer_id)

    def _outcome(self) -> Outcome:
        saver = Saver(self._save, answer_id=self._answer_id)
        saver.start()
        try:
            return self._answered()
        except AppError as error:
            return self._failed(error)
        except Exception as error:  # noqa: BLE001 - whatever it was, the writer hears that it ended
            self._log("an answer failed", error)
            return self._failed(AppError(UNEXPECTED if self._was_sent else None))
        finally:
            saver.stop()

    def _answered(self) -> Outcome:
        try:
            return self._streamed()
        except NotSent as error:
            self._was_sent = False
            wait_s = _retry_wait_s(error)
            if wait_s is None:
                raise
        if not self._stopped.wait(wait_s):
            self._begin_again()
        return self._streamed()

    def _begin_again(self) -> None:
        is_wanted = self._recorded(lambda session: answer_rows.try_again(session, self._answer_id, self._attempt))
        self._attempt += 1
        if not is_wanted:
            self.stop(Why.GONE)

    def _streamed(self) -> Outcome:
        if self._stopped.is_set():
            return settling.not_begun(self._why or Why.ASKED)
        self._was_sent, self._began_at = True, time.monotonic()
        end = self._tools.chat.stream(self._outgoing.request, on_text=self.manuscript.take, stop=self._stopped.is_set)
        self.manuscript.finish()
        return settling.ended(end, self._outgoing, self._tools.patience, self._why)

    def _failed(self, error: AppError) -> Outcome:
        return settling.failed(
            error,
            self._outgoing,
            written=self.manuscript.received,
            was_sent=self._was_sent,
            duration_ms=round(1000 * (time.monotonic() - self._began_at)),
        )

    def _end(self, session: Session, outcome: Outcome) -> None:
        answer_rows.end(session, self._answer_id, outcome, attempt=self._attempt, manuscript=self.manuscript)

    def _save(self) -> None:
        with self._tools.database.as_person(self.person) as session:
            wish = answer_rows.save(session, self._answer_id, self.manuscript.text.whole)
            is_lost = wish is Wish.GONE and self._seems_lost(session)
        # Taken for dead while the database was away, it goes on: its end will be taken all the same.
        if wish is Wish.STOP:
            self.stop(Why.ASKED)
        elif wish is Wish.GONE and not is_lost:
            self.stop(Why.GONE)

    def _seems_lost(self, session: Session) -> bool:
        seen = answer_rows.glimpse(session, self._answer_id)
        return seen is not None and seen.error_code == LOST

    def _recorded(self, record: Callable[[Session], Recorded]) -> Recorded:
        return recorded(self._tools.database, self.person, record, give_up=self._tools.give_up)

    def _log(self, what: str, error: Exception) -> None:
        log.error(what, answer=str(self._answer_id), error=type(error).__name__, at=places(error))


def _retry_wait_s(error: NotSent) -> float | None:
    """How long to wait before it is sent once more; None if the provider wants more patience than a person has."""
    wait_s = error.retry_after_s if isinstance(error, ProviderBusy) else None
    if wait_s is None:
        return RETRY_WAIT_S
    return wait_s if wait_s <= LONGEST_RETRY_WAIT_S else None
