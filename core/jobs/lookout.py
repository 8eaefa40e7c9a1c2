"""A companion of the worker that looks every so often whether there is something to do."""

import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar

import structlog

from core.errors import DatabaseAway
from core.log import places

log = structlog.get_logger(__name__)


@dataclass(kw_only=True)
class Lookout(ABC):
    """In a thread of its own from `start` to `stop`; what goes wrong with one look is logged, and the next is taken."""

    name: ClassVar[str]

    first_look_s: float = 0.0
    look_every_s: float = 60.0
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    @abstractmethod
    def look(self) -> None:
        """Does what there is to do; where that takes long it ends early once `_stopping` is set."""

    def start(self) -> None:
        self._thread = threading.Thread(target=self.run, name=self.name, daemon=True)
        self._thread.start()

    def request_stop(self) -> None:
        """Returns at once."""
        self._stopping.set()

    def stop(self) -> None:
        """Returns when what was being done has ended."""
        self.request_stop()
        if self._thread is not None:
            self._thread.join()

    def run(self) -> None:
        """Until it is asked to stop."""
        wait_s = self.first_look_s
        while not self._stopping.wait(wait_s):
            wait_s = self.look_every_s
            self._look_once()

    def _look_once(self) -> None:
        try:
            self.look()
        except DatabaseAway:
            log.warning("database away, looking again", who=self.name)
        except Exception as error:  # noqa: BLE001 - a part of the worker's loop, which outlives everything
            log.warning("a look failed, looking again", who=self.name, error=type(error).__name__, at=places(error))
