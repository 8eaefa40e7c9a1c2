import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ui.text import escape_label


@pytest.mark.parametrize("name", ["Arjun s/o Ramasamy", "D'Souza, Ryan Emmanuel", "Siti Khadijah binte Mohamed Salleh"])
def test_ordinary_names_stay_as_they_are(name: str) -> None:
    assert escape_label(name) == name


@pytest.mark.parametrize(
    ("written", "escaped"),
    [
        ("*Mei*", r"\*Mei\*"),
        ("![x](https://evil.example)", r"!\[x\](https\://evil.example)"),
        (":red[Mei]", r"\:red\[Mei\]"),
        ("$5 and $6", r"\$5 and \$6"),
        ("- Mei", r"\- Mei"),
        ("1. Mei", r"1\. Mei"),
        ("# Mei", r"\# Mei"),
    ],
)
def test_what_markdown_would_read_is_shown_as_written(written: str, escaped: str) -> None:
    assert escape_label(written) == escaped


@given(st.text())
def test_nothing_but_backslashes_is_added(text: str) -> None:
    escaped = escape_label(text)

    assert re.sub(r"\\([\\`*_\[\]<>$~:|#^&+.)-])", r"\1", escaped) == text
