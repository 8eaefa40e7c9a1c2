"""Looks that run beside each other, each with as much time as all have."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

import structlog

from core.errors import AppError, Unreachable

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

log = structlog.get_logger(__name__)

LATE = "no answer within {:.1f} seconds"
LATE_TO_DO = "See whether the address is right and whether a firewall swallows what is sent there."


@dataclass(frozen=True)
class Away:
    """In place of what could not be seen; `code` is that of the error behind it."""

    why: str
    to_do: str
    code: str = Unreachable.code


Seen: TypeAlias = T | Away | None
"""None where nothing is set, so that there was nothing to look at."""


class Look(Generic[T_co]):
    """One look in a thread of its own, which holds up no end if it hangs."""

    def __init__(self, name: str, ask: Callable[[], T_co]) -> None:
        self._begun_at = time.monotonic()
        self._future: Future[T_co | Away] = Future()
        threading.Thread(target=self._run, args=(name, ask), name=f"doctor-{name}", daemon=True).start()

    def seen(self, until: float) -> T_co | Away:
        """Waits until `until` on the monotonic clock, and no longer."""
        try:
            return self._future.result(max(0.0, until - time.monotonic()))
        except TooLate:
            return Away(LATE.format(time.monotonic() - self._begun_at), LATE_TO_DO)

    def _run(self, name: str, ask: Callable[[], T_co]) -> None:
        try:
            self._future.set_result(ask())
        except Unreachable as error:
            self._future.set_result(Away(str(error), error.to_do, error.code))
        except AppError as error:
            self._future.set_result(Away(str(error), "See what the sentence says.", error.code))
        except Exception as error:
            # Whatever one look meets, the others are told.
            log.exception("look_failed", look=name)
            self._future.set_result(
                Away(f"a fault of Staffroom's own ({type(error).__name__})", "Report it with the line of the log.")
            )


def begun(name: str, ask: Callable[[], T] | None) -> Look[T] | None:
    return None if ask is None else Look(name, ask)


def seen(look: Look[T] | None, until: float) -> T | Away | None:
    return None if look is None else look.seen(until)
