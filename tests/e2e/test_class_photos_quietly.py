from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsing import Visit, visiting
from tests.e2e.class_photos import PATIENCE_MS, button, expect_said, portraits, start, work_line
from tests.e2e.frames import Frames
from tests.e2e.school import School
from tests.e2e.wire import Wire

MOST_BYTES_A_TICK = 2000
LOOK_MS = 3000
LOOKS = 15


@pytest.fixture
def visit(browser: Browser, school: School) -> Iterator[Visit]:
    with visiting(browser, school.address) as visit:
        yield visit


def test_typing_goes_on_while_portraits_arrive(visit: Visit, school: School) -> None:
    school.provider.hold()
    school_class = school.open_class(4)
    start(visit, school_class.path, 4)
    page = visit.open(school_class.roster_path)
    search = page.get_by_role("searchbox")
    search.focus()

    for done, letters in enumerate(("st", "ud", "en"), start=1):
        page.keyboard.type(letters, delay=60)
        school.provider.answer(1)
        expect(work_line(page, f"{done} of 4 finished")).to_be_visible(timeout=PATIENCE_MS)
        expect(portraits(page)).to_have_count(done, timeout=PATIENCE_MS)
        expect(search).to_be_focused()
        expect(search).to_have_value("studen"[: 2 * done])


def test_a_control_keeps_the_focus_while_portraits_arrive(visit: Visit, school: School) -> None:
    school.provider.hold()
    page = start(visit, school.open_class(3).path, 3)
    pause = button(page, "Pause")
    pause.focus()

    for done in (1, 2):
        school.provider.answer(1)
        expect_said(page, f"{done} of 3 finished")
        expect(pause).to_be_focused()


def test_fifty_students_cost_little_to_watch_and_only_cells_with_news_change(browser: Browser, school: School) -> None:
    wire, frames = Wire(int(school.address.rpartition(":")[2])), Frames()
    school.provider.hold()
    with visiting(browser, wire.address) as visit:
        frames.listen(visit.page)
        page = start(visit, school.open_class(50).path, 50)
        expect_said(page, "0 of 50 finished · 4 being made · 46 waiting")
        assert bytes_a_tick_without_news(page, wire, frames) <= MOST_BYTES_A_TICK

        page.evaluate(WATCH_CELLS)
        school.provider.answer(2)
        expect_said(page, "2 of 50 finished · 2 done · 4 being made · 44 waiting")
        expect(portraits(page)).to_have_count(2)

        # Two are done, whose places two others took.
        changed = set(page.evaluate("window.changedCells"))
        assert len(changed) == 4
        assert changed <= {f"Student 0{number}" for number in range(1, 7)}
        button(page, "Cancel batch").click()


def bytes_a_tick_without_news(page: Page, wire: Wire, frames: Frames) -> float:
    """The clock alone may bring some, so it looks until there was none for a while."""
    for _ in range(LOOKS):
        frames.clear()
        sent = wire.sent
        page.wait_for_timeout(LOOK_MS)
        if frames.finished and not frames.elements:
            return (wire.sent - sent) / frames.finished
    raise AssertionError


# A cell is whatever holds one student's name; one that is put in or taken out counts with all that it holds.
WATCH_CELLS = """() => {
    const names = (node) => [...new Set((node.textContent ?? "").match(/Student \\d\\d/g) ?? [])]
    window.changedCells = []
    const cellOf = (node) => {
        for (let at = node; at; at = at.parentNode) {
            const found = names(at)
            if (found.length) return found.length === 1 ? found : []
        }
        return []
    }
    const note = (changes) => {
        for (const change of changes) {
            const moved = [...change.addedNodes, ...change.removedNodes].flatMap(names)
            window.changedCells.push(...moved, ...cellOf(change.target))
        }
    }
    new MutationObserver(note).observe(document.querySelector("[data-testid=stMain]"), {
        subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["src", "alt"],
    })
}"""
