"""How much of an answer goes over the wire to a browser while it is written."""

from playwright.sync_api import Browser, expect

from core.demo.pauses import Timing
from tests.e2e.assistant import answer, ask, expect_ended
from tests.e2e.browsing import visiting
from tests.e2e.school import School
from tests.e2e.wire import Wire

LENGTH = 12_000
A_PIECE = 40
PARAGRAPH = "Begin with what went well, show one piece of work and agree on one step for the holidays. " * 6
ONE_PARAGRAPH = (PARAGRAPH * 30)[:LENGTH]
PARAGRAPHS = "\n\n".join([PARAGRAPH.strip()] * 30)[:LENGTH]


def bytes_of(text: str, browser: Browser, school: School, *, takes_s: float) -> int:
    """Of an answer that comes in small pieces, to a page that has shown one before."""
    wire = Wire(int(school.address.rpartition(":")[2]))
    with visiting(browser, wire.address) as visit:
        page = visit.open("/Assistant")
        school.provider.pieces = ("So.",)
        ask(page, "Is it so?")
        expect_ended(page)
        expect(answer(page)).to_contain_text("So.")

        school.provider.pieces = [text[at : at + A_PIECE] for at in range(0, len(text), A_PIECE)]
        school.provider.pace(Timing(chat_first_s=0.4, chat_piece_s=takes_s * A_PIECE / len(text)))
        before = wire.sent
        ask(page, "Tell me a lot.")
        expect(answer(page)).to_contain_text("Begin")
        expect_ended(page)
        return wire.sent - before
