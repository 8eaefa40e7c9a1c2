"""How long the server takes for each statement of a piece of work."""

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event


class StatementClock:
    """Of one engine; from sending a statement until its last row is here."""

    def __init__(self, engine: Engine) -> None:
        self.ms: list[float] = []
        self._begun = 0.0
        event.listen(engine, "before_cursor_execute", self._begin)
        event.listen(engine, "after_cursor_execute", self._end)

    def slowest(self, work: Callable[[], object], *, times: int = 5) -> float:
        """Its slowest statement, when all it touches was read before; the quickest run, since others only add."""
        work()
        return min(self._slowest_of(work) for _ in range(times))

    def _slowest_of(self, work: Callable[[], object]) -> float:
        self.ms.clear()
        work()
        return max(self.ms)

    def _begin(self, *_: Any) -> None:
        self._begun = time.perf_counter()

    def _end(self, *_: Any) -> None:
        self.ms.append(1000 * (time.perf_counter() - self._begun))
