"""What an answer costs on the way to the browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.e2e.answer_weight import ONE_PARAGRAPH, PARAGRAPHS, bytes_of
from tests.e2e.school import School

TAKES_S = 6
"""A fifth of what it would take at a reader's pace, which `make bench` takes."""
MOST_BYTES = 100_000


@pytest.mark.parametrize("text", [PARAGRAPHS, ONE_PARAGRAPH], ids=["paragraphs", "one paragraph"])
def test_a_long_answer_weighs_little(
    browser: Browser, school: School, text: str, record_property: Callable[[str, object], None]
) -> None:
    sent = bytes_of(text, browser, school, takes_s=TAKES_S)

    record_property("bytes", sent)
    assert sent <= MOST_BYTES
