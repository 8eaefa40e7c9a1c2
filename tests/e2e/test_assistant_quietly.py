"""What an answer costs on the way to the browser."""

import re
from collections.abc import Callable

from playwright.sync_api import Browser, expect

from core.demo.pauses import Timing
from tests.e2e.assistant import answer, ask, expect_ended
from tests.e2e.browsing import visiting
from tests.e2e.school import School
from tests.e2e.wire import Wire

MOST_BYTES = 1_500_000
A_PIECE = 40
PIECES = 300
"""12 kB in all, which take half a minute."""
PARAGRAPH = "Begin with what went well, show one piece of work and agree on one step for the holidays. " * 6


def test_a_long_answer_weighs_little(
    browser: Browser, school: School, record_property: Callable[[str, object], None]
) -> None:
    text = ("\n\n".join([PARAGRAPH.strip()] * 30))[: A_PIECE * PIECES]
    school.provider.pieces = [text[at : at + A_PIECE] for at in range(0, len(text), A_PIECE)]
    school.provider.pace(Timing(chat_first_s=0.4, chat_piece_s=0.1))
    wire = Wire(int(school.address.rpartition(":")[2]))
    with visiting(browser, wire.address) as visit:
        page = visit.open("/Assistant")
        before = wire.sent

        ask(page, "Tell me a lot.")
        expect(answer(page)).to_contain_text(re.compile("Begin"))
        expect_ended(page)

        sent = wire.sent - before
        record_property("bytes", sent)
        assert len(text) >= 12_000
        assert sent <= MOST_BYTES


def test_an_answer_in_one_paragraph_weighs_little_as_well(browser: Browser, school: School) -> None:
    text = (PARAGRAPH * 30)[: A_PIECE * PIECES]
    school.provider.pieces = [text[at : at + A_PIECE] for at in range(0, len(text), A_PIECE)]
    school.provider.pace(Timing(chat_first_s=0.4, chat_piece_s=0.1))
    wire = Wire(int(school.address.rpartition(":")[2]))
    with visiting(browser, wire.address) as visit:
        page = visit.open("/Assistant")
        before = wire.sent

        ask(page, "Tell me a lot.")
        expect_ended(page)

        assert wire.sent - before <= MOST_BYTES
