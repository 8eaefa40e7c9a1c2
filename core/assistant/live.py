"""The answers that this process is writing now."""

import threading
from collections.abc import Iterator
from functools import partial
from uuid import UUID

from core.accounts.person import Person
from core.assistant import answer_rows
from core.assistant.outgoing import Outgoing
from core.assistant.producer import Producer, Tools
from core.assistant.settling import Why
from core.assistant.tail import Glimpse, follow, follow_row
from core.clients.openai_chat import OpenAIChat, Patience
from core.db.engine import Database

LET_FINISH_S = 20.0
LAST_WORDS_S = 5.0
"""For what was stopped to be written down."""


class LiveAnswers:
    """Starts, follows and ends answers, of many people at once; each sees their own alone."""

    def __init__(self, *, database: Database, chat: OpenAIChat, patience: Patience | None = None) -> None:
        """`patience` is the one that `chat` has."""
        self._database = database
        self._give_up = threading.Event()
        self._tools = Tools(database=database, chat=chat, patience=patience or Patience(), give_up=self._give_up)
        self._changed = threading.Condition()
        self._running: dict[UUID, Producer] = {}
        self._is_closing = False

    @property
    def running(self) -> int:
        with self._changed:
            return len(self._running)

    @property
    def is_closing(self) -> bool:
        """Whether nothing new is begun any more."""
        return self._is_closing

    def begin_no_more(self) -> None:
        """What is being written goes on; returns at once."""
        self._is_closing = True

    def start(self, person: Person, answer_id: UUID, outgoing: Outgoing) -> None:
        """Sends the request in a thread and returns; the answer's row and its ledger's are there already."""
        producer = Producer(self._tools, person, answer_id, outgoing, on_end=self._forget)
        with self._changed:
            self._running[answer_id] = producer
            is_too_late = self._is_closing
        if is_too_late:
            producer.stop(Why.CLOSING)
        producer.start()

    def stop(self, person: Person, answer_id: UUID) -> None:
        """Within a fraction of a second if the answer is written here, else as soon as its process saves."""
        producer = self._own(person, answer_id)
        if producer is not None:
            producer.stop(Why.ASKED)
            return
        with self._database.as_person(person) as session:
            answer_rows.ask_to_stop(session, answer_id)

    def tail(self, person: Person, answer_id: UUID) -> Iterator[str]:
        """The text so far, then pieces as they come and "" between them, until the end has been recorded.

        Of an answer that is not there, or somebody else's, there is nothing. Raises DatabaseAway where the answer is
        written elsewhere and can't be read.
        """
        producer = self._own(person, answer_id)
        if producer is not None:
            return follow(producer.manuscript.text)
        return follow_row(partial(self._glimpse, person, answer_id), partial(self._bury, person))

    def close(self, *, let_finish_s: float = LET_FINISH_S) -> None:
        """Lets running answers finish for a while, then cuts them off; returns at once if there are none.

        Within `let_finish_s` and twice `LAST_WORDS_S`, also where the database is away: whatever was not written
        down by then is cut off by whoever looks after answers next.
        """
        self.begin_no_more()
        if self._give_up.is_set():
            return
        self._wait_until_idle(let_finish_s)
        with self._changed:
            left = list(self._running.values())
        for producer in left:
            producer.stop(Why.CLOSING)
        self._wait_until_idle(LAST_WORDS_S)
        self._give_up.set()
        self._wait_until_idle(LAST_WORDS_S)

    def _own(self, person: Person, answer_id: UUID) -> Producer | None:
        with self._changed:
            producer = self._running.get(answer_id)
        return producer if producer is not None and producer.person.staff_id == person.staff_id else None

    def _forget(self, answer_id: UUID) -> None:
        with self._changed:
            self._running.pop(answer_id, None)
            self._changed.notify_all()

    def _wait_until_idle(self, seconds: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: not self._running, seconds)

    def _glimpse(self, person: Person, answer_id: UUID) -> Glimpse | None:
        with self._database.as_person(person) as session:
            return answer_rows.glimpse(session, answer_id)

    def _bury(self, person: Person) -> None:
        with self._database.as_person(person) as session:
            answer_rows.cut_off_mine(session)
