"""A model's Markdown as a page may show it: nothing in it is fetched, and no link leads anywhere.

It is read into a tree and written anew from that, each sign of its text that could be markup as a character reference.
So what is not known here, whether Markdown's or the page's own addition to it, is text.
"""

from collections.abc import Mapping

from core.ui.assistant.block_text import Blocks
from core.ui.assistant.blocks import decided, finished_and_open
from core.ui.assistant.markdown_reader import cleaned, read
from core.ui.assistant.open_line import ends_with_empty_line, waits_for_its_line

__all__ = ["StreamedText", "finished_and_open", "safe_markdown"]

SENT_AGAIN = 24
"""A block is sent anew when it has grown by one part of so many, hence about so many times in all."""


def safe_markdown(block: str, numbers: Mapping[str, int], *, is_open: bool = False) -> str:
    """`numbers` are those of the cited records' badges; an open block is written as far as it is decided."""
    text = cleaned(block)
    if not is_open:
        return Blocks(numbers).written(read(text).children)
    text = decided(text)
    tree = read(text)
    if waits_for_its_line(tree, text):
        text = text[: text.rstrip("\n").rfind("\n") + 1]
        tree = read(text)
    return Blocks(numbers, is_open=True, line_goes_on=not ends_with_empty_line(text)).written(tree.children)


class StreamedText:
    """One block for st.write_stream, which can only append: give what came, show what is returned."""

    def __init__(self, numbers: Mapping[str, int]) -> None:
        self._numbers = numbers
        self._text = ""
        self._shown = ""
        self._drawn_length = 0

    def feed(self, piece: str) -> str:
        """Empty while more is needed to decide; an empty piece asks for all that is decided."""
        self._text += piece
        grown = len(self._text) - self._drawn_length
        if grown <= self._drawn_length // SENT_AGAIN and piece:
            return ""
        self._drawn_length = len(self._text)
        return self._append(safe_markdown(self._text, self._numbers, is_open=True))

    def finish(self, block: str | None = None) -> str:
        """The rest; `block` where more was fed than turned out to be the block's."""
        return self._append(safe_markdown(self._text if block is None else block, self._numbers))

    def _append(self, markdown: str) -> str:
        """What does not begin with what is shown waits until the block is drawn as a whole."""
        if not markdown.startswith(self._shown):
            return ""
        rest, self._shown = markdown[len(self._shown) :], markdown
        return rest
