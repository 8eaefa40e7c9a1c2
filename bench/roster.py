"""What the roster costs: time and traffic of a rerun with 24 and 40 cards, a tick without news, click to picture."""

import json
import re
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil
from playwright.sync_api import Page
from sqlalchemy import Connection, text

from tests.e2e.browsing import Running, Visit, open_browser, running_app, visiting
from tests.e2e.drawn_demo import owner_of, wait_until_drawn
from tests.e2e.frames import Frames
from tests.e2e.wire import Wire

RERUNS = 30
TICKS = 5
CLICKS = 5
IDLE_S = 5.0


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="bn", dir="/tmp"))
    try:
        with running_app(folder) as running, owner_of(folder) as owner:
            wait_until_drawn(folder)
            for size in (24, 40):
                set_class_size(owner, size)
                measure_reruns(running, size)
            measure_tick(running, owner)
            measure_click(running, owner)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def set_class_size(owner: Connection, size: int) -> None:
    """So many students in the form class, others of the school or new ones included."""
    class_id = owner.execute(text("select id from classes where name = 'P5 Integrity'")).scalar_one()
    owner.execute(text("delete from students where full_name like 'Extra %'"))
    owner.execute(text("update enrolments set to_date = null where class_id = :c"), {"c": class_id})
    owner.execute(
        text("update enrolments set to_date = current_date where class_id = :c and index_no > :size"),
        {"c": class_id, "size": size},
    )
    for number in range(37, size + 1):
        owner.execute(
            text(
                "with new as (insert into students (school_id, full_name, level)"
                " select school_id, :name, 'P5' from classes where id = :c returning id, school_id)"
                " insert into enrolments (school_id, class_id, student_id, index_no)"
                " select school_id, :c, id, :number from new"
            ),
            {"c": class_id, "number": number, "name": f"Extra Student Number {number}"},
        )


def measure_reruns(running: Running, size: int) -> None:
    wire = Wire(int(running.address.rpartition(":")[2]))
    with open_browser() as browser, visiting(browser, wire.address) as visit:
        frames = Frames()
        frames.listen(visit.page)
        open_roster(visit, size)
        rerun(visit, frames)
        idle_ms_per_s = cpu_ms(running, lambda: time.sleep(IDLE_S)) / IDLE_S
        frames.clear()
        sent, begun = wire.sent, time.monotonic()
        spent = cpu_ms(running, lambda: rerun(visit, frames, RERUNS))
        idle_ms = idle_ms_per_s * (time.monotonic() - begun)
        report(f"server CPU of a rerun with {size} cards", (spent - idle_ms) / RERUNS, 35 if size == 24 else 55, "ms")
        if size == 40:
            report("deltas of a rerun with 40 cards", frames.deltas / RERUNS, 260, "")
            report("a rerun with 40 cards over the socket", (wire.sent - sent) / RERUNS / 1000, 45, "kB")
            report("the same before packing", frames.size / RERUNS / 1000, 45, "kB")


def open_roster(visit: Visit, size: int) -> None:
    visit.open("/Student_roster")
    visit.page.locator("[class*='st-key-n']").nth(size - 1).wait_for()
    visit.page.wait_for_timeout(1000)


def rerun(visit: Visit, frames: Frames, times: int = 1) -> None:
    """The whole page again, as R does."""
    for _ in range(times):
        before = frames.finished
        visit.page.keyboard.press("r")
        while frames.finished == before:
            visit.page.wait_for_timeout(10)
        visit.settle()


def cpu_ms(running: Running, act: Callable[[], None]) -> float:
    process = psutil.Process(running.process.pid)
    before = process.cpu_times()
    act()
    after = process.cpu_times()
    return 1000 * (after.user + after.system - before.user - before.system)


def measure_tick(running: Running, owner: Connection) -> None:
    """With a portrait that waits for long, so that every tick finds nothing new."""
    wire = Wire(int(running.address.rpartition(":")[2]))
    owner.execute(
        text(
            "insert into photo_jobs (school_id, student_id, options, not_before, wait_reason)"
            " select s.school_id, s.id, '{\"style\": \"photo\"}', now() + interval '1 hour', 'slot'"
            " from students as s where s.full_name = 'Rui Kang'"
        )
    )
    with open_browser() as browser, visiting(browser, wire.address) as visit:
        frames = Frames()
        frames.listen(visit.page)
        visit.open("/Student_roster")
        visit.page.wait_for_timeout(2500)
        frames.clear()
        sent = wire.sent
        visit.page.wait_for_timeout(TICKS * 1000)
        ticks = max(1, frames.finished)
        report("a tick without news over the socket", (wire.sent - sent) / ticks / 1000, 2, "kB")
        report("the same before packing (mostly the theme)", frames.size / ticks / 1000, 4, "kB")
    owner.execute(text("update photo_jobs set state = 'cancelled' where not_before > now() and state = 'queued'"))


def measure_click(running: Running, owner: Connection) -> None:
    owner.execute(text("update limits set per_seconds = 0.1 where type = 'image'"))
    with open_browser() as browser, visiting(browser, running.address) as visit:
        visit.open("/Student_roster?show=without")
        waits = sorted(click_to_picture(visit.page) for _ in range(CLICKS))
        report(f"click to picture, middle one of {CLICKS}", waits[len(waits) // 2], 1.5, "s")


def click_to_picture(page: Page) -> float:
    page.goto(page.url)
    page.get_by_role("button", name="Generate photo", exact=True).first.wait_for()
    page.get_by_role("radio", name=re.compile("^All")).click()
    page.get_by_role("img", name=re.compile("^AI-generated portrait")).first.wait_for()
    page.wait_for_timeout(1000)
    pictures = page.get_by_role("img", name=re.compile("^AI-generated portrait"))
    before = pictures.count()
    begun = time.monotonic()
    page.get_by_role("button", name="Generate photo", exact=True).first.click()
    pictures.nth(before).wait_for()
    return time.monotonic() - begun


def report(what: str, value: float, limit: float, unit: str) -> None:
    finding = {"what": what, "value": round(value, 2), "at_most": limit, "unit": unit, "ok": value <= limit}
    print(json.dumps(finding), flush=True)


if __name__ == "__main__":
    main()
