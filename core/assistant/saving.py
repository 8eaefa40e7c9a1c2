"""Saves an answer while it is written, beside the thread that writes: the next word never waits for the database."""

import threading
from collections.abc import Callable
from uuid import UUID

import structlog

from core.errors import DatabaseAway

SAVE_EVERY_S = 0.7
"""A stop from another process is heard with each save, and is to be felt within a second."""

log = structlog.get_logger(__name__)


class Saver:
    """Calls `save` in a thread of its own until it is stopped, whatever happens to one call."""

    def __init__(self, save: Callable[[], None], *, answer_id: UUID) -> None:
        self._save = save
        self._answer_id = str(answer_id)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="answer-saver", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns at once; a save that is under way comes too late and changes nothing."""
        self._over.set()

    def _run(self) -> None:
        while not self._over.wait(SAVE_EVERY_S):
            try:
                self._save()
            except DatabaseAway:
                log.warning("database away while an answer is written", answer=self._answer_id)
            except Exception as error:  # noqa: BLE001 - an answer outlives a save that failed
                log.warning("answer not saved, tried again", answer=self._answer_id, error=type(error).__name__)
