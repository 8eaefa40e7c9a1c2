"""How long the page "Usage" takes to be ready, with two months of the demo's use, beside the roster in the same run."""

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, CDPSession, Page

from bench._findings import Findings
from tests.e2e.browsing import Visit, open_browser, running_app, visiting
from tests.e2e.drawn_demo import wait_until_drawn
from tests.e2e.frames import Frames

TIMES = 5
CHARTS = 12
LOOK_EVERY_MS = 20
PATIENCE_MS = 120_000
ALL_DRAWN = """
least => [...document.querySelectorAll('[data-testid="stPlotlyChart"]')]
  .filter((one) => one.querySelector(".main-svg .cartesianlayer .subplot")).length >= least
"""

Wait = Callable[[Page], None]


def main() -> int:
    findings = Findings("usage_page")
    folder = Path(tempfile.mkdtemp(prefix="bn", dir="/tmp"))
    try:
        with running_app(folder) as running, open_browser() as browser:
            wait_until_drawn(folder)
            roster_s, roster_cpu_s, _ = _measure(browser, running.address, "/Student_roster", _roster_is_ready)
            ready_s, cpu_s, sent_kb = _measure(browser, running.address, "/Usage?as=siti", _usage_is_ready)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    findings.add("roster ready, to compare with", roster_s, "s")
    findings.add(f"usage ready with its {CHARTS} charts, middle one of {TIMES}", ready_s, "s", at_most=2)
    findings.add("the same in times of the roster", ready_s / roster_s)
    findings.add("its page's own time of a processor", cpu_s, "s")
    findings.add("the same in times of the roster's", cpu_s / roster_cpu_s, at_most=3)
    findings.add("what comes over the socket, before packing", sent_kb, "kB", at_most=100)
    return findings.close()


def _measure(browser: Browser, address: str, path: str, wait: Wait) -> tuple[float, float, float]:
    """Seconds until it is ready, the browser's seconds of a processor, and kilobytes; the first time fills caches."""
    found = []
    for _ in range(TIMES + 1):
        with visiting(browser, address) as visit:
            found.append(_once(visit, path, wait))
    ready, cpu, sent = zip(*found[1:], strict=True)
    return median(ready), median(cpu), sent[-1]


def _once(visit: Visit, path: str, wait: Wait) -> tuple[float, float, float]:
    visit.page.set_default_timeout(PATIENCE_MS)
    frames, session = Frames(), visit.page.context.new_cdp_session(visit.page)
    frames.listen(visit.page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    begun = time.monotonic()
    visit.open(path)
    wait(visit.page)
    return time.monotonic() - begun, _cpu_s(session), frames.size / 1000


def _cpu_s(session: CDPSession) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))


def _roster_is_ready(page: Page) -> None:
    page.get_by_role("button", name="Generate photo").first.wait_for()


def _usage_is_ready(page: Page) -> None:
    while not page.evaluate(ALL_DRAWN, CHARTS):
        page.wait_for_timeout(LOOK_EVERY_MS)


if __name__ == "__main__":
    raise SystemExit(main())
