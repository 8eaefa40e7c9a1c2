"""An answer as text to copy."""

import re

from core.assistant.citations import MARK

_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_HEADING = re.compile(r"^#{1,6}\s+", re.MULTILINE)


def as_plain_text(text: str) -> str:
    """Without the signs of Markdown and without references, ready for a letter."""
    return _BOLD.sub(r"\2", _HEADING.sub("", MARK.sub("", text))).strip()
