"""A growing answer as blocks: those that are finished never change, so each can be drawn once."""

import re
from collections.abc import Iterator
from itertools import pairwise, zip_longest

from markdown_it.token import Token

from core.ui.assistant.markdown_reader import cleaned, read_blocks

LIST_PART = 1_500
"""From this many characters on a list goes on in a block of its own; a page sends an open block again and again."""
LONGEST_WORD = 400
_LISTS = {"bullet_list_open", "ordered_list_open"}

# The word that a line ends with, and what of another script can still become part of an address.
_WORD = re.compile(r"(?:(?i:https?://|www\.)\S*|[!-~]+)\Z", re.ASCII)
# Signs that make a list, a rule, a table or a heading, or nothing yet.
_MARKS_ALONE = re.compile(r"[-*_+#>=|:.)`~\s\d]*(?:\[[ xX]?\]?)?")
_FENCE_OR_HEADING = re.compile(r"[\s>*+\-\d.)]*(?:```|~~~|#{1,6}(?:\s|$))")


def finished_and_open(text: str) -> tuple[list[str], str]:
    """Put together they are the text; a list may go on in the next block, with its numbers."""
    text = cleaned(text)
    ends = [0, *_ends(decided(text))]
    return [text[begin:end] for begin, end in pairwise(ends)], text[ends[-1] :]


def decided(text: str) -> str:
    """As far as what each line is can't change any more when the last one goes on."""
    begin = text.rfind("\n") + 1
    line = without_last_word(text[begin:])
    is_undecided = _MARKS_ALONE.fullmatch(line) or _FENCE_OR_HEADING.match(line)
    return text[:begin] if is_undecided and len(line) <= LONGEST_WORD else text[:begin] + line


def without_last_word(line: str) -> str:
    """One that is longer than any word stays."""
    word = _WORD.search(line[-LONGEST_WORD - 1 :])
    return line if word is None or len(word[0]) > LONGEST_WORD else line[: len(line) - len(word[0])]


def _ends(text: str) -> Iterator[int]:
    """Where the finished blocks end."""
    line_begins = [0, *(match.end() for match in re.finditer("\n", text))]
    tokens = read_blocks(text)
    tops = [token for token in tokens if token.level == 0 and token.nesting >= 0]
    items = [token for token in tokens if token.type == "list_item_open" and token.level == 1]
    for top, following in zip_longest(tops, tops[1:]):
        end = _end(top, following)
        if top.type in _LISTS:
            own = [item for item in items if _is_within(item, _first_line(top), end)]
            yield from _list_parts([(line_begins[_first_line(item)], item.info) for item in own])
        if end is not None and end < len(line_begins):
            yield line_begins[end]


def _list_parts(items: list[tuple[int, str]]) -> Iterator[int]:
    """A numbered item begins a block only if it bears the number that it has in the list."""
    begin = items[0][0]
    first = int(items[0][1] or 0)
    for place, (at, number) in enumerate(items):
        if at - begin >= LIST_PART and (not number or int(number) == first + place):
            yield at
            begin = at


def _end(block: Token, following: Token | None) -> int | None:
    """The line after it, or after the empty one that closes it; only what follows a list tells where that ends."""
    begin = None if following is None else _first_line(following)
    if block.type in _LISTS:
        return begin
    last = (block.map or [0, 0])[1]
    end = last if block.type in {"heading_open", "hr"} else last + 1
    return end if begin is None else min(end, begin)


def _first_line(token: Token) -> int:
    return (token.map or [0, 0])[0]


def _is_within(token: Token, first: int, end: int | None) -> bool:
    return _first_line(token) >= first and (end is None or _first_line(token) < end)
