from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import pytest

from core.assistant import tail
from core.assistant.live_text import LiveText, News
from core.assistant.tail import PACE_S, Glimpse, follow, follow_row


@dataclass
class Clock:
    """Moved by those who wait, and by nothing else; takes the place of the module `time`."""

    now: float = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Written(LiveText):
    """A text of which each piece is there from its moment on, and which ends with the last."""

    clock: Clock
    pieces: Sequence[tuple[float, str]]

    def since(self, place: int, *, wait_s: float) -> News:
        if place < len(self.pieces):
            self.clock.now = max(self.clock.now, min(self.clock.now + wait_s, self.pieces[place][0]))
        there = sum(moment <= self.clock.now for moment, _ in self.pieces)
        text = "".join(piece for _, piece in self.pieces[place:there])
        return News(text, there, is_last=there == len(self.pieces))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(tail, "time", clock)
    return clock


def shown(clock: Clock, *pieces: tuple[float, str]) -> list[tuple[float, str]]:
    """What a page draws, each with its moment."""
    return [(clock.now, piece) for piece in follow(Written(clock, pieces))]


def test_what_comes_after_a_silence_is_shown_at_once(clock: Clock) -> None:
    # Just after the tail said that nothing came.
    moment = 2 * PACE_S + 0.01

    came = shown(clock, (moment, "Hello"), (10.0, ""))

    assert came[:3] == [(PACE_S, ""), (2 * PACE_S, ""), (moment, "Hello")]


def test_what_comes_quickly_is_gathered(clock: Clock) -> None:
    pieces = [(0.005 * number, f"{number} ") for number in range(101)]

    came = shown(clock, *pieces)

    assert "".join(piece for _, piece in came) == "".join(piece for _, piece in pieces)
    assert len(came) > 2
    assert min(later - earlier for (earlier, _), (later, _) in pairwise(came[:-1])) >= PACE_S - 1e-9


def test_an_end_without_a_word_ends_the_tail() -> None:
    text = LiveText()
    text.end()

    assert list(follow(text)) == [""]


def test_a_row_is_followed_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tail, "LOOK_EVERY_S", 2.5 * PACE_S)
    rows = iter([seen("One"), seen("One two"), seen("One two"), seen("One two three", is_writing=False)])

    came = list(follow_row(lambda: next(rows), bury=lambda: None))

    assert [piece for piece in came if piece] == ["One", " two", " three"]
    assert came.count("") > 5


def test_a_dead_row_is_buried_and_looked_at_again() -> None:
    rows = iter([seen("One", seems_dead=True), seen("One", is_writing=False)])
    buried: list[bool] = []

    assert list(follow_row(lambda: next(rows), bury=lambda: buried.append(True))) == ["One", ""]
    assert buried == [True]


def seen(text: str, *, is_writing: bool = True, seems_dead: bool = False) -> Glimpse:
    return Glimpse(text, is_writing, seems_dead, None)
