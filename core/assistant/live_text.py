"""The text of an answer while it grows: one thread writes, any number of others follow."""

import threading
from dataclasses import dataclass


@dataclass(frozen=True)
class News:
    """What came since a place; `place` is where to go on from."""

    text: str
    place: int
    is_last: bool


class LiveText:
    """Kept in this process only; the database has it a moment later."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._pieces: list[str] = []
        self._is_over = False

    def add(self, piece: str) -> None:
        if piece:
            with self._changed:
                self._pieces.append(piece)
                self._changed.notify_all()

    def end(self) -> None:
        """Nothing will be added, and whoever looks into the database finds it there."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    @property
    def whole(self) -> str:
        with self._changed:
            return "".join(self._pieces)

    def since(self, place: int, *, wait_s: float) -> News:
        """At once if there is something, else as soon as there is, or empty when the time is up."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_over or len(self._pieces) > place, wait_s)
            return News("".join(self._pieces[place:]), len(self._pieces), self._is_over)
