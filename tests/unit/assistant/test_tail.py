import threading
import time
from itertools import pairwise

import pytest

from core.assistant import tail
from core.assistant.live_text import LiveText
from core.assistant.tail import PACE_S, Glimpse, follow, follow_row


def test_what_comes_after_a_silence_is_shown_at_once() -> None:
    text, written_at = LiveText(), list[float]()

    def write() -> None:
        # Just after the tail said that nothing came.
        time.sleep(2 * PACE_S + 0.01)
        written_at.append(time.monotonic())
        text.add("Hello")

    threading.Thread(target=write).start()
    piece = next(piece for piece in follow(text) if piece)

    assert piece == "Hello"
    assert time.monotonic() - written_at[0] < PACE_S - 0.02


def test_what_comes_quickly_is_gathered() -> None:
    text, came = LiveText(), list[tuple[float, str]]()

    def write() -> None:
        for number in range(100):
            text.add(f"{number} ")
            time.sleep(0.005)
        text.end()

    writer = threading.Thread(target=write)
    writer.start()
    for piece in follow(text):
        came.append((time.monotonic(), piece))
    writer.join()

    assert "".join(piece for _, piece in came) == "".join(f"{number} " for number in range(100))
    assert len(came) > 2
    assert min(later - earlier for (earlier, _), (later, _) in pairwise(came[:-1])) >= 0.079


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
