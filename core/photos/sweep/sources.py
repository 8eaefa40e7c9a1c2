"""What a sweep compares."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from core.db.engine import Database
from core.photos.spool import Spool
from core.photos.storage import PhotoStorage

AT_REST = timedelta(minutes=1)


class SweepStopped(Exception):
    """Whoever sweeps was asked to stop; what was repaired until then is."""


@dataclass(frozen=True, kw_only=True)
class Sources:
    """Everything that is compared; what changed within `at_rest` may still be under way and is left out."""

    database: Database
    storage: PhotoStorage
    spool: Spool
    at_rest: timedelta = AT_REST
    hide_missing: bool = False
    """Whether photos are hidden also where so many pictures are missing that the store may be the wrong one."""
    is_stopping: Callable[[], bool] = lambda: False

    @cached_property
    def files(self) -> frozenset[str]:
        """The store's keys as they were at the first look, before any rows were read."""
        return frozenset(self._keys())

    def go_on(self) -> None:
        """Raises SweepStopped where it shall not."""
        if self.is_stopping():
            raise SweepStopped

    def _keys(self) -> Iterator[str]:
        for key in self.storage.keys():  # noqa: SIM118 - a store is no dict
            self.go_on()
            yield key
