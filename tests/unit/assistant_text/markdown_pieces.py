"""Texts put together from all that Markdown, or the page, gives a meaning."""

from hypothesis import strategies as st

_WORDS = [
    "a",
    "foo ",
    "中文",
    "é",
    "12",
    " ",
    "  ",
    "    ",
    "\t",
    "\n",
    "\n\n",
    ".",
    ",",
    "!",
    "\u200b",
    "\u2028",
    "\x0b",
]
_MARKS = [
    "*",
    "**",
    "_",
    "__",
    "`",
    "``",
    "```\n",
    "~~~\n",
    "~",
    "- ",
    "1. ",
    "2) ",
    "> ",
    "# ",
    "|",
    "|-|-|\n",
    "---\n",
]
_LINKS = ["[", "]", "(", ")", "![", "](", "<", ">", "http://e.x/", "https:", "//", "www.e.x", "@", "a@b.c", "<img "]
_SIGNS = [":", ":red[", ":material/", ":smile:", "$", "$$", "{", "}", "=", "+", "\\", "&", "&#33;", "&#10;", "&#58;"]
_CITED = ["[r1]", "[r9]", "[r1, r7]", "[ ] "]

MARKDOWN = st.lists(st.sampled_from([*_WORDS, *_MARKS, *_LINKS, *_SIGNS, *_CITED]), max_size=30).map("".join)
