"""Addresses at which browsers fetch photos from the store itself, kept while they are surely good."""

import threading
import time
from collections.abc import Callable, Collection
from concurrent.futures import Future
from dataclasses import dataclass, field

from core.photos.storage import PhotoStorage

MOST_KEPT = 10_000

Beside = Callable[[], Collection[str]]
"""More keys that the same browser is likely to ask for next; looked up only where the store has to be asked."""


def _nothing() -> Collection[str]:
    return ()


@dataclass
class _Question:
    """What is asked for in one go, and its answer for all who wait for it."""

    keys: set[str] = field(default_factory=set)
    answer: Future[dict[str, str]] = field(default_factory=Future)


class PhotoLinks:
    """Any number of threads may ask at once.

    A signed link stays the same while it is kept, so that a browser which has the file finds it under its address;
    after half of its life another one is asked for. While one question is under way whoever else needs the store
    waits, and the next question is for all of them.
    """

    def __init__(
        self,
        storage: PhotoStorage,
        *,
        signed_for_s: float | None = None,
        most: int = MOST_KEPT,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`signed_for_s` is for how long the store's links open; None where they open for good, or there are none."""
        self._storage = storage
        self._keep_s = None if signed_for_s is None else signed_for_s / 2
        self._most = most
        # Not a monotonic clock: that may stand still while a machine sleeps, and links end all the same.
        self._clock = clock
        self._kept: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()
        self._one_at_a_time = threading.Lock()
        self._gathering: _Question | None = None

    @property
    def waiting(self) -> frozenset[str]:
        """Keys that the next question will be about."""
        with self._lock:
            return frozenset() if self._gathering is None else frozenset(self._gathering.keys)

    def link(self, key: str, beside: Beside = _nothing) -> str | None:
        """None where the app has to send the file itself. Raises StorageAway and StorageRefused."""
        if self._keep_s is None:
            return self._storage.public_url(key)
        with self._lock:
            kept = self._fresh(key)
            if kept is not None:
                return kept
            asks = self._gathering is None
            question = self._gathering = self._gathering or _Question()
            question.keys.add(key)
        if asks:
            self._ask(question, beside)
        return question.answer.result().get(key)

    def _ask(self, question: _Question, beside: Beside) -> None:
        """Everything ends with an answer, since others wait for it."""
        with self._one_at_a_time:
            if question.answer.done():
                return
            try:
                self._put(question, beside)
            except BaseException as error:
                self._end_all(question, error)
                raise

    def _put(self, question: _Question, beside: Beside) -> None:
        with self._lock:
            self._gathering = None
            known = self._known(question.keys)
        if known.keys() != question.keys:
            known |= self._asked_for({*question.keys, *beside()})
        question.answer.set_result(known)

    def _asked_for(self, keys: Collection[str]) -> dict[str, str]:
        with self._lock:
            missing = set(keys) - self._known(keys).keys()
        found = self._storage.links(missing)
        with self._lock:
            self._keep(found)
        return found

    def _end_all(self, question: _Question, error: BaseException) -> None:
        """Whoever waits for the next question meets the same; nobody waits through one outage after the other."""
        with self._lock:
            waiting, self._gathering = self._gathering, None
            for one in (question, waiting):
                if one is not None and not one.answer.done():
                    one.answer.set_exception(error)

    def _known(self, keys: Collection[str]) -> dict[str, str]:
        return {key: link for key in keys if (link := self._fresh(key)) is not None}

    def _fresh(self, key: str) -> str | None:
        link, until = self._kept.get(key, (None, 0.0))
        return link if self._clock() < until else None

    def _keep(self, found: dict[str, str]) -> None:
        until = self._clock() + (self._keep_s or 0)
        for key, link in found.items():
            # The oldest stand first.
            self._kept.pop(key, None)
            self._kept[key] = (link, until)
        for key in list(self._kept)[: max(0, len(self._kept) - self._most)]:
            del self._kept[key]
