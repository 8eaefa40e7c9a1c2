"""How the page reads Markdown, beyond what the app lets pass: all of CommonMark, tables, and its own additions."""

import re
from collections.abc import Iterator
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

INJECTIONS = Path(__file__).parents[2] / "data" / "injections"
BADGE = re.compile(r":blue-badge\[\d+\]")
# Signs with which markup could begin, had they not been written as references.
MARKUP = re.compile(r"[\\`*_\[\]<>$~|#@{}:]|&(?!#\d+;)")
# The page makes these links, icons and pictures after all references have been read.
BARE = re.compile(r"https?://|www\.|[-.\w+]@[-\w]+\.[-\w]|:[\w+-]+:", re.ASCII | re.IGNORECASE)

_PAGE = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("text_join")
_PLAIN = {"text", "text_special", "em_open", "em_close", "strong_open", "strong_close", "code_inline", "hardbreak"}
_BLOCKS = re.compile(
    r"(paragraph|bullet_list|ordered_list|list_item|blockquote|table|thead|tbody|tr|th|td)_(open|close)"
)


def cases() -> list[str]:
    texts = (path.read_text(encoding="utf-8") for path in sorted(INJECTIONS.glob("*.md")))
    return [case for text in texts for case in text.removesuffix("\n").split("\n%%\n")]


def dangers(markdown: str) -> list[str]:
    """What in the text a page would fetch, follow or draw as something else than text."""
    return [danger for token in _PAGE.parse(markdown) for danger in _dangers(token)]


def shown(markdown: str) -> str:
    """As HTML, without the empty lines between blocks."""
    return re.sub(r"\n+", "\n", str(_PAGE.render(markdown)))


def _dangers(token: Token) -> Iterator[str]:
    if token.type == "fence":
        if token.info:
            yield f"a language: {token.info}"
    elif token.type == "inline":
        yield from _dangers_in_line(token.children or [])
    elif not _BLOCKS.fullmatch(token.type) and token.type != "hr":
        yield token.type


def _dangers_in_line(tokens: list[Token]) -> Iterator[str]:
    yield from (token.type for token in tokens if token.type not in _PLAIN)
    for token in tokens:
        if token.type == "text" and MARKUP.search(BADGE.sub("", token.content)):
            yield token.content
        if token.type == "code_inline" and ":material/" in token.content:
            yield token.content
    yield from filter(BARE.search, _joined_texts(tokens))


def _joined_texts(tokens: list[Token]) -> Iterator[str]:
    text = ""
    for token in tokens:
        if token.type in {"text", "text_special"}:
            text += token.content
        else:
            yield BADGE.sub("\n", text)
            text = ""
    yield BADGE.sub("\n", text)
