"""What a person typed, shown as it was typed: none of it is Markdown."""

import re

from core.ui.text import escape_label

_INDENT = re.compile(r"^[ \t]+")
NO_BREAK = "\u00a0"


def literal(text: str) -> str:
    """Line by line; a line that begins with = would make a heading of the one before it."""
    return "  \n".join(map(_line, text.strip().splitlines()))


def _line(line: str) -> str:
    escaped = escape_label(_INDENT.sub(lambda indent: NO_BREAK * len(indent[0].expandtabs(4)), line))
    return f"\\{escaped}" if escaped.startswith("=") else escaped or NO_BREAK
