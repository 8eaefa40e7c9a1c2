"""Reads the Markdown that an answer may use: no HTML, no reference definitions; citations are tokens of their own."""

import re
from contextlib import suppress

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

CITATION = re.compile(r"\[(r\d{1,4}(?:\s*[,;]\s*r\d{1,4})*)\]", re.IGNORECASE)
# What decides more than its own line, or is not for answers. A definition far below would change links that are drawn.
UNREAD = ["html_block", "html_inline", "reference", "lheading", "code", "text_join"]

# Signs that show nothing or turn the order of others round, and halves of pairs, which no message can carry.
_CONTROLS = [*range(9), *range(11, 32), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF]
_CLEANING = dict.fromkeys(_CONTROLS) | dict.fromkeys(range(0xD800, 0xE000), "\ufffd") | {0x2028: " ", 0x2029: " "}


def cleaned(text: str) -> str:
    """Without control signs; lines end with a line feed alone."""
    return text.translate(_CLEANING)


def read(text: str) -> SyntaxTreeNode:
    return SyntaxTreeNode(_READER.parse(text))


def read_blocks(text: str) -> list[Token]:
    """Which lines belong to which blocks, without reading what is in them."""
    tokens: list[Token] = []
    _READER.block.parse(text, _READER, {}, tokens)
    return tokens


class _Reader(MarkdownIt):
    """Each address is shown and none is followed, so there is none to refuse."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 – the library's name for it
        return bool(url)

    def normalizeLink(self, url: str) -> str:  # noqa: N802 – likewise
        """As a browser would read it, which tells foreign letters in a host's name apart."""
        with suppress(ValueError):
            return super().normalizeLink(url)
        return url


def _cite(state: StateInline, silent: bool) -> bool:
    match = CITATION.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        state.push("citation", "", 0).content = match[1]
    state.pos = match.end()
    return True


_READER = _Reader("commonmark").enable("table").disable(UNREAD)
_READER.inline.ruler.before("link", "citation", _cite)
