"""Citations such as [r7] as numbered badges in the text."""

import re
from collections.abc import Mapping

_MARK = re.compile(r"r\d{1,4}", re.IGNORECASE)


def badges(citation: str, numbers: Mapping[str, int]) -> str:
    """One badge for each record that has a number; the others are left out."""
    marks = (mark.lower() for mark in _MARK.findall(citation))
    return " ".join(badge(numbers[mark]) for mark in marks if mark in numbers)


def badge(number: int) -> str:
    return f":blue-badge[{number}]"
