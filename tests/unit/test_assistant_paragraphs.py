from collections.abc import Iterator

from core.ui.assistant.model_text import finished_and_open, safe_markdown
from core.ui.assistant.paragraphs import Paragraphs, number_marks

ANSWER = """Thirty-six meetings. **Three families** need time [r9].

### Start with these

- Ana was absent [r9] and rose [r2].
- Bala fell [r4].

| a | b |
|---|---|
| 1 | 2 |

The end ![x](https://evil.example/x.png)."""


def drawn(pieces: Iterator[str]) -> tuple[list[str], list[list[str]]]:
    """What stands there in the end, and what was streamed for each paragraph that was open."""
    paragraphs = Paragraphs(pieces)
    elements: list[str] = []
    streams: list[list[str]] = []
    while True:
        elements += paragraphs.take_finished()
        if paragraphs.is_over:
            return elements, streams
        streams.append(list(paragraphs.stream_open()))
        elements += filter(None, [paragraphs.take_open()])


def whole() -> list[str]:
    numbers: dict[str, int] = {}
    number_marks(numbers, ANSWER)
    closed, rest = finished_and_open(ANSWER)
    return [safe_markdown(block, numbers) for block in [*closed, rest]]


def test_what_goes_on_keeps_the_numbers_that_were_given_before() -> None:
    paragraphs = Paragraphs(iter(["Late [r9], well [r3]."]), {"r2": 1, "r9": 2})
    "".join(paragraphs.stream_open())

    assert paragraphs.take_open() == "Late :blue-badge[2], well :blue-badge[3]."


def test_however_it_comes_the_same_stands_there_in_the_end() -> None:
    for size in (1, 2, 3, 7, 50, len(ANSWER)):
        pieces = (ANSWER[at : at + size] for at in range(0, len(ANSWER), size))
        assert drawn(pieces)[0] == whole()


def test_silence_draws_nothing_and_ends_nothing() -> None:
    pieces = (piece for letter in ANSWER for piece in ("", letter, ""))

    assert drawn(pieces)[0] == whole()


def test_a_finished_paragraph_is_not_streamed_again() -> None:
    _, streams = drawn(iter(ANSWER))

    assert "Thirty-six" in "".join(streams[0])
    assert all("Thirty-six" not in "".join(stream) for stream in streams[1:])


def test_what_is_there_already_is_not_streamed_at_all() -> None:
    elements, streams = drawn(iter([ANSWER + "\n\n"]))

    assert elements == whole()
    assert "".join(piece for stream in streams for piece in stream) == ""


def test_records_are_numbered_in_the_order_in_which_they_are_cited() -> None:
    numbers: dict[str, int] = {}
    number_marks(numbers, ANSWER)

    assert numbers == {"r9": 1, "r2": 2, "r4": 3}


def test_no_picture_of_another_host_is_streamed() -> None:
    _, streams = drawn(iter(ANSWER))

    assert "![" not in "".join(piece for stream in streams for piece in stream)
