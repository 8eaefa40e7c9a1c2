"""Paragraphs, lists, tables, quotations and code, written anew from what was read."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from markdown_it.tree import SyntaxTreeNode

from core.ui.assistant.inline_text import Inline, joined
from core.ui.assistant.open_line import decided_pieces
from core.ui.assistant.plain_text import fence_round, without_icons

# Where a line begins, but for the first and for empty ones.
_LINE = re.compile(r"(?<=\n)(?!\n)")
_LIST = re.compile(r"(?:[-+]|1[.)]) \S")
_BOXES = {"&#91; &#93; ": "☐ ", "&#91;x&#93; ": "☑ ", "&#91;X&#93; ": "☑ "}


@dataclass(frozen=True)
class Blocks:
    """Of an open text the last block may go on; its last line does unless an empty one follows."""

    numbers: Mapping[str, int]
    is_open: bool = False
    line_goes_on: bool = False

    def written(self, nodes: Sequence[SyntaxTreeNode]) -> str:
        text = ""
        for place, node in enumerate(nodes):
            block = _WRITERS[node.type](self._at(place, nodes), node)
            if text and block:
                text += "\n" if _may_follow(nodes[place - 1], node, block) else "\n\n"
            text += block
        return text

    def _at(self, place: int, nodes: Sequence[SyntaxTreeNode]) -> "Blocks":
        return self if place == len(nodes) - 1 else replace(self, is_open=False, line_goes_on=False)

    def paragraph(self, node: SyntaxTreeNode) -> str:
        inline, nodes = Inline(self.numbers), _in_line(node)
        return joined(decided_pieces(inline, nodes) if self.line_goes_on else inline.pieces(nodes))

    def heading(self, node: SyntaxTreeNode) -> str:
        line = Inline(self.numbers, marks=frozenset({"**"})).written(_in_line(node)).strip()
        return f"**{line}**" if line else ""

    def rule(self, _node: SyntaxTreeNode) -> str:
        return "___"

    def quotation(self, node: SyntaxTreeNode) -> str:
        text = self.written(node.children)
        return "\n".join(f"> {line}" for line in text.split("\n")) if text else ""

    def fence(self, node: SyntaxTreeNode) -> str:
        """Without its language, which may stand for a drawing; an open one without its end, where a cursor follows."""
        fence, code = fence_round(node.content), without_icons(node.content)
        if self.is_open:
            return f"{fence}\n{code.rstrip()}" if code.strip() else ""
        return "\n".join([fence, code.removesuffix("\n"), fence])

    def item_list(self, node: SyntaxTreeNode) -> str:
        items = (self.item(node, place) for place in range(len(node.children)))
        return "\n".join(item for item in items if item)

    def item(self, node: SyntaxTreeNode, place: int) -> str:
        within = self._at(place, node.children)
        text = within.written(node.children[place].children)
        if within.is_open and not text:
            return ""
        mark = _mark(node, place)
        for box, sign in _BOXES.items():
            text = sign + text.removeprefix(box) if text.startswith(box) else text
        return f"{mark} {_LINE.sub(' ' * (len(mark) + 1), text)}"

    def table(self, node: SyntaxTreeNode) -> str:
        """Open with its line ended, so that a cursor is no part of the last row."""
        head, *body = [row for part in node.children for row in part.children]
        lines = [self.row(head), _alignments(head), *map(self.row, body)]
        return "\n".join(lines) + "\n" * self.is_open

    def row(self, row: SyntaxTreeNode) -> str:
        inline = Inline(self.numbers, in_table=True)
        return f"| {' | '.join(inline.written(_in_line(cell)) for cell in row.children)} |"


_WRITERS: dict[str, Callable[[Blocks, SyntaxTreeNode], str]] = {
    "paragraph": Blocks.paragraph,
    "heading": Blocks.heading,
    "hr": Blocks.rule,
    "blockquote": Blocks.quotation,
    "fence": Blocks.fence,
    "bullet_list": Blocks.item_list,
    "ordered_list": Blocks.item_list,
    "table": Blocks.table,
}


def _in_line(node: SyntaxTreeNode) -> list[SyntaxTreeNode]:
    return [inner for inline in node.children for inner in inline.children]


def _may_follow(before: SyntaxTreeNode, node: SyntaxTreeNode, block: str) -> bool:
    """A list right after its paragraph, of which one that is empty or counts from two on would be part."""
    return before.type == "paragraph" and node.type.endswith("_list") and bool(_LIST.match(block))


def _mark(node: SyntaxTreeNode, place: int) -> str:
    if node.type == "ordered_list":
        return f"{int(node.attrs.get('start', 1)) + place}{node.markup}"
    return "+" if node.markup == "+" else "-"


def _alignments(head: SyntaxTreeNode) -> str:
    rules = {"text-align:left": ":---", "text-align:center": ":---:", "text-align:right": "---:"}
    return f"| {' | '.join(rules.get(str(cell.attrs.get('style')), '---') for cell in head.children)} |"
