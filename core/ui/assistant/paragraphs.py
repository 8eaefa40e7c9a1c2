"""An answer as it comes, cut into paragraphs: each is streamed into an element of its own and then left alone.

Streamlit sends an element's whole text with every piece, so what is streamed as one grows with its square.
"""

from collections.abc import Iterator, Mapping

from core.assistant.citations import MARK
from core.ui.assistant.model_text import StreamedText, finished_and_open, safe_markdown


def number_marks(numbers: dict[str, int], text: str) -> None:
    """Each mark that is cited gets the next number when it is cited first."""
    for found in MARK.finditer(text):
        numbers.setdefault(found[1].lower(), len(numbers) + 1)


class Paragraphs:
    """Fed by `pieces`; first take the finished ones, then stream the open one and take that, until it is over.

    `numbers` are those of the records that the answer cited before, where it is continued.
    """

    def __init__(self, pieces: Iterator[str], numbers: Mapping[str, int] | None = None) -> None:
        self._pieces = pieces
        self._numbers = dict(numbers or {})
        self._text = ""
        self._has_ended = False
        self._read_on()

    @property
    def is_over(self) -> bool:
        return self._has_ended and not self._text

    def take_finished(self) -> list[str]:
        """As safe Markdown."""
        closed, self._text = finished_and_open(self._text)
        return [self._written(block) for block in closed]

    def stream_open(self) -> Iterator[str]:
        """Safe pieces of the open one, until it is finished or nothing comes any more."""
        streamed, fed = StreamedText(self._numbers), 0
        while not self._is_open_finished():
            number_marks(self._numbers, self._text)
            yield streamed.feed(self._text[fed:])
            fed = len(self._text)
            self._read_on()

    def take_open(self) -> str:
        """The whole of it; empty where there is none."""
        closed, rest = finished_and_open(self._text)
        first, self._text = (closed[0], "".join([*closed[1:], rest])) if closed else (rest, "")
        return self._written(first)

    def _is_open_finished(self) -> bool:
        return self._has_ended or bool(finished_and_open(self._text)[0])

    def _written(self, block: str) -> str:
        number_marks(self._numbers, block)
        return safe_markdown(block, self._numbers)

    def _read_on(self) -> None:
        piece = next(self._pieces, None)
        if piece is None:
            self._has_ended = True
        else:
            self._text += piece
