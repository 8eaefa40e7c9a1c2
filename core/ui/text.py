"""Names and other people's words inside Streamlit's labels, which are all Markdown."""

import re

# Everything that Markdown, its maths, Streamlit's colours and icons give a meaning within a line.
SPECIAL = re.compile(r"([\\`*_\[\]<>$~:|#^&])")
# What starts a list or a numbered list at the beginning of a line.
LEADING = re.compile(r"^(\s*)([-+]|\d+(?=[.)]))([.)]?)")


def escape_label(text: str) -> str:
    """The text so that Markdown shows it exactly as it is written."""
    escaped = SPECIAL.sub(r"\\\1", text)
    return LEADING.sub(_escape_list, escaped)


def _escape_list(match: re.Match[str]) -> str:
    space, mark, after = match.groups()
    return f"{space}{mark}\\{after}" if after else f"{space}\\{mark}"


def dollars(amount: str) -> str:
    """An amount such as 0.013 as a label shows it: two $ in one label would be read as maths."""
    return rf"\${amount}"
