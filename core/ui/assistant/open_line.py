"""The line that is still coming in: what could yet become markup waits for the sign that decides it."""

import re
from collections.abc import Sequence
from itertools import accumulate

from markdown_it.tree import SyntaxTreeNode

from core.ui.assistant.blocks import without_last_word
from core.ui.assistant.inline_text import LONGEST_MARKUP, Inline, Piece, append_text, plain_length

LONGEST_WAIT = LONGEST_MARKUP + 100
"""Longer than any markup, so that what was shown as text stays text."""

# An opening sign without its partner, a bracket that could be a link's, a backslash that could break the line.
_UNDECIDED = re.compile(r"`|\*++(?!\s)|(?<!\w)_++(?!\s)|!?\[(?![^\[\]]*\](?!\())|\\\Z")


def decided_pieces(inline: Inline, nodes: Sequence[SyntaxTreeNode]) -> list[Piece]:
    to_end = [*accumulate(plain_length([node]) for node in reversed(nodes))][::-1]
    for place, node in enumerate(nodes):
        waits_from = _first_undecided(node, to_end[place])
        if waits_from is not None:
            pieces = inline.pieces(nodes[:place])
            append_text(pieces, without_last_word(node.content[:waits_from]).rstrip())
            return pieces
    return inline.pieces(nodes)


def _first_undecided(node: SyntaxTreeNode, to_end: int) -> int | None:
    """A sign within bold holds back all of it: it could mean that there is no bold."""
    if node.type == "text":
        signs = (match.start() for match in _UNDECIDED.finditer(node.content))
        return next((at for at in signs if to_end - at <= LONGEST_WAIT), None)
    inner = (child.content for child in node.walk(include_self=False) if child.type == "text")
    return 0 if to_end <= LONGEST_WAIT and any(map(_UNDECIDED.search, inner)) else None


def waits_for_its_line(tree: SyntaxTreeNode, text: str) -> bool:
    """A row before it has ended, and a line that the next one could make a table's head."""
    last = tree
    while last.children and last.type not in {"paragraph", "table"}:
        last = last.children[-1]
    line_ended = text.endswith("\n")
    if last.type == "table":
        return not line_ended
    return last.type == "paragraph" and "|" in text.rstrip("\n").rpartition("\n")[2]


def ends_with_empty_line(text: str) -> bool:
    return text.endswith("\n") and not text[:-1].rpartition("\n")[2].strip(" \t>")
