"""A demo school whose portraits are asked of a provider that the test holds in its hands."""

import math
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4
from wsgiref.types import StartResponse, WSGIEnvironment

from sqlalchemy import Connection, Row, text

from core.accounts.person import Person, Role
from core.demo.pauses import Timing
from tests.cast import enrol, open_class
from tests.e2e.browsing import running_app
from tests.e2e.drawn_demo import drawn_demo, owner_of
from tests.integration.assistant.scripted import ScriptedStandIn
from tests.integration.photos.studio import served

REST_WITHIN_S = 90


PACE = Timing(hang_s=5)


class Provider(ScriptedStandIn):
    """The stand-in, which waits with its answers as long as it is told to, and keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(timing=PACE)
        self._may_answer = threading.Condition()
        self._left: float = math.inf

    def hold(self) -> None:
        """Requests come in and wait."""
        self._allow(0)

    def answer(self, how_many: float = math.inf) -> None:
        """So many more, or all from now on."""
        self._allow(self._left + how_many)

    def close(self) -> None:
        self.answer()
        super().close()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with self._may_answer:
            self._may_answer.wait_for(lambda: self._left > 0)
            self._left -= 1
        return super().__call__(environ, start_response)

    def _allow(self, how_many: float) -> None:
        with self._may_answer:
            self._left = how_many
            self._may_answer.notify_all()


@dataclass(frozen=True)
class SchoolClass:
    """One test's own class, and what became of its portraits."""

    id: UUID
    name: str
    owner: Connection

    @property
    def path(self) -> str:
        return f"/Class_photos?class={self.id}"

    @property
    def roster_path(self) -> str:
        return f"/Student_roster?class={self.id}"

    @property
    def states(self) -> list[str]:
        """Of all its jobs, in any order."""
        return [row.state for row in self._rows("select state from photo_jobs where class_id = :id")]

    @property
    def jobs_of_a_student(self) -> set[int]:
        counts = "select count(*) as many from photo_jobs where class_id = :id group by student_id"
        return {row.many for row in self._rows(counts)}

    @property
    def batches(self) -> int:
        return len(self._rows("select id from photo_batches where class_id = :id"))

    def _rows(self, statement: str) -> list[Row[Any]]:
        return list(self.owner.execute(text(statement), {"id": self.id}))


@dataclass(frozen=True)
class School:
    """The demo school, in which the limits hold nobody up."""

    address: str
    provider: Provider
    owner: Connection
    mei: Person

    def open_class(self, students: int) -> SchoolClass:
        """A new class of Mei's, in which nobody has a photo."""
        name = f"P5 {uuid4().hex[:6]}"
        class_id = open_class(self.owner, self.mei, name)
        for number in range(1, students + 1):
            enrol(self.owner, class_id, f"Student {number:02}")
        return SchoolClass(class_id, name, self.owner)

    def come_to_rest(self) -> None:
        """All is answered well again, and nothing is left under way for the next test."""
        self.provider.faults.always()
        self.provider.pieces = ()
        self.provider.pace(PACE)
        self.provider.answer()
        over = "state = 'cancelled', pause_reason = null, message = null"
        self.owner.execute(text(f"update photo_batches set {over} where state in ('running', 'paused')"))
        self.owner.execute(text("update photo_jobs set state = 'cancelled' where state = 'queued'"))
        give_up_at = time.monotonic() + REST_WITHIN_S
        while self.owner.execute(text("select from photo_batches where finished_at is null")).all():
            assert time.monotonic() < give_up_at
            time.sleep(0.1)


@contextmanager
def running_school() -> Iterator[School]:
    provider = Provider()
    with served(provider) as base_url, drawn_demo() as folder:
        app = running_app(folder, OPENAI_API_KEY="sk-made-up", OPENAI_BASE_URL=base_url)
        with app as running, owner_of(folder) as owner:
            owner.execute(text("update limits set at_most = 1000, per_seconds = 1, min_gap_seconds = 0"))
            yield School(running.address, provider, owner, _mei(owner))


def _mei(owner: Connection) -> Person:
    found = owner.execute(text("select id, school_id from staff where email = 'mei.tan@demo.school'")).one()
    return Person(found.id, found.school_id, "Mei Tan", Role.TEACHER, "Demo", "Asia/Singapore", is_demo=True)
