"""Follows an answer for one page: from this process's memory, or from the row that another process writes."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from core.assistant.live_text import LiveText

PACE_S = 0.08
"""Seconds between two pieces: faster than one can read, and slow enough for a page that draws each."""
LOOK_EVERY_S = 0.5


@dataclass(frozen=True)
class Glimpse:
    """An answer's row at one moment; `seems_dead` says that nobody has touched it for long."""

    text: str
    is_writing: bool
    seems_dead: bool
    error_code: str | None


def follow(text: LiveText) -> Iterator[str]:
    """The text so far and then what is new, and in between "" so that a page can be interrupted."""
    place, shown_at = 0, time.monotonic() - PACE_S
    while True:
        news = text.since(place, wait_s=PACE_S)
        if news.text and not news.is_last:
            # What comes after a silence goes out at once; behind it pieces are gathered.
            time.sleep(max(0.0, shown_at + PACE_S - time.monotonic()))
            news = text.since(place, wait_s=0)
        place, shown_at = news.place, time.monotonic() if news.text else shown_at
        yield news.text
        if news.is_last:
            return


def follow_row(look: Callable[[], Glimpse | None], bury: Callable[[], None]) -> Iterator[str]:
    """The same from the database; `bury` ends what was left by a process that is gone."""
    shown = 0
    while (seen := look()) is not None:
        yield seen.text[shown:]
        shown = max(shown, len(seen.text))
        if not seen.is_writing:
            return
        if seen.seems_dead:
            bury()
        else:
            yield from _silence(LOOK_EVERY_S)


def _silence(seconds: float) -> Iterator[str]:
    until = time.monotonic() + seconds
    while (left_s := until - time.monotonic()) > 0:
        time.sleep(min(PACE_S, left_s))
        yield ""
