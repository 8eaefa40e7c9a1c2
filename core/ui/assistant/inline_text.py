"""What stands within a line: bold, italics, code and citations; of links and images their text and address."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise
from string import punctuation

from markdown_it.tree import SyntaxTreeNode

from core.ui.assistant.citation_badges import badges
from core.ui.assistant.plain_text import JOINER_REFERENCE, code_span, escaped, shown_address

LONGEST_MARKUP = 300
"""Signs further apart are no markup; also how long a line that comes in waits for the second one."""


class Kind(Enum):
    TEXT = "text"
    MARKDOWN = "markdown"
    OPENING = "opening"
    CLOSING = "closing"


@dataclass(frozen=True)
class Piece:
    kind: Kind
    text: str


@dataclass(frozen=True)
class Inline:
    """Writes the nodes of a line; `marks` are those it stands in already, since bold within bold would end it."""

    numbers: Mapping[str, int]
    in_table: bool = False
    marks: frozenset[str] = frozenset()

    def written(self, nodes: Iterable[SyntaxTreeNode]) -> str:
        return joined(self.pieces(nodes))

    def pieces(self, nodes: Iterable[SyntaxTreeNode]) -> list[Piece]:
        pieces: list[Piece] = []
        for node in nodes:
            write = _WRITERS.get(node.type, Inline.text)
            for piece in write(self, node):
                _append(pieces, piece)
        return pieces

    def text(self, node: SyntaxTreeNode) -> list[Piece]:
        return [_text(node.content)]

    def space(self, _node: SyntaxTreeNode) -> list[Piece]:
        return [_text(" ")]

    def line_break(self, _node: SyntaxTreeNode) -> list[Piece]:
        return [Piece(Kind.MARKDOWN, "  \n")]

    def code(self, node: SyntaxTreeNode) -> list[Piece]:
        if len(node.content) > LONGEST_MARKUP:
            return [_text(node.markup + node.content + node.markup)]
        is_cut_by_table = self.in_table and ("|" in node.content or "\\" in node.content)
        return [_text(node.content) if is_cut_by_table else Piece(Kind.MARKDOWN, code_span(node.content))]

    def citation(self, node: SyntaxTreeNode) -> list[Piece]:
        return [Piece(Kind.MARKDOWN, badges(node.content, self.numbers))]

    def emphasis(self, node: SyntaxTreeNode) -> list[Piece]:
        mark = "**" if node.type == "strong" else "*"
        if plain_length(node.children) > LONGEST_MARKUP:
            return [_text(node.markup), *self.pieces(node.children), _text(node.markup)]
        inner = Inline(self.numbers, self.in_table, self.marks | {mark}).pieces(node.children)
        return inner if mark in self.marks else _marked(mark, inner)

    def link(self, node: SyntaxTreeNode) -> list[Piece]:
        address = str(node.attrs.get("href") or node.attrs.get("src") or "")
        inner = self.pieces(node.children)
        if not address:
            return inner
        label = "".join(piece.text for piece in inner).strip()
        if label in {address, address.removeprefix("mailto:")}:
            return [Piece(Kind.MARKDOWN, shown_address(label))]
        return [*inner, _text(" (" if label else "("), Piece(Kind.MARKDOWN, shown_address(address)), _text(")")]


_WRITERS: dict[str, Callable[[Inline, SyntaxTreeNode], list[Piece]]] = {
    "softbreak": Inline.space,
    "hardbreak": Inline.line_break,
    "code_inline": Inline.code,
    "citation": Inline.citation,
    "em": Inline.emphasis,
    "strong": Inline.emphasis,
    "link": Inline.link,
    "image": Inline.link,
}


def plain_length(nodes: Iterable[SyntaxTreeNode]) -> int:
    return sum(len(node.content) + plain_length(node.children) for node in nodes)


def joined(pieces: Sequence[Piece]) -> str:
    markdown = ""
    for before, piece in pairwise([Piece(Kind.MARKDOWN, "\n"), *pieces]):
        text = piece.text
        if piece.kind is Kind.TEXT:
            text = escaped(text, begins_line=before.text.endswith("\n"))
        if _would_join(markdown[-1:], text[:1], before, piece):
            markdown += JOINER_REFERENCE
        markdown += text
    return markdown


def _would_join(last: str, first: str, before: Piece, piece: Piece) -> bool:
    """Two pieces of code side by side, a badge and a bracket, bold that begins or ends within a word."""
    if piece.kind is Kind.OPENING and before.kind is not Kind.OPENING:
        return before.kind is Kind.CLOSING or _is_of_a_word(last)
    if before.kind is Kind.CLOSING and piece.kind is not Kind.CLOSING:
        return _is_of_a_word(first)
    return (last, first) in {("`", "`"), ("]", "(")}


def _is_of_a_word(sign: str) -> bool:
    return bool(sign) and not sign.isspace() and sign not in punctuation


def append_text(pieces: list[Piece], text: str) -> None:
    _append(pieces, _text(text))


def _text(text: str) -> Piece:
    return Piece(Kind.TEXT, text)


def _append(pieces: list[Piece], piece: Piece) -> None:
    """What stands side by side is escaped as one text: a word that only then is an address must be seen."""
    if piece == Piece(Kind.MARKDOWN, ""):
        if pieces and pieces[-1].kind is Kind.TEXT:
            pieces[-1] = _text(pieces[-1].text.removesuffix(" "))
    elif pieces and pieces[-1].kind is piece.kind is Kind.TEXT:
        pieces[-1] = _text(pieces[-1].text + piece.text)
    elif piece.text:
        pieces.append(piece)


def _marked(mark: str, inner: list[Piece]) -> list[Piece]:
    """Spaces and line breaks go outside, as markup that ends with one is none."""
    shown = [place for place, piece in enumerate(inner) if piece.text.strip()]
    if not shown:
        return inner
    before, after = inner[: shown[0]], inner[shown[-1] + 1 :]
    space, first = _parted(inner[shown[0]], str.lstrip)
    inner = [first, *inner[shown[0] + 1 : shown[-1] + 1]]
    more_space, last = _parted(inner[-1], str.rstrip)
    opening, closing = Piece(Kind.OPENING, mark), Piece(Kind.CLOSING, mark)
    return [*before, space, opening, *inner[:-1], last, closing, more_space, *after]


def _parted(piece: Piece, strip: Callable[[str], str]) -> tuple[Piece, Piece]:
    kept = strip(piece.text) if piece.kind is Kind.TEXT else piece.text
    return _text(" " * (kept != piece.text)), replace(piece, text=kept)
