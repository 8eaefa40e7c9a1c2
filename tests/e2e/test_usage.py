import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.browsing import Visit, visiting
from tests.e2e.contrast import expect_readable
from tests.workbook import sheets

CHARTS = '[data-testid="stPlotlyChart"]'
SIDEWAYS = "document.querySelector('[data-testid=stMain]').scrollWidth > innerWidth"


def wait_for_charts(page: Page, least: int) -> None:
    expect(page.locator(f"{CHARTS} .main-svg").nth(2 * least - 1)).to_be_visible()


def metric(page: Page, label: str) -> Locator:
    return page.get_by_test_id("stMetric").filter(has=page.get_by_text(label, exact=True))


def downloaded(page: Page, label: str) -> bytes:
    page.get_by_role("button", name="Download", exact=False).first.click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name=label).click()
    page.keyboard.press("Escape")
    return Path(waiting.value.path()).read_bytes()


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("button", name=re.compile("Filters")).click()
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()
    page.keyboard.press("Escape")


def test_an_admin_filters_and_gets_what_is_shown_as_files(visit: Visit) -> None:
    page = visit.open("/Usage?as=siti&range=90")
    wait_for_charts(page, 6)

    choose(page, "Teacher", "Arjun Nair")
    expect(page).to_have_url(re.compile("teacher="))
    expect(page.get_by_text("only Arjun Nair", exact=False).first).to_be_visible()
    visit.settle()
    shown = metric(page, "Requests").get_by_test_id("stMetricValue").inner_text()
    book = sheets(downloaded(page, "Download XLSX"))
    lines = list(csv.reader(io.StringIO(downloaded(page, "Download CSV").decode("utf-8-sig"))))

    assert [row[0] for row in book["By teacher"][1:]] == ["Arjun Nair"]
    figures = {row[0]: row[1] for row in book["Figures"]}
    assert figures["Requests"] == shown
    assert ["Requests", shown] in [row[:2] for row in lines]
    assert {"Spend by day", "By class", "By model", "What it was used for", "When it is used"} <= set(book)
    assert [[name] in lines for name in book] == [True] * len(book)


def test_a_teacher_sees_and_downloads_their_own_alone(visit: Visit) -> None:
    page = visit.open("/Usage?as=mei")
    wait_for_charts(page, 5)

    expect(page.get_by_text("What you used yourself", exact=False)).to_be_visible()
    expect(page.get_by_text("By teacher", exact=True)).to_have_count(0)
    content = downloaded(page, "Download XLSX")

    assert "By teacher" not in sheets(content)
    assert not any(b"Arjun" in part for part in [str(sheets(content)).encode()])


def test_a_link_brings_back_what_was_looked_at(visit: Visit) -> None:
    page = visit.open("/Usage?as=siti")

    page.get_by_role("radio", name="90 days").click()
    expect(page).to_have_url(re.compile("range=90"))
    choose(page, "Model", "gpt-6-luna")
    expect(page).to_have_url(re.compile("model=gpt-6-luna"))
    visit.settle()
    spend = metric(page, "Spend").inner_text()
    page.reload()
    visit.settle()

    expect(page.get_by_role("radio", name="90 days")).to_be_checked()
    expect(page.get_by_role("button", name=re.compile(r"Filters \(1\)"))).to_be_visible()
    assert metric(page, "Spend").inner_text() == spend


def test_every_chart_has_words_and_the_table_behind_it(visit: Visit) -> None:
    page = visit.open("/Usage?as=siti")
    wait_for_charts(page, 6)

    page.get_by_role("button", name="Table").first.click()

    expect(page.get_by_test_id("stPopoverBody").get_by_test_id("stDataFrame")).to_be_visible()
    findings = [chart.get_attribute("aria-label") or "" for chart in page.locator(CHARTS).all()]
    assert findings[0].startswith("Spend by day, ")
    assert all(findings)


def test_the_invoice_is_pasted_and_compared(visit: Visit) -> None:
    page = visit.open("/Usage?as=siti")

    page.get_by_role("button", name="Compare with the invoice").click()
    paste = page.get_by_role("textbox", name=re.compile("Lines of the invoice"))
    paste.fill("gpt-6-luna, $1000\nnothing here")
    paste.press("Control+Enter")

    expect(metric(page, "Invoice")).to_contain_text("$1,000.00")
    expect(page.get_by_text("1 line could not be read and is left out.")).to_be_visible()
    expect(page.get_by_text(re.compile("The invoice is .* higher than the ledger"))).to_be_visible()
    page.get_by_role("button", name="Back to usage").click()
    expect(page.get_by_role("heading", name="Usage", level=1)).to_be_visible()


@pytest.fixture(params=["mei", "siti"])
def phone(request: pytest.FixtureRequest, browser: Browser, app_address: str) -> Iterator[Page]:
    with visiting(browser, app_address, width=390) as visit:
        yield visit.open(f"/Usage?as={request.param}")


def test_a_phone_shows_all_of_it_without_scrolling_sideways(phone: Page) -> None:
    wait_for_charts(phone, 5)

    assert not phone.evaluate(SIDEWAYS)
    wide = phone.locator(CHARTS).evaluate_all(
        "all => all.filter(one => one.getBoundingClientRect().right > innerWidth)"
    )
    assert wide == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("path", ["/Usage?as=mei", "/Usage?as=siti", "/Usage?as=siti&view=invoice"])
def test_the_page_can_be_read(browser: Browser, app_address: str, path: str, dark: bool) -> None:
    with visiting(browser, app_address, dark=dark) as visit:
        expect_readable(visit.open(path))


@pytest.mark.parametrize(("width", "columns"), [(1440, 3), (1024, 2), (390, 1)])
def test_the_grid_has_no_hole(browser: Browser, app_address: str, width: int, columns: int) -> None:
    with visiting(browser, app_address, width=width) as visit:
        page = visit.open("/Usage?as=siti")
        wait_for_charts(page, 6)
        cards = page.evaluate(CARDS)

        rows: dict[int, list[tuple[int, int]]] = {}
        for top, left, right in cards:
            rows.setdefault(top, []).append((left, right))
        edges = {(min(left for left, _ in row), max(right for _, right in row)) for row in rows.values()}
        assert len(edges) == 1
        assert max(len(row) for row in rows.values()) == columns


# Top, left and right of every card of the grid, each with its bold title.
CARDS = """
() => [...document.querySelectorAll('[data-testid="stMain"] [data-testid="stMarkdown"] strong')]
  .filter((one) => one.innerText !== "What went wrong")
  .map((one) => {
    let card = one;
    const isCard = () => parseFloat(getComputedStyle(card).borderTopWidth) > 0 && card.clientHeight > 80;
    while (!isCard()) card = card.parentElement;
    const box = card.getBoundingClientRect();
    return [Math.round(box.top), Math.round(box.left), Math.round(box.right)];
  })
"""
